"""A county's own forms: upload an XLSForm or XForm, see what it asks and what will not work, put it in force, withdraw."""

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bulou.access import queries as access
from bulou.access.views import PAGE, Request, page
from bulou.core.divisions import county_of
from bulou.core.moments import now as present
from bulou.exchange import actions as exchange
from bulou.exchange import words as said
from bulou.exchange.rules.files import Refused
from bulou.exchange.rules.forms import FORM, LIST, MOST_LISTS, read_form_file, read_list_file
from bulou.office import words
from bulou.office.forms.own import WithdrawForm
from bulou.office.forms.sheets import carried_out
from bulou.office.views.frame import stand_in
from bulou.office.views.sheets import draw_sheet
from bulou.own_forms import actions, queries
from bulou.own_forms.queries import FormVersion
from bulou.own_forms.rules import Refused as NotDeclared
from bulou.own_forms.words import say, subject_words, type_word
from bulou.records.uploaded.findings import Finding, sentence
from bulou.records.uploaded.reading import SUBJECTS, Draft
from bulou.records.uploaded.workbook import Converted

SECTION = "office:own_forms_home"
FORMS = (".xlsx", ".xls", ".xml", ".xlsm")
MOST_BYTES = FORM.file_bytes + MOST_LISTS * LIST.file_bytes + PAGE  # of a form and its lists together
SHOWN = 400  # questions drawn in a preview


@page("order", methods=("GET",), totp=True)
def home(request: Request) -> HttpResponse:
    """The forms of the highest area the account may give orders in."""
    return redirect("office:own_forms", area=request.scope.root())


@page("order", methods=("GET", "POST"), totp=True, most=MOST_BYTES)
def own_forms(request: Request, area: int) -> HttpResponse:
    """List the area's own forms with their versions; take a file."""
    number = int(area)
    _place, now, context = stand_in(number, "office:own_forms")
    problem = ""
    if request.method == "POST":
        try:
            upload = _keep(request, now)
        except Refused as refused:
            problem = said.explain(refused)
        else:
            if upload is not None:
                return redirect("office:own_form_preview", area=number, upload=upload)
            problem = _("Choose a file first.")
    context |= {"section": SECTION, "problem": problem, "forms": _listed(number), "subjects": subject_words(),
                "can_export": request.can("export", number)}  # fmt: skip
    return render(request, "office/own_forms.html", context, status=422 if problem else 200)


def _keep(request: Request, at: datetime) -> UUID | None:
    """Keep the form that was sent and the lists beside it until they are confirmed; None if nothing was. Raise Refused."""
    files = request.FILES.getlist("file")
    if not files:
        return None
    sheets = [one for one in files if _name_of(one).lower().endswith(FORMS) or len(files) == 1]
    if len(sheets) != 1:
        raise Refused("two forms", "、".join(map(_name_of, sheets or files))[:200])
    upload = exchange.keep_upload(sheets[0].chunks(), by=request.by, at=at, limits=FORM)
    request.session[f"upload:{upload}"] = _name_of(sheets[0])
    _keep_lists(request, upload, [one for one in files if one is not sheets[0]], at)
    return upload


def _keep_lists(request: Request, upload: UUID, files: "Sequence[UploadedFile[bytes]]", at: datetime) -> None:
    """Keep the lists sent beside a form under its upload; of what is no list only the name. Raise Refused."""
    lists: dict[str, str] = dict(request.session.get(f"lists:{upload}", {}))
    if len(lists) + len(files) > MOST_LISTS:
        raise Refused("too many files", str(MOST_LISTS))
    for one in files:
        name, before = _name_of(one)[-120:], lists.get(_name_of(one)[-120:])
        lists[name] = ""
        if name.lower().endswith(".csv"):
            lists[name] = str(exchange.keep_upload(one.chunks(), by=request.by, at=at, limits=LIST))
        if before:
            exchange.drop_upload(UUID(before), by=request.by, at=at)
    request.session[f"lists:{upload}"] = lists


def _name_of(file: "UploadedFile[bytes]") -> str:
    return Path(str(file.name)).name[:200]


