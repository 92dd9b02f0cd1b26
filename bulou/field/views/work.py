"""What phones are told."""

import gzip

from django.http import HttpRequest, HttpResponse

from bulou.field import queries, wire
from bulou.field.actions.telling import remember
from bulou.field.queries import forms
from bulou.field.queries.told import find_told
from bulou.field.queries.work import whole
from bulou.field.rules.telling import differ
from bulou.field.views.doors import PhoneRequest, answer, phone, refuse, said_now
from bulou.field.words import NOT_ALL, said

HOURS = 72


@phone("GET")
def work(request: PhoneRequest) -> HttpResponse:
    """Say what changed since the cursor in what the phone is to hold; all of it if the cursor is not known."""
    holdings = request.scope.holdings
    ranges = queries.ranges_of_phone(request.phone, holdings, "record")
    seen = queries.ranges_of_phone(request.phone, [h for h in holdings if "record" in h.permissions], "see")
    made = whole(request.phone, holdings, ranges, seen, request.now)
    cursor = request.GET.get("cursor", "")[:64]
    before = find_told(request.phone.id, cursor) if cursor else None
    new = differ(before or {}, duties=made.duties, cards=made.cards, areas=made.areas, forms=made.forms)
    name = remember(device=request.phone.id, held=cursor if before is not None else "", state=new.state, at=request.now)
    notice = None
    if made.households > made.shown:
        notice = said(NOT_ALL, shown=made.shown, all=made.households)
    told = wire.Work(
        cursor=name, reset=before is None, more=new.more, duties=new.duties, done=new.done, cards=new.cards,
        gone=new.gone, areas=new.areas, forms=new.forms, expires_after_hours=HOURS, notice=notice,
        **said_now(request.phone, request.now),
    )  # fmt: skip
    return _packed(request, answer(told))


@phone("GET")
def form(request: PhoneRequest, kind: str, hash: str) -> HttpResponse:
    """Give a form as the phone draws it under some rule set. That of an older version is not found: the list names the
    present one."""
    found = forms.find_form(kind, hash)
    return _packed(request, answer(found)) if found else refuse(404, "not found")


def _packed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the answer compressed, for a weak line. It holds nothing the asker chose, so its length betrays nothing."""
    response.headers["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("Accept-Encoding", "") or len(response.content) < 1_000:
        return response
    response.content = gzip.compress(response.content, compresslevel=5, mtime=0)
    response.headers["Content-Encoding"] = "gzip"
    return response
