"""Headquarters' screens: board, missing list, household and person pages, held tray, today's cycle, imports.

Server-rendered, with htmx for what changes in place. Nothing is decided here: screens ask the contexts below and
draw forms from the kinds' own definitions. No page scans history, and none asks a question a row.
"""
