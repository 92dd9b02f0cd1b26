"""What happened, and what is owed because of it.

The bottom context: everything leans on it and it leans on nothing but core. It knows entries, duties, evidence and
counts; it knows no disease, no household and no form. What it must learn from above arrives as a Law (rules.py).
"""
