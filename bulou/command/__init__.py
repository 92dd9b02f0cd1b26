"""Incidents, headquarters and the daily cycle of report, assessment and assignment; which rule set is in force."""