def _lists(request: Request, upload: UUID) -> tuple[dict[str, bytes], list[str]]:
    """Return the lists kept beside the form, name → content, and why others could not be opened."""
    found: dict[str, bytes] = {}
    problems: list[str] = []
    for name, kept in dict(request.session.get(f"lists:{upload}", {})).items():
        path = exchange.find_upload(UUID(kept), by=request.by) if kept else None
        try:
            found[name] = read_list_file(path, name) if path else b""
        except Refused as refused:
            problems.append(f"{name}: {said.explain(refused)}")
    return found, problems


def _drop(request: Request, upload: UUID, at: datetime) -> None:
    """Remove the form and its lists once they are read, or not wanted."""
    for kept in dict(request.session.pop(f"lists:{upload}", {})).values():
        if kept:
            exchange.drop_upload(UUID(kept), by=request.by, at=at)
    exchange.drop_upload(upload, by=request.by, at=at)


def _listed(area: int) -> list[dict[str, Any]]:
    """Return the forms, each with its versions, the latest first."""
    found: dict[str, list[FormVersion]] = {}
    for one in queries.form_versions(area):
        found.setdefault(one.name, []).append(one)
    authors = access.names_of({one.by for versions in found.values() for one in versions})
    subjects, lists = subject_words(), queries.lists_named(area)
    return [
        {
            "latest": versions[0],
            "own": versions[0].area == area,
            "subject": subjects.get(versions[0].subject, ""),
            "versions": [(one, authors.get(one.by, one.by), lists.get(one.id, [])) for one in versions],
        }
        for versions in found.values()
    ]


@page("order", methods=("GET", "POST"), totp=True, most=MOST_BYTES)
def preview(request: Request, area: int, upload: UUID) -> HttpResponse:
    """Show what the form asks and what will not work; put it in force once somebody has confirmed."""
    number = int(area)
    _place, now, context = stand_in(number, "office:own_forms")
    path = exchange.find_upload(upload, by=request.by)
    if path is None:
        raise Http404
    name = str(request.session.get(f"upload:{upload}", path.name))
    context |= {"section": SECTION, "file_name": name, "subjects": subject_words(), "problem": ""}
    if request.method == "POST" and "cancel" in request.POST:
        _drop(request, upload, now)
        return redirect("office:own_forms", area=number)
    if request.method == "POST" and "add" in request.POST:
        try:
            _keep_lists(request, upload, request.FILES.getlist("file"), now)
        except Refused as refused:
            context["problem"] = said.explain(refused)
    try:
        converted = read_form_file(path, name)
    except Refused as refused:
        _drop(request, upload, now)
        return render(request, "office/own_form_preview.html", context | {"refused": said.explain(refused)}, status=422)
    subject = _subject(request, converted)
    lists, problems = _lists(request, upload)
    form = queries.consider(number, converted, subject=subject, lists=lists)
    draft = form.draft
    context |= _drawn(draft, form.findings) | {
        "subject": subject, "old": form.before, "kind": form.name, "form_id": form.form_id, "label": draft.label,
        "keep_days": request.POST.get("keep_days", queries.usual_keep_days(county_of(number), now)),
        "sensitive": "sensitive" in request.POST, "can": draft.declaration is not None and not problems,
        "missing": draft.missing or problems or (form.lists and draft.refused),
        "lists": list(draft.declaration.files) if draft.declaration else [],
    }  # fmt: skip
    context["refuses"] = [*problems, *context["refuses"]]
    if request.method == "POST" and "confirm" in request.POST and context["can"]:
        try:
            actions.declare_form(
                area=number, xform=converted.xform, form_id=form.form_id, label=draft.label,
                subject=subject, sensitive="sensitive" in request.POST, file=path.read_bytes(), file_name=name,
                keep_days=_days(str(request.POST.get("keep_days", ""))), files=form.lists,
                by=request.by, at=now,
            )  # fmt: skip
        except NotDeclared as refused:
            context["problem"] = say(refused)
        else:
            _drop(request, upload, now)
            messages.success(request, _("The form is in force: phones get it when they next connect."))
            return redirect("office:own_forms", area=number)
    return render(request, "office/own_form_preview.html", context, status=422 if context["problem"] else 200)


