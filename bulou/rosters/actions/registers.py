"""Posts and responders: adding many at once, opening and closing, changing what is known."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from bulou.core.divisions import county_of
from bulou.core.ids import new_id
from bulou.rosters.models import Post, Responder
from bulou.rosters.queries.settings import keeps_party
from bulou.rosters.rules.registers import (
    Demand,
    NewPost,
    NewResponder,
    Refused,
    check_demands,
    check_post,
    check_responder,
)
from bulou.rosters.rules.standing import Manned
from bulou.store import writing

BATCH = 500


def add_post(new: NewPost, *, by: str, at: datetime) -> UUID:
    """Register one post and return its id. Raise Refused if it cannot be."""
    return add_posts([new], by=by, at=at)[0]


def add_posts(new: Sequence[NewPost], *, by: str, at: datetime) -> list[UUID]:
    """Register posts of one county and return their ids, in order. Raise Refused, and write none, if one cannot be."""
    for one in new:
        check_post(one)
    rows = [
        Post(
            county=county_of(one.area), id=one.id or new_id(), area=one.area, name=one.name.strip(), type=one.type,
            place=one.place, road=one.road, latitude=one.position[0] if one.position else None,
            longitude=one.position[1] if one.position else None, needs=_text(one.needs), opened_at=one.opened_at,
            opened_by=one.opened_by, ends_at=one.ends_at, since=at, registered_by=by,
        )
        for one in new
    ]  # fmt: skip
    with writing(_one_county(row.county for row in rows)):
        Post.objects.bulk_create(rows, batch_size=BATCH)
    return [row.id for row in rows]


def add_responder(new: NewResponder, *, by: str, at: datetime) -> UUID:
    """Register one responder and return the id. Raise Refused if that cannot be."""
    return add_responders([new], by=by, at=at)[0]


def add_responders(new: Sequence[NewResponder], *, by: str, at: datetime) -> list[UUID]:
    """Register responders of one county and return their ids, in order. Raise Refused, and write none, if one cannot be."""
    county = _one_county(county_of(one.area) for one in new)
    kept = keeps_party(county)
    for one in new:
        check_responder(one, party_is_kept=kept)
    rows = [
        Responder(
            county=county, id=one.id or new_id(), area=one.area, name=one.name.strip(), phone=one.phone.strip(),
            unit=one.unit.strip(), system=one.system.strip(), position=one.position.strip(),
            roles=" ".join(sorted(set(one.roles))), skills=" ".join(sorted(set(one.skills))), party=one.party,
            leave_cancelled=one.leave_cancelled, account=one.account, latitude=one.home[0] if one.home else None,
            longitude=one.home[1] if one.home else None, since=at, registered_by=by,
        )
        for one in new
    ]  # fmt: skip
    with writing(county):
        Responder.objects.bulk_create(rows, batch_size=BATCH)
    return [row.id for row in rows]


def man_post(county: int, post: UUID, times: Sequence[Manned], *, by: str) -> None:
    """Note when somebody has to be at the post, as all its orders together say. Raise LookupError."""
    _change_post(county, post, manned=msgspec.json.encode(list(times)).decode())


def open_post(county: int, post: UUID, *, opened_at: datetime, order: str, ends_at: datetime | None, by: str) -> None:
    """Note that a post opened, on the order ("entry:<id>") that says so, until `ends_at`. Raise LookupError, Refused."""
    if ends_at is not None and ends_at <= opened_at:
        raise Refused("dates", "a post ends after it opens")
    _change_post(county, post, opened_at=opened_at, opened_by=order, ends_at=ends_at, closed_at=None, closed_by="")


def close_post(county: int, post: UUID, *, closed_at: datetime, order: str, by: str) -> None:
    """Note that a post closed, on the order ("entry:<id>") that says so. Raise LookupError, Refused."""
    opened = Post.objects.filter(county=county, id=post).values_list("opened_at", flat=True).first()
    if opened is not None and closed_at < opened:
        raise Refused("dates", "a post closes after it opened")
    _change_post(county, post, closed_at=closed_at, closed_by=order)


def forget_order(county: int, post: UUID, *, by: str) -> None:
    """Note that the order a post stood on was withdrawn, so that it never opened. Raise LookupError."""
    _change_post(county, post, opened_at=None, opened_by="", ends_at=None, closed_at=None, closed_by="", manned="")


def set_needs(county: int, post: UUID, needs: Sequence[Demand], *, by: str, at: datetime) -> None:
    """Say who must stand at the post from now on. Raise LookupError, Refused."""
    check_demands(tuple(needs))
    _change_post(county, post, needs=_text(needs))


def link_account(county: int, responder: UUID, account: UUID | None, *, by: str, at: datetime) -> None:
    """Say which account is the responder's: rosters published from now on are owed by it. Raise LookupError, Refused.

    An account is one person's: linked to somebody else in the county, it must be taken from them first.
    """
    if account and Responder.objects.filter(county=county, account=account, ended_at__isnull=True).exclude(
        county=county, id=responder
    ):
        raise Refused("account taken", "this account is linked to another responder")
    _change_responder(county, [responder], account=account)


def cancel_leave(county: int, responders: Iterable[UUID], *, cancelled: bool, by: str, at: datetime) -> None:
    """Note that leave is cancelled (取消休假) for these, or given back. Raise LookupError if one is not there."""
    _change_responder(county, list(responders), leave_cancelled=cancelled)


def end_responder(county: int, responder: UUID, *, by: str, at: datetime) -> None:
    """Take a responder off the register from now on. What they stood still counts. Raise LookupError."""
    _change_responder(county, [responder], ended_at=at)


def _text(needs: Iterable[Demand]) -> str:
    return msgspec.json.encode(list(needs)).decode()


def _one_county(counties: Iterable[int]) -> int:
    found = set(counties)
    if len(found) != 1:
        raise ValueError(f"a batch belongs to one county; this one spans {sorted(found)}")
    return found.pop()


def _change_post(county: int, post: UUID, **values: object) -> None:
    with writing(county):
        if not Post.objects.filter(county=county, id=post).update(**values):
            raise LookupError(f"there is no post {post} in county {county}")


def _change_responder(county: int, responders: list[UUID], **values: object) -> None:
    with writing(county):
        if Responder.objects.filter(county=county, id__in=responders).update(**values) != len(set(responders)):
            raise LookupError(f"one of {len(responders)} responders is not in county {county}")
