"""What Collect downloads: the list of forms, a form, its manifest, an entity list, and what became of entities."""

from urllib.parse import quote
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from bulou.odk.actions import note_list
from bulou.odk.queries.offered import columns_of, find_form, forms_for, rows_of
from bulou.odk.rules import openrosa
from bulou.odk.rules.lists import COLUMNS, make_csv, md5_of
from bulou.odk.rules.openrosa import Listed, Media
from bulou.odk.views.doors import XML, PhoneRequest, phone, say


def _address(request: PhoneRequest, path: str) -> str:
    """Return the absolute address, by the name under which the phone reached us."""
    return request.build_absolute_uri(f"{request.prefix}/{path}")


@phone()
def form_list(request: PhoneRequest) -> HttpResponseBase:
    """The forms of every kind the worker may record here. `formID=` narrows it to one."""
    only = request.GET.get("formID", "")
    listed = [
        Listed(form.id, form.title, form.version, form.md5, _address(request, f"forms/{form.id}.xml"),
               _address(request, f"forms/{form.id}/manifest") if form.lists or form.files else "")
        for form in forms_for(request.app_user, request.at)
        if only in ("", form.id)
    ]  # fmt: skip
    return HttpResponse(openrosa.form_list(listed), XML)


@phone()
def form(request: PhoneRequest, form: str) -> HttpResponseBase:
    found = find_form(request.app_user, form, request.at)
    if found is None:
        return say("no form", 404, request.app_user.language)
    return _served(request, found.xml, XML, found.md5)


@phone()
def manifest(request: PhoneRequest, form: str) -> HttpResponseBase:
    found = find_form(request.app_user, form, request.at)
    if found is None:
        return say("no form", 404, request.app_user.language)
    files = [
        Media(f"{name}.csv", md5_of(_list(request, name)), _address(request, f"lists/{name}.csv"),
              _address(request, f"lists/{name}/integrity"))
        for name in found.lists
    ]  # fmt: skip
    files += [
        Media(name, md5_of(content), _address(request, f"forms/{found.id}/files/{quote(name)}"))
        for name, content in found.files.items()
    ]
    return HttpResponse(openrosa.manifest(files), XML)


@phone()
def file(request: PhoneRequest, form: str, name: str) -> HttpResponseBase:
    """A list that a county brought with its form."""
    found = find_form(request.app_user, form, request.at)
    if found is None or name not in found.files:
        return say("no form", 404, request.app_user.language)
    return _served(request, found.files[name], "text/csv; charset=utf-8", md5_of(found.files[name]))


@phone()
def media(request: PhoneRequest, name: str) -> HttpResponseBase:
    """An entity list of what the worker may see in the phone's area."""
    if name not in COLUMNS:
        return say("no form", 404, request.app_user.language)
    data = _list(request, name)
    return _served(request, data, "text/csv; charset=utf-8", md5_of(data))


@phone()
def integrity(request: PhoneRequest, name: str) -> HttpResponseBase:
    """Whether each of the entities asked about (`id=a,b`) is gone."""
    if name not in COLUMNS:
        return say("no form", 404, request.app_user.language)
    there = {row[0] for row in rows_of(name, request.app_user, request.at)}
    asked = [key for key in request.GET.get("id", "").split(",") if key][:1000]
    return HttpResponse(openrosa.integrity({key: _plain(key) not in there for key in asked if _can_stand(key)}), XML)


def _list(request: PhoneRequest, name: str) -> bytes:
    rows = rows_of(name, request.app_user, request.at)
    columns = columns_of(name, request.app_user)
    return make_csv(columns, rows, note_list(user=request.app_user, name=name, rows=rows, at=request.at))


def _plain(key: str) -> str:
    try:
        return str(UUID(key.removeprefix("uuid:")))
    except ValueError:
        return key


def _can_stand(key: str) -> bool:
    return key.isprintable() and len(key) <= 100


def _served(request: PhoneRequest, data: bytes, content_type: str, digest: str) -> HttpResponse:
    etag = f'"{digest}"'
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers={"ETag": etag})

    return HttpResponse(data, content_type, headers={"ETag": etag})
