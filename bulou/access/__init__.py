"""Accounts, roles, scope and audit: who may do what, where, until when, and what was looked at."""
