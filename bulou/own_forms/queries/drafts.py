"""What a form that was brought would become, before anybody declares it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bulou.core.divisions import county_of
from bulou.own_forms.queries.kinds import own_kinds
from bulou.own_forms.queries.versions import latest_version, lists_of
from bulou.records.declaration import Declaration
from bulou.records.uploaded.changes import changes
from bulou.records.uploaded.findings import Finding
from bulou.records.uploaded.kinds import own_name
from bulou.records.uploaded.reading import Draft, read_form
from bulou.records.uploaded.workbook import Converted


@dataclass(frozen=True, slots=True)
class Considered:
    """A form as it would be read. `name`: of the kind it becomes, "" if it is none. `before`: the version in force now.
    `lists`: name → CSV, those brought and those of the version before that were not brought again."""

    draft: Draft
    form_id: str = ""
    name: str = ""
    before: Declaration | None = None
    lists: Mapping[str, bytes] | None = None
    findings: tuple[Finding, ...] = ()


def consider(area: int, converted: Converted, *, subject: str, lists: Mapping[str, bytes]) -> Considered:
    """Return what the form would become in the area, and all there is to say of it."""
    if not converted.xform:
        return Considered(Draft(None, ()), _form_id(converted, ""), lists=lists, findings=converted.findings)

    def read() -> Draft:
        return read_form(converted.xform, name="own_draft", version=1, subject=subject, rows=converted.rows, keep_days=1,
                         files=lists)  # fmt: skip

    draft = read()
    form_id = _form_id(converted, draft.form_id)
    name = own_name(county_of(area), form_id)
    kind = own_kinds.find(name)
    before = kind.kind if kind is not None else None
    again: list[Finding] = []
    last = latest_version(name) if draft.missing and kind is not None else None
    if last is not None and last.area == area:
        kept = {one: text for one, text in lists_of(county_of(area), last.id).items() if one in draft.missing}
        lists = {**lists, **kept}
        again = [Finding("notes", "same file", one, str(last.version)) for one in kept]
        draft = read()
    if any(finding.weight == "refuses" for finding in converted.findings):
        draft = replace(draft, declaration=None)  # read only to say all that is wrong with it at once
    changed = changes(before, draft.declaration) if before is not None and draft.declaration is not None else ()
    return Considered(draft, form_id, name, before, lists, (*converted.findings, *draft.findings, *again, *changed))


def _form_id(converted: Converted, written: str) -> str:
    """Return the id of the form: as its settings, or the XForm itself, say it."""
    settings = converted.settings
    return (settings.get("form_id") or settings.get("id_string") or written or "").strip()
