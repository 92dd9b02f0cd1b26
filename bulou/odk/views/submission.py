"""What Collect sends: first a question whether we take it, then the record and its files in as many parts as it likes."""

from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadhandler import StopFutureHandlers
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.http.response import HttpResponseBase

from bulou.field.actions.attaching import TooMany
from bulou.odk import words
from bulou.odk.actions import Came, Post, keep_file, receive_one
from bulou.odk.rules import openrosa
from bulou.odk.views.doors import XML, PhoneRequest, phone, say

LARGEST = 64 * 2**20  # bytes; Collect keeps to LARGEST_POST unless one file alone is larger
RECORD, MORE = "xml_submission_file", "*isIncomplete*"
STATUS = {Came.APPLIED: 201, Came.WAITING: 201, Came.DUPLICATE: 202, Came.HELD: 202, Came.CLASH: 409}
_PIECE = 2**16


class _Refused(Exception):
    """Nothing of it was taken, so that the phone keeps it. `code`: a key of words.said."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(code)
        self.code, self.status = code, status


@dataclass(frozen=True, slots=True)
class _Sent:
    xml: bytes
    files: tuple[tuple[str, str, int], ...] = ()
    incomplete: bool = False


@phone(methods=("HEAD", "POST"), shut_too=True, most=LARGEST)
def submission(request: PhoneRequest) -> HttpResponseBase:
    """Take in a record. Collect counts 201 and 202 as sent, and tries anything else again."""
    language = request.app_user.language
    if request.method == "HEAD":
        limit = {"X-OpenRosa-Accept-Content-Length": str(openrosa.LARGEST_POST)}
        return HttpResponse(status=204, headers=limit)
    try:
        sent = _read(request)
    except _Refused as refused:
        return say(refused.code, refused.status, language)
    post = Post(request.app_user, sent.xml, sent.files, sent.incomplete, request.shut)
    result = receive_one(post, at=request.at)
    text = openrosa.message(words.told(result, language), result.came.value)
    headers = {"X-OpenRosa-Accept-Content-Length": str(openrosa.LARGEST_POST)}
    return HttpResponse(text, XML, STATUS[result.came], headers=headers)


def _read(request: PhoneRequest) -> _Sent:
    with SpooledTemporaryFile(max_size=2**20) as body:
        size = _take(request, body)
        if request.content_type != "multipart/form-data":
            if size > openrosa.LARGEST_XML:
                raise _Refused("too big", 413)
            return _Sent(body.read()) if size else _nothing()
        _check_whole(request, body, size)
        try:
            fields, files = MultiPartParser(
                {**request.META, "CONTENT_LENGTH": str(size)}, cast(Any, body), request.upload_handlers, "utf-8"
            ).parse()
        except RequestDataTooBig:
            raise _Refused("too big", 413) from None
        except (MultiPartParserError, SuspiciousOperation, StopFutureHandlers):
            raise _Refused("cut off", 400) from None
        try:
            return _sent(request, fields, files)
        finally:
            for _, uploads in files.lists():
                for upload in uploads:
                    upload.close()


def _sent(request: PhoneRequest, fields: Any, files: Any) -> _Sent:
    if RECORD in files:
        if files[RECORD].size > openrosa.LARGEST_XML:
            raise _Refused("too big", 413)
        xml = files[RECORD].read()
    else:
        xml = fields.get(RECORD, "").encode()
    if not xml.strip():
        _nothing()
    try:
        kept = [
            (name, *keep_file(uploads[-1].chunks(), user=request.app_user, at=request.at))
            for name, uploads in files.lists()
            if _is_file(name)
        ]
    except TooMany:
        raise _Refused("too many", 429) from None
    return _Sent(xml, tuple(kept), fields.get(MORE, "") == "yes" or MORE in files)


def _is_file(name: str) -> bool:
    return name not in (RECORD, MORE) and 0 < len(name) <= 200 and name.isprintable()


def _nothing() -> _Sent:
    raise _Refused("no record", 400)


def _take(request: PhoneRequest, body: IO[bytes]) -> int:
    """Copy what was sent, chunked or not, and return its size. Raise _Refused if it is too big or ended early."""
    said = request.META.get("CONTENT_LENGTH") or ""
    if said.isdigit() and int(said) > LARGEST:
        raise _Refused("too big", 413)
    size = 0
    for piece in _pieces(request):
        size += len(piece)
        if size > LARGEST:
            raise _Refused("too big", 413)
        body.write(piece)
    body.seek(0)
    if said.isdigit() and size < int(said):
        raise _Refused("cut off", 400)
    return size


def _pieces(request: PhoneRequest) -> Iterator[bytes]:
    """Yield what was sent. Django reads nothing of a body without a length; the server below it knows where it ends."""
    chunked = "chunked" in request.headers.get("Transfer-Encoding", "").lower()
    source = request.META["wsgi.input"] if chunked else request
    try:
        while piece := source.read(_PIECE):
            yield piece
    except OSError:
        raise _Refused("cut off", 400) from None


def _check_whole(request: PhoneRequest, body: IO[bytes], size: int) -> None:
    """Raise _Refused unless the last boundary is there: half a record must not be taken for a whole one."""
    boundary = (request.content_params or {}).get("boundary", "")
    body.seek(max(0, size - len(boundary) - 200))
    if not boundary or f"--{boundary}--".encode("utf-8", "replace") not in body.read():
        raise _Refused("cut off", 400)
    body.seek(0)
