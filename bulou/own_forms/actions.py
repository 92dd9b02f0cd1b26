"""A county's own forms: uploaded, a new version of one, withdrawn, taken up again. Each is on record."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from bulou.access.actions import audit
from bulou.core.divisions import county_of
from bulou.core.ids import new_id
from bulou.core.scope import may_see
from bulou.own_forms.models import CountyForm, CountyFormFile
from bulou.own_forms.queries import own_kinds, usual_keep_days
from bulou.own_forms.rules import Problem, Refused, check_keep_days
from bulou.records.uploaded.kinds import own_name
from bulou.records.uploaded.reading import read_form
from bulou.store import writing


def declare_form(
    *, area: int, xform: str, form_id: str, label: str, subject: str, file: bytes, file_name: str, by: str, at: datetime,
    sensitive: bool = False, keep_days: int | None = None, files: Mapping[str, bytes] | None = None,
) -> UUID:  # fmt: skip
    """Put a form in force in the area from now on and return the id of this version. Raise Refused.

    `xform` is what was read from the file, before anything was renamed. The same form_id again is the next version.
    `files` are the lists it chooses from, name → CSV; what it does not use is not kept.
    `keep_days`: how long what is personal in it is kept after the end of the response; else as the rule set has it.
    """
    if not form_id.strip():
        raise Refused(Problem.NO_ID)
    if not may_see(area):
        raise Refused(Problem.NO_AREA)
    county = county_of(area)
    days = usual_keep_days(county, at) if keep_days is None else keep_days
    check_keep_days(days)
    name = own_name(county, form_id)
    with writing(county), transaction.atomic():
        before = CountyForm.objects.filter(county=county, name=name).order_by("-version").first()
        if before is not None and before.area != area:
            raise Refused(Problem.ELSEWHERE, form_id=form_id)
        if before is not None and before.form_id != form_id:
            raise Refused(Problem.SAME_NAME, form_id=form_id, other=before.form_id)
        version = before.version + 1 if before is not None else 1
        draft = read_form(xform, name=name, version=version, subject=subject, sensitive=sensitive, keep_days=days,
                          files=files)  # fmt: skip
        if draft.declaration is None:
            raise Refused(Problem.UNUSABLE)
        key = new_id()
        CountyForm.objects.create(
            county=county, id=key, area=area, name=name, version=version, form_id=form_id.strip()[:200],
            label=label[:100], title=next(iter(draft.declaration.words.values())).title[:200], subject=subject,
            sensitive=sensitive, keep_days=days, on_phones=draft.on_phones, file_name=file_name[:200], file=file,
            sha256=sha256(file).hexdigest(), xform=draft.declaration.xform_xml, by=by, at=at, changed_at=at,
        )  # fmt: skip
        brought = {one.lower(): content for one, content in (files or {}).items()}
        kept = {one: brought[one.lower()] for one in draft.declaration.files}
        CountyFormFile.objects.bulk_create(
            CountyFormFile(county=county, form=key, name=one, content=content, sha256=sha256(content).hexdigest())
            for one, content in kept.items()
        )
        audit(by=by, at=at, action="form uploaded", area=area, subject=f"form:{key}",
              detail={"kind": name, "version": version, "keep_days": days, "sha256": sha256(file).hexdigest(),
                      "files": {one: sha256(content).hexdigest() for one, content in kept.items()}})  # fmt: skip
    own_kinds.forget()
    return key


def withdraw_form(*, county: int, name: str, why: str, by: str, at: datetime) -> None:
    """Take a form out of use: nobody is asked it any more, what it recorded stays readable. Raise Refused."""
    if not why.strip():
        raise Refused(Problem.NO_REASON)
    _change(county, name, by=by, at=at, action="form withdrawn", withdrawn_at=at, withdrawn_by=by,
            withdrawn_why=why.strip()[:200])  # fmt: skip


def restore_form(*, county: int, name: str, by: str, at: datetime) -> None:
    """Take a withdrawn form up again. Raise Refused."""
    _change(county, name, by=by, at=at, action="form restored", withdrawn_at=None, withdrawn_by="", withdrawn_why="")


def _change(county: int, name: str, *, by: str, at: datetime, action: str, **values: object) -> None:
    with writing(county), transaction.atomic():
        last = CountyForm.objects.filter(county=county, name=name).order_by("-version").first()
        if last is None or not may_see(last.area):
            raise Refused(Problem.NO_FORM)
        CountyForm.objects.filter(county=county, id=last.id).update(changed_at=at, **values)
        audit(by=by, at=at, action=action, area=last.area, subject=f"form:{last.id}",
              detail={"kind": name, "version": last.version})  # fmt: skip
    own_kinds.forget()
