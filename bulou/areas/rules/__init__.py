"""Decisions about areas: what a row of a list may say, which number is free, who is short in a grid, who owes."""