def _days(said: str) -> int | None:
    """Return the days given, None if nothing was said; 0, which is refused, if it is no number."""
    return (int(said) if said.isdecimal() and len(said) < 7 else 0) if said.strip() else None


def _subject(request: Request, converted: Converted) -> str:
    chosen = str(request.POST.get("subject", "")) or converted.settings.get("bulou_subject", "")
    return chosen if chosen in SUBJECTS else "area"


def _drawn(draft: Draft, found: Sequence[Finding]) -> dict[str, Any]:
    language = words.language()
    by_weight: dict[str, list[str]] = {"refuses": [], "warns": [], "notes": []}
    for finding in found:
        by_weight[finding.weight].append(sentence(finding, language))
    said_twice = {weight: list(dict.fromkeys(texts)) for weight, texts in by_weight.items()}
    context: dict[str, Any] = {**said_twice, "questions": [], "on_phones": draft.on_phones, "title": ""}
    if draft.declaration is None:
        return context
    kind = draft.declaration
    own = words.words_of(kind)
    context["title"] = own.title
    context["languages"] = [one for one in kind.words if one not in ("zh_Hans", "en")]
    context["more"] = max(0, len(kind.keys()) - SHOWN)
    context["questions"] = [
        {"key": key, "label": own.label(key), "type": type_word(field.type), "depth": key.count("."),
         "choices": [own.choice(key, value) for value in field.options[:12]], "more": max(0, len(field.options) - 12),
         "required": bool(field.required), "section": field.type in ("group", "repeat")}
        for key, field in list(kind.keys().items())[:SHOWN]
    ]  # fmt: skip
    return context


def _get(area: int, form: UUID) -> FormVersion:
    """Return the version declared for this very area. Raise Http404 if there is none."""
    found = queries.find_form(county_of(int(area)), form)
    if found is None or found.area != int(area):
        raise Http404
    return found


@page("order", totp=True)
def file(request: Request, area: int, form: UUID) -> FileResponse:
    """Hand back the file as it was uploaded."""
    found = _get(area, form)
    name, content = queries.form_file(county_of(found.area), found.id)
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name)


@page("order", totp=True)
def list_file(request: Request, area: int, form: UUID, name: str) -> FileResponse:
    """Hand back a list that came beside the form."""
    found = _get(area, form)
    content = queries.form_lists(county_of(found.area), found.id).get(name)
    if content is None:
        raise Http404
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name)


@page("order", methods=("GET", "POST"), totp=True)
def withdraw(request: Request, area: int, form: UUID) -> HttpResponse:
    """Take a form out of use, or take a withdrawn one up again."""
    found = _get(area, form)
    _place, _now, context = stand_in(found.area, "office:own_forms")
    back = reverse("office:own_forms", args=[found.area])
    again = found.withdrawn_at is not None
    sheet: forms.Form = forms.Form(request.POST or None) if again else WithdrawForm(request.POST or None)

    def order(given: dict[str, Any], at: datetime) -> None:
        signed: dict[str, Any] = {"county": county_of(found.area), "name": found.name, "by": request.by, "at": at}
        if again:
            actions.restore_form(**signed)
        else:
            actions.withdraw_form(**signed, why=given["why"])

    sheet.is_bound = request.method == "POST"
    if request.method == "POST" and carried_out(sheet, lambda given: order(given, present())):
        messages.success(request, _("The form is in force again.") if again else _("The form was withdrawn."))
        return redirect(back)
    lead = (
        _("It will be offered again, in the version it had.")
        if again
        else _("Nobody is asked it any more. What was recorded with it stays and can be read.")
    )
    heading = _("Use again: %(title)s") if again else _("Withdraw: %(title)s")
    return draw_sheet(request, sheet, context | {"section": SECTION}, heading=heading % {"title": found.title},
                      submit=_("Use again") if again else _("Withdraw"), back=back, lead=lead, danger=not again)  # fmt: skip
