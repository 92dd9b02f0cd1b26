"""Lists into the registers: upload, look at how they would be read, read them in the background, see what became of it."""

import logging
import threading
from collections.abc import Callable
from contextvars import copy_context
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connections
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from bulou.access import queries as access
from bulou.access.views import PAGE, Request, page
from bulou.areas import queries as areas
from bulou.core.divisions import code_of, county_of, depth_of, number_of
from bulou.core.moments import now as present
from bulou.core.scope import may_see
from bulou.exchange import actions as exchange
from bulou.exchange import queries as files
from bulou.exchange import words as said
from bulou.exchange.rules.files import UPLOAD, Refused
from bulou.office.views.frame import stand_in
from bulou.office.views.missing import XLSX
from bulou.people import queries as people
from bulou.people.rules.columns import HEADERS, Field
from bulou.people.words import column_word
from bulou.records.masking import mask_cell

COUNTY, VILLAGE = 2, 4
log = logging.getLogger(__name__)


def begin_thread(work: Callable[[], None]) -> None:
    """Run the work beside the request, with its scope and language. Tests run it at once instead."""
    context, language = copy_context(), translation.get_language()

    def run() -> None:
        try:
            with translation.override(language):
                work()
        except Exception:
            log.exception("an import stopped")
        finally:
            connections.close_all()

    threading.Thread(target=context.run, args=(run,), name="import").start()


@page("import", methods=("GET", "POST"), most=UPLOAD.file_bytes + PAGE)
def imports(request: Request) -> HttpResponse:
    """Show what was imported, and take a file."""
    context: dict[str, Any] = {"places": _places(request), "problem": "", "section": "office:imports"}
    if request.method == "POST":
        file, number = request.FILES.get("file"), _chosen(str(request.POST.get("area", "")))
        if file is None:
            context["problem"] = _("Choose a file first.")
        elif number is None:
            context["problem"] = _("Choose the area the list is about.")
        else:
            try:
                upload = exchange.keep_upload(file.chunks(), by=request.by, at=present())
            except Refused as refused:
                context["problem"] = said.explain(refused)
            else:
                address = reverse("office:import_preview", args=[number, upload])
                request.session[f"upload:{upload}"] = [
                    Path(str(file.name)).name[:200],
                    _list_name(request, str(file.name)),
                ]
                return redirect(address)
    context |= _runs(request)
    return render(request, "office/imports.html", context, status=422 if context["problem"] else 200)


def _list_name(request: Request, file: str) -> str:
    return str(request.POST.get("list_name", "")).strip()[:120] or Path(file).stem[:120]


def _chosen(code: str) -> int | None:
    try:
        number = number_of(code)
    except ValueError:
        return None
    return number if may_see(number) and depth_of(number) >= COUNTY else None


def _places(request: Request) -> list[tuple[str, str]]:
    """Return the areas a list may be about: from the county to the village, as far as they may be seen."""
    found: list[tuple[str, str]] = []
    for root in request.scope.roots():
        depth = depth_of(root)
        reach = areas.subtree(root, max(VILLAGE - depth, 0)) if depth >= COUNTY else areas.at_level(root, COUNTY)
        found += [(area.code, "　" * max(area.depth - max(depth, COUNTY), 0) + area.name) for area in reach]
    return found


def _runs(request: Request) -> dict[str, Any]:
    found = [run for root in request.scope.roots() for run in people.runs(root)]
    authors, places = access.names_of({run.by for run in found}), areas.names({run.area for run in found})
    rows = [
        {"run": run, "by": authors.get(run.by, run.by), "place": places.get(run.area, ""),
         "failure": said.failure(run.failure), "url": reverse("office:import_result", args=[run.area, run.id])}
        for run in found
    ]  # fmt: skip
    return {"runs": rows, "running": any(run.state == "running" for run in found) or "started" in request.GET}


@page("import")
def running(request: Request) -> HttpResponse:
    """The table of imports alone, asked for every second or so while one is running."""
    return render(request, "office/imports_table.html", _runs(request))


