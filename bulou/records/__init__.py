"""The language a record kind is written in: fields, duties, words and XLSForm expressions. Plain Python.

A kind is declared once; validation, effects, JSON Schema, Excel columns and the phone's XForm are all drawn from the
declaration. Nothing here knows a disease, a table or a screen.
"""
