"""Ids, moments, codes and quantities. Plain Python; imports nothing of ours."""
