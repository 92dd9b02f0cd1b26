"""Photographs, in pieces that a weak line can carry."""

from django.http import HttpResponse

from bulou.core.divisions import county_of
from bulou.field.actions.attaching import MOST_BYTES, NotThere, TooLarge, TooMany, WrongHash, add_piece, is_awaited
from bulou.field.queries.attachments import arrived
from bulou.field.views.doors import PhoneRequest, phone, refuse


@phone("PUT", "HEAD", even_revoked=True, most=MOST_BYTES)
def attachment(request: PhoneRequest, digest: str) -> HttpResponse:
    """Take a piece, or say how much has arrived: 204 all of it, 200 with the offset to go on from, 404 nothing."""
    county = county_of(request.phone.area)
    if request.method == "HEAD":
        so_far = arrived(county, digest, request.phone.id)
        return HttpResponse(status=404) if so_far == 0 else _arrived(so_far)
    try:
        offset, length = int(request.headers["Upload-Offset"]), int(request.headers["Upload-Length"])
        size = int(request.headers.get("Content-Length") or 0)
    except (KeyError, ValueError):
        return refuse(400, "unreadable")
    if offset < 0 or size < 0 or length < 1:
        return refuse(400, "unreadable")
    if length > MOST_BYTES or size > MOST_BYTES:
        return refuse(413, "size")
    piece = request.read(MOST_BYTES + 1)
    try:
        so_far = add_piece(county=county, digest=digest, offset=offset, length=length, piece=piece,
                           device=request.phone.id, by=request.by, at=request.now,
                           named=is_awaited(request.phone.id, digest))  # fmt: skip
    except NotThere as elsewhere:
        response = refuse(409, "offset")
        response.headers["Upload-Offset"] = str(elsewhere.offset)
        return response
    except TooLarge:
        return refuse(413, "size")
    except TooMany as many:
        return refuse(429, "unnamed" if many.unnamed else "many today")
    except WrongHash:
        response = refuse(409, "hash")
        response.headers["Upload-Offset"] = "0"
        return response
    return _arrived(so_far)


def _arrived(so_far: int | None) -> HttpResponse:
    if so_far is None:
        return HttpResponse(status=204)
    return HttpResponse(status=200, headers={"Upload-Offset": str(so_far)})
