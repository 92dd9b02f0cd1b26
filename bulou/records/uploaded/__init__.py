"""A form somebody else made, an XForm or an XLSForm, read as the declaration of a kind. Plain Python.

`reading.read_form` is the way in; `kinds.OwnKind` judges each entry by the version of the form it was made with.
"""
