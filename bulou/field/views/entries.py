"""What phones send."""

from django.http import HttpResponse

from bulou.field import wire
from bulou.field.actions import push
from bulou.field.views.doors import PhoneRequest, answer, body_of, installation_key, phone, refuse, said_now
from bulou.field.words import outcome


@phone("POST", even_revoked=True, most=wire.MOST_BYTES)
def entries(request: PhoneRequest) -> HttpResponse:
    """Take a batch of entries; a receipt for each says what became of it."""
    sent = body_of(request, wire.Push, wire.MOST_BYTES)
    if len(sent.entries) > wire.MOST_ENTRIES:
        return refuse(400, "too many")
    done = push(
        phone=request.phone, entries=[bytes(raw) for raw in sent.entries], lost=list(sent.lost), status=sent.status,
        can_act=request.usable, by=request.by, key=installation_key(), at=request.now,
    )  # fmt: skip
    receipts = [
        wire.Receipt(
            id=one.id, seq=one.seq, outcome=one.outcome.value, reason=one.reason,
            words=outcome(one.outcome, one.reason, one.sent.entry if one.sent else None),
        )
        for one in done.taken
    ]  # fmt: skip
    return answer(wire.Pushed(receipts=receipts, safe_seq=done.safe_seq, **said_now(request.phone, request.now)))