@page("import", methods=("GET", "POST"))
def preview(request: Request, area: int, upload: UUID) -> HttpResponse:
    """Show how the file would be read; read it once somebody has confirmed."""
    area = int(area)
    place, now, context = stand_in(area, "office:board")
    path = exchange.find_upload(upload, by=request.by)
    if path is None:
        raise Http404
    file_name, list_name = request.session.get(f"upload:{upload}", [path.name, path.stem])
    context |= {"section": "office:imports", "file_name": file_name, "list_name": list_name, "place": place}
    try:
        looked = files.inspect(path, file_name=file_name, county=county_of(area))
    except Refused as refused:
        exchange.drop_upload(upload, by=request.by, at=now)
        context["refused"] = said.explain(refused)
        return render(request, "office/import_preview.html", context, status=422)
    if request.method == "POST":
        if "cancel" in request.POST:
            exchange.drop_upload(upload, by=request.by, at=now)
            return redirect("office:imports")
        choices = _choices(request, looked)
        begin_thread(
            lambda: _read(path, upload, file_name, list_name, area, request.by, choices, "create" in request.POST)
        )
        return redirect(reverse("office:imports") + "?started=1")
    context |= {"looked": looked, "sheets": [_sheet(number, sheet) for number, sheet in enumerate(looked.sheets)],
                "fields": [(field.value, _titled(field)) for field in Field]}  # fmt: skip
    return render(request, "office/import_preview.html", context)


def _titled(field: Field) -> str:
    return f"{HEADERS[field][0]} {column_word(field)}" if translation.get_language() == "en" else HEADERS[field][0]


def _sheet(number: int, sheet: files.SheetView) -> dict[str, Any]:
    columns = [
        {"header": header, "name": f"{number}.{i}", "field": sheet.mapping.get(header, ""),
         "sample": [mask_cell(header, row[i]) for row in sheet.sample[:3] if i < len(row)]}
        for i, header in enumerate(sheet.headers)
    ]  # fmt: skip
    return {
        "number": number,
        "sheet": sheet,
        "columns": columns,
        "problems": [_problem(code) for code in sheet.problems],
    }


def _problem(code: str) -> str:
    if code.startswith("twice:"):
        return _("Two columns are said to be the same: %(what)s.") % {"what": column_word(code.partition(":")[2])}
    if code == "no name":
        return _("No column is said to hold the name or the head of the household.")
    return _("No row with known headers was found in this sheet: it will be left out.")


def _choices(request: Request, looked: files.Inspection) -> dict[str, exchange.Choice]:
    """Return how the person said each sheet is to be read."""
    known = {field.value for field in Field}
    choices: dict[str, exchange.Choice] = {}
    for number, sheet in enumerate(looked.sheets):
        if not sheet.headers or f"{number}.read" not in request.POST:
            continue
        mapping: dict[str, Field | None] = {}
        for i, header in enumerate(sheet.headers):
            value = str(request.POST.get(f"{number}.{i}", ""))
            mapping[header] = Field(value) if value in known else None
        choices[sheet.name] = exchange.Choice(mapping, sheet.header_row)
    return choices


def _read(
    path: Path,
    upload: UUID,
    file_name: str,
    list_name: str,
    area: int,
    by: str,
    choices: dict[str, exchange.Choice],
    create: bool,
) -> None:
    try:
        exchange.import_list(path, file_name=file_name, list_name=list_name, area=area, by=by, at=present(), choices=choices,
                             create_groups=create, clock=present)  # fmt: skip
    finally:
        exchange.drop_upload(upload, by=by, at=present())


@page("import")
def result(request: Request, area: int, run: UUID) -> HttpResponse:
    """Show what became of every row."""
    area = int(area)
    place, _now, context = stand_in(area, "office:board")
    found = people.find_run(area, run)
    if found is None:
        raise Http404
    context |= {"section": "office:imports", "run": found, "place": place, "failure": said.failure(found.failure),
                "notes": [said.note(note) for note in found.left_out], "code": code_of(area),
                "by": access.names_of([found.by]).get(found.by, found.by)}  # fmt: skip
    return render(request, "office/import_result.html", context)


@page("import")
def rows(request: Request, area: int, run: UUID) -> HttpResponseBase:
    """Hand over the rows to correct, as the person who brought the list wrote them."""
    found = people.find_run(area, run)
    if found is None or not found.has_report:
        raise Http404
    content = exchange.take_rows(found, by=request.by, at=present())
    name = f"{found.list_name}-{_('to correct')}.xlsx"
    return FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type=XLSX)
