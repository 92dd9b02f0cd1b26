"""Responders into the register by a list, and what is known of one changed: account, leave, end."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bulou.access import queries as access
from bulou.access.actions import audit
from bulou.access.views import PAGE, Request, page
from bulou.core.divisions import county_area, county_of
from bulou.core.masks import mask_name, mask_numbers
from bulou.core.moments import now as present
from bulou.core.scope import may_see
from bulou.exchange import actions as exchange
from bulou.exchange import words as said
from bulou.exchange.rules.files import UPLOAD, Refused
from bulou.office.forms.teams import ResponderChangeForm
from bulou.office.views.duty.standing import begin, sheet
from bulou.office.views.missing import XLSX
from bulou.records.masking import mask_cell
from bulou.rosters import actions, queries
from bulou.rosters.rules.columns import HEADERS, Column
from bulou.rosters.words import column_word
from bulou.store import writing

SHOWN = 200


@page("import", methods=("GET", "POST"), most=UPLOAD.file_bytes + PAGE)
def take(request: Request, area: int) -> HttpResponse:
    """Take a list of responders (人员花名册) as a file."""
    _place, now, context = begin(request, area, "responders")
    context["problem"] = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            context["problem"] = _("Choose a file first.")
        else:
            try:
                upload = exchange.keep_upload(file.chunks(), by=request.by, at=now)
            except Refused as refused:
                context["problem"] = said.explain(refused)
            else:
                request.session[f"upload:{upload}"] = Path(str(file.name)).name[:200]
                return redirect("office:responder_preview", area, upload)
    context["columns"] = [_titled(column) for column in Column]
    return render(request, "office/duty/list.html", context, status=422 if context["problem"] else 200)


def _titled(column: Column) -> str:
    own = HEADERS[column][0]
    return f"{own} {column_word(column)}" if (translation.get_language() or "").startswith("en") else own


@page("import", methods=("GET", "POST"))
def preview(request: Request, area: int, upload: UUID) -> HttpResponse:
    """Show how the list would be read; read it once somebody has confirmed, and show what became of every row."""
    place, now, context = begin(request, area, "responders")
    path = exchange.find_upload(upload, by=request.by)
    if path is None:
        raise Http404
    name = str(request.session.get(f"upload:{upload}", path.name))
    context |= {"file_name": name, "place": place, "columns": [(c.value, _titled(c)) for c in Column]}
    try:
        sheets = exchange.inspect_responders(path, file_name=name, county=county_of(area))
        if request.method == "POST":
            choices = {} if "cancel" in request.POST else _choices(request, sheets)
            if choices:
                taken = exchange.import_responders(
                    path, file_name=name, area=int(area), by=request.by, at=now, choices=choices
                )
                return _result(request, area, taken, now, context)
            if "cancel" in request.POST:
                return redirect("office:responders", area)
            context["refused"] = _("Choose at least one sheet to read.")
    except Refused as refused:
        context["refused"] = said.explain(refused)
        exchange.drop_upload(upload, by=request.by, at=now)
        return render(request, "office/duty/list_preview.html", context, status=422)
    context["sheets"] = [_sheet(number, one) for number, one in enumerate(sheets)]
    return render(request, "office/duty/list_preview.html", context, status=422 if "refused" in context else 200)


def _sheet(number: int, one: exchange.ListView) -> dict[str, Any]:
    columns = [
        {"header": header, "name": f"{number}.{i}", "column": one.mapping.get(header, ""),
         "sample": [mask_cell(header, row[i]) for row in one.sample[:3] if i < len(row)]}
        for i, header in enumerate(one.headers)
    ]  # fmt: skip
    return {"number": number, "sheet": one, "columns": columns, "problems": [_problem(code) for code in one.problems]}


def _problem(code: str) -> str:
    if code.startswith("twice:"):
        return _("Two columns are said to be the same: %(what)s.") % {"what": column_word(code.partition(":")[2])}
    if code == "no name":
        return _("No column is said to hold the name.")
    return _("No row with known headers was found in this sheet: it will be left out.")


def _choices(request: Request, sheets: list[exchange.ListView]) -> dict[str, dict[str, Column | None]]:
    known = {column.value for column in Column}
    found: dict[str, dict[str, Column | None]] = {}
    for number, one in enumerate(sheets):
        if one.headers and f"{number}.read" in request.POST:
            values = [str(request.POST.get(f"{number}.{i}", "")) for i in range(len(one.headers))]
            found[one.name] = {h: Column(v) if v in known else None for h, v in zip(one.headers, values, strict=True)}
    return found


def _result(request: Request, area: int, taken: exchange.Taken, now: datetime, context: dict[str, Any]) -> HttpResponse:
    rows = None
    if taken.bad:
        rows = exchange.keep_upload([taken.file()], by=request.by, at=now)
        request.session[f"upload:{rows}"] = "rows.xlsx"
    name_of = {row.number: next((v for v in row.cells.values() if v), "") for row in taken.bad}
    context |= {
        "taken": taken,
        "rows": rows,
        "bad": [(row, mask_name(name_of[row.number]), mask_numbers(row.why)) for row in taken.bad[:SHOWN]],
        "more": max(0, len(taken.bad) - SHOWN),
    }
    return render(request, "office/duty/list_result.html", context)


@page("import")
def rows(request: Request, area: int, upload: UUID) -> HttpResponseBase:
    """Hand over the rows to correct, as the person who brought the list wrote them."""
    path = exchange.find_upload(upload, by=request.by)
    if path is None or request.session.get(f"upload:{upload}") != "rows.xlsx":
        raise Http404
    name = f"{_('to correct')}.xlsx"
    with writing(county_of(area)):
        audit(by=request.by, at=present(), action="export", area=int(area), purpose="check_register",
              detail={"what": "rows to correct", "masked": False})  # fmt: skip
    return FileResponse(BytesIO(path.read_bytes()), as_attachment=True, filename=name, content_type=XLSX)


@page("order", methods=("GET", "POST"))
def change(request: Request, county: int, responder: UUID) -> HttpResponse:
    """Say which account is a responder's, whether leave is cancelled, or take them off the register."""
    found = next(iter(queries.responders(county_area(county), ids=[responder])), None)
    if found is None or not may_see(found.area):
        raise Http404
    accounts = [(str(one.account), one.name) for one in access.recorders(county_area(county), present())]
    if found.account and str(found.account) not in {key for key, _name in accounts}:
        accounts.append((str(found.account), _("(the account linked now)")))
    form = ResponderChangeForm(
        request.POST or None, accounts=accounts,
        initial={"account": str(found.account or ""), "leave_cancelled": found.leave_cancelled},
    )  # fmt: skip

    def order(given: dict[str, Any], at: datetime) -> None:
        account = UUID(given["account"]) if given["account"] else None
        if account != found.account:
            actions.link_account(county, responder, account, by=request.by, at=at)
        if given["leave_cancelled"] != found.leave_cancelled:
            actions.cancel_leave(county, [responder], cancelled=given["leave_cancelled"], by=request.by, at=at)
        if given["ended"]:
            actions.end_responder(county, responder, by=request.by, at=at)

    back = reverse("office:responders", args=[found.area])
    return sheet(request, found.area, "responders", form, order, done=_("It was noted."), back=back,
                 heading=_("Change a responder"), submit=pgettext("button", "Note down"),
                 lead=f"{found.name} · {found.unit or '–'}")  # fmt: skip
