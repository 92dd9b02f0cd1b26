"""Reads: the forms as kinds (`kinds`), their versions and files (`versions`), what one would become (`drafts`)."""

from bulou.own_forms.queries.drafts import Considered, consider
from bulou.own_forms.queries.kinds import Kinds, OwnKinds, kinds_in, own_kinds
from bulou.own_forms.queries.versions import (
    FormVersion,
    find_form,
    form_file,
    form_lists,
    form_versions,
    latest_version,
    lists_named,
    usual_keep_days,
)

__all__ = [
    "Considered",
    "FormVersion",
    "Kinds",
    "OwnKinds",
    "consider",
    "find_form",
    "form_file",
    "form_lists",
    "form_versions",
    "kinds_in",
    "latest_version",
    "lists_named",
    "own_kinds",
    "usual_keep_days",
]
