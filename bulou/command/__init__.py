"""Incidents, headquarters and the daily cycle of report, assessment and assignment; and the dated rule sets."""
