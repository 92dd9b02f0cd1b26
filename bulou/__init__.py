"""Bulou 不漏: a county's house-by-house epidemic response, so that no household and no person is missed."""

__version__ = "0.1.0"
