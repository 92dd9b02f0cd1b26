"""Enrolling a phone and signing it in. Nobody is let in here: each answer follows from a signature."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from bulou.access import queries as access
from bulou.access.guessing import source_of
from bulou.core.ids import new_secret
from bulou.core.moments import is_rehearsing
from bulou.core.moments import now as present
from bulou.field import queries, wire
from bulou.field.actions import AlreadySpent, EnrolRefused, readmit, sign_in, sweep
from bulou.field.actions import enrol as take_key
from bulou.field.actions.enrolling import WAIT
from bulou.field.rules.binding import ACTIVE, EXPIRED, REFUSED, REVOKED, WAITING, Phone
from bulou.field.rules.certificates import read_certificate
from bulou.field.rules.challenges import challenge_ends, make_challenge
from bulou.field.rules.limits import Limit
from bulou.field.rules.signing import is_signed, moment_text
from bulou.field.views.doors import answer, anyone, body_of, installation_key, refuse, said_now

# A whole county may come through one address (a carrier's, a proxy's): these stop a flood, not a morning.
BY_ADDRESS = Limit(600, timedelta(minutes=1))
BY_DEVICE = Limit(30, timedelta(minutes=1))


@anyone("POST")
def enrol(request: HttpRequest) -> HttpResponse:
    """Take a phone's key for a token a clerk has shown."""
    now, asked = present(), body_of(request, wire.Enrol)
    if not BY_ADDRESS.passes(f"enrol {source_of(request)}", now):
        return refuse(429, "too often")
    try:
        device, code = take_key(
            token=asked.token, public_key=asked.public_key, proof=asked.proof, label=asked.label, at=now
        )
    except EnrolRefused as refused:
        return refuse(403, refused.code, "token expired" if refused.code == "expired" else "")
    return answer(wire.Enrolment(device=str(device), code=code, state="waiting"), 201)


@anyone("POST")
def enrolment(request: HttpRequest, device: UUID) -> HttpResponse:
    """Tell a phone that proves its key how its enrolment stands; once it is in, who it is."""
    now, asked = present(), body_of(request, wire.Proof)
    if not BY_DEVICE.passes(f"poll {device} {source_of(request)}", now):
        return refuse(429, "too often")
    phone = queries.find_phone(device)
    if phone is None or not is_signed(str(device), asked.proof, phone.public_key):
        return refuse(404, "device")
    if phone.state == WAITING:
        state = "waiting" if now < phone.enrolled_at + WAIT else "expired"
    else:
        state = {ACTIVE: "active", REFUSED: "refused", REVOKED: "refused", EXPIRED: "expired"}[phone.standing(now)]
    told = wire.Enrolment(device=str(device), code=phone.code, state=state,  # type: ignore[arg-type]
                          consented=phone.consented_at is not None)  # fmt: skip
    if state == "active":
        told.me = _me(phone, access.find_usable(phone.account, now) or "", now)
    return answer(told)


def _me(phone: Phone, name: str, now: datetime) -> wire.Me:
    holdings = access.holdings_of(phone.account, now)
    told = queries.me(phone, name, holdings, queries.ranges_of_phone(phone, holdings, "record"))
    told.rehearsal = is_rehearsing()
    if name and phone.state == ACTIVE:
        told.certificate = queries.certificate_of(phone, name, installation_key())
    return told


@anyone("POST")
def challenge(request: HttpRequest) -> HttpResponse:
    """Give a challenge to whoever asks, for any device: it costs no look-up and tells nothing."""
    now, asked = present(), body_of(request, wire.AskChallenge)
    return answer(
        wire.Challenge(challenge=make_challenge(asked.device, key=installation_key(), nonce=new_secret(), at=now))
    )


def _who(asked: wire.SignIn, now: datetime) -> Phone | None:
    """Return the phone, if it was ever let in. One that is not known here, or not yet let in, may be by its certificate."""
    phone = queries.find_phone(UUID(asked.device))
    if (phone is None or phone.state == WAITING) and asked.certificate:
        said = read_certificate(asked.certificate, key=installation_key())
        if said and said.device == asked.device and is_signed(asked.challenge, asked.signature, said.public_key):
            readmit(certificate=said, at=now)
            phone = queries.find_phone(UUID(asked.device))
    return None if phone is None or phone.state in (WAITING, REFUSED) else phone


@anyone("POST")
def sessions(request: HttpRequest) -> HttpResponse:
    """Sign a phone in. One that is no longer trusted is let in too, to send what it still holds and nothing else."""
    now, asked = present(), body_of(request, wire.SignIn)
    if not BY_DEVICE.passes(f"sign in {asked.device} {source_of(request)}", now):
        return refuse(429, "too often")
    ends_at = challenge_ends(asked.challenge, asked.device, key=installation_key())
    if ends_at is None or now >= ends_at:
        return refuse(401, "challenge")
    phone = _who(asked, now)
    if phone is None or not is_signed(asked.challenge, asked.signature, phone.public_key):
        return refuse(401, "device")
    try:
        session, expires_at = sign_in(
            device=phone.id, challenge=asked.challenge, ends_at=ends_at, status=asked.status, at=now
        )
    except AlreadySpent:
        return refuse(401, "challenge")
    if ends_at.second == 0:  # once in sixty sign-ins, somebody sweeps
        sweep(at=now)
    name = access.find_usable(phone.account, now)
    told = _me(phone, name or "", now)
    if name is None or phone.standing(now) != ACTIVE:
        told.areas, told.roles = [], []
    return answer(
        wire.SignedIn(session=session, expires_at=moment_text(expires_at), me=told, **said_now(phone, now)), 201
    )
