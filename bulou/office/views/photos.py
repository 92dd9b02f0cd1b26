"""Photographs that entries speak of, for those who may read the entry."""

import json
import re
from uuid import UUID

from django.http import Http404, HttpResponse

from bulou.access.views import Request, page
from bulou.field.queries.attachments import file_of
from bulou.ledger import queries as ledger
from bulou.office import words

HASH = re.compile("[0-9a-f]{64}")
# Whatever else was sent under the name of a photograph is handed over as a file, never shown.
SHOWN = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


@page("see")
def photo(request: Request, county: int, entry: UUID, digest: str) -> HttpResponse:
    """Show a photograph of an entry, or of a correction of it. A sensitive kind's only to who may see health data."""
    written = ledger.find_entry(county, entry)
    if written is None or HASH.fullmatch(digest) is None:
        raise Http404
    kind = words.kind_of(written.kind, written.version)
    if kind is None or (kind.sensitive and not request.can("reveal", written.area)):
        raise Http404
    said = [written.body, *(one.body for one in ledger.corrections_of(county, [entry]).get(entry, ()))]
    if not any(f'"sha256:{digest}"' in json.dumps(body) for body in said):
        raise Http404
    try:
        content = file_of(county, digest).read_bytes()  # 5 MB at most
    except FileNotFoundError:
        raise Http404 from None
    sort = next((sort for magic, sort in SHOWN if content.startswith(magic)), "")
    answer = HttpResponse(content, content_type=sort or "application/octet-stream")
    if not sort:
        answer.headers["Content-Disposition"] = f'attachment; filename="{digest[:16]}"'
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
