"""Photographs at a desk: taken with a form, kept where those of phones are, shown again only on record."""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from bulou.access.actions import audit
from bulou.access.views import PAGE, Request, page
from bulou.core.moments import now as present
from bulou.field.actions.attaching import MOST_BYTES, TooMany, add_piece
from bulou.field.queries.attachments import file_of
from bulou.field.rules.pictures import picture_type
from bulou.ledger import queries as ledger
from bulou.office import words
from bulou.office.forms.reading import is_photograph
from bulou.office.keeping import kept
from bulou.records.fields import Field, walk
from bulou.store import writing

PREFIX, FILE, DROP = "sha256:", ".file", ".drop"
_KEPT = "photographs"  # in the session: those this account brought, and may therefore put into a record
_MOST_KEPT = 200
MOST_SENT = 6 * MOST_BYTES + PAGE  # bytes of one form with its pictures


def with_photographs(
    request: Request, fields: Sequence[Field], county: int, allowed: Mapping[str, Any], answered: QueryDict
) -> tuple[QueryDict, dict[str, list[str]]]:
    """Keep the pictures sent with a form; return what was `answered` with their hashes in their places, and what is wrong.

    A hash that neither this account brought nor the record had (`allowed`, its body) is left out: a form is no way to
    somebody else's picture.
    """
    sent = answered.copy()
    attached = {key: field for key, field in walk(tuple(fields)) if field.type == "image"}
    problems: dict[str, list[str]] = {}
    mine: list[str] = list(request.session.get(_KEPT, ()))
    for name, file in request.FILES.items():
        place = name.removesuffix(FILE)
        if (
            isinstance(file, list)
            or not name.endswith(FILE)
            or not (asked := attached.get(_key(place)))
            or not is_photograph(asked)
        ):
            continue
        if (file.size or 0) > MOST_BYTES:
            problems[place] = [_("The picture is larger than 5 MB.")]
            continue
        content = file.read()
        if not picture_type(content):
            problems[place] = [_("Choose a JPEG or PNG picture.")]
            continue
        digest = sha256(content).hexdigest()
        try:
            add_piece(county=county, digest=digest, offset=0, length=len(content), piece=content,
                      device=UUID(str(request.user.pk)), by=request.by, at=present())  # fmt: skip
        except TooMany:
            problems[place] = [_("This account has sent as many pictures as are taken in one day.")]
            continue
        mine = [*(one for one in mine if one != digest), digest][-_MOST_KEPT:]
        request.session[_KEPT] = mine
        sent[place] = PREFIX + digest
    known = {PREFIX + one for one in mine} | texts_in(allowed)
    for name in list(sent):
        if name.endswith(DROP) and sent.get(name):
            sent[name.removesuffix(DROP)] = ""
        elif _key(name) in attached and sent.get(name) not in known:
            sent[name] = ""
    return sent, problems


def _key(name: str) -> str:
    """Return the key of the question a name on the page is of: members.2.face is members.face."""
    return ".".join(part for part in name.split(".") if not part.isdigit())


def texts_in(answers: Any) -> set[str]:
    """Return every text among the answers, in whatever rows."""
    if isinstance(answers, str):
        return {answers}
    if isinstance(answers, Mapping):
        answers = list(answers.values())
    return set().union(*map(texts_in, answers)) if isinstance(answers, list) else set()


@page("see")
def photo(request: Request, county: int, entry: UUID, digest: str) -> HttpResponse:
    """Show a picture of a record, in any state of it. Of health and of persons only to who may reveal, and on record."""
    found = ledger.find_entry(county, entry)
    kind = words.kind_of(found.kind, found.version) if found else None
    if found is None or kind is None:
        raise Http404
    bodies = [found.body, *(one.body for one in ledger.corrections_of(county, [entry]).get(entry, ()))]
    personal = kind.sensitive or any(field.type == "image" and field.personal for _key, field in walk(kind.fields))
    shown = [kept(kind, found, body.get("body") or body, now=present()) for body in bodies]
    if not re.fullmatch("[0-9a-f]{64}", digest) or PREFIX + digest not in texts_in(shown):
        raise Http404
    if personal and not request.can("reveal", found.area):
        raise Http404
    file = file_of(county, digest)
    if not file.exists():
        raise Http404
    content = file.read_bytes()
    type_ = picture_type(content)
    if personal:
        with writing(county):
            audit(by=request.by, at=present(), action="reveal", area=found.area, subject=found.subject,
                  purpose=_("photo of a record"), detail={"entry": str(entry), "sha256": digest})  # fmt: skip
    headers = {
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": "inline" if type_ else f'attachment; filename="{digest[:12]}"',
    }  # fmt: skip
    return HttpResponse(content, content_type=type_ or "application/octet-stream", headers=headers)
