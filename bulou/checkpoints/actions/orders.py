"""An order is an entry; the register of posts learns from it when a post stands, in the same transaction."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bulou.checkpoints.rules.standing import CLOSED, ORDER, latest_spell, manned_times
from bulou.core.divisions import county_area, county_of
from bulou.core.ids import new_id
from bulou.core.moments import FAR, at_midnight
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import queries as ledger
from bulou.ledger.actions import Outcome, Receipt, append
from bulou.ledger.rules import Entry
from bulou.rosters import actions as rosters
from bulou.rosters.queries import Post
from bulou.store import writing

FOLLOWED = (ORDER, CLOSED)
BEGINNING = at_midnight(date(2000, 1, 1))


def order_post(*, post: Post, body: Mapping[str, Any], by: str, at: datetime, id: UUID | None = None) -> Receipt:
    """Give the order a post stands on (a body of kind post_order) and return its receipt. One that is held opens nothing."""
    entry = Entry(id or new_id(), ORDER, post.subject, post.area, at, at, by, body)
    with writing(post.county):
        receipt = append([entry], at=at)[0]
        if receipt.outcome is Outcome.APPLIED:
            _follow(entry)
    return receipt


def close_post(*, post: Post, body: Mapping[str, Any], by: str, at: datetime, id: UUID | None = None) -> Receipt:
    """Take a post down (a body of kind post_closed) and return the receipt."""
    entry = Entry(id or new_id(), CLOSED, post.subject, post.area, at, at, by, body)
    with writing(post.county):
        receipt = append([entry], at=at)[0]
        if receipt.outcome is Outcome.APPLIED:
            _follow(entry)
    return receipt


def follow_order(entry: Entry, *, at: datetime) -> None:
    """Tell the register of posts what an order or a closing means, by whatever way it came.

    What the register says follows from all orders of the post as they stand: the same again, or in another order, ends
    the same. Raise LookupError if there is no such post, rosters' Refused if the dates contradict each other.
    """
    with writing(county_of(entry.area)):
        _follow(entry)


def _follow(entry: Entry) -> None:
    county, post = county_of(entry.area), UUID(entry.subject.partition(":")[2])
    with seeing(EVERYTHING):  # whoever gives an order may not see those given before from above
        said = ledger.entries_of(county_area(county), kinds=FOLLOWED, since=BEGINNING, until=FAR, about=[entry.subject])
    spell, times = latest_spell(said), manned_times(said)
    if spell.first is None or spell.last is None:
        if spell.closed_at is None:
            rosters.forget_order(county, post, by=entry.by)
    else:
        rosters.open_post(county, post, opened_at=spell.first.starts, order=f"entry:{spell.last.id}",
                          ends_at=spell.last.ends_at, by=entry.by)  # fmt: skip
    if spell.closed_at is not None:
        rosters.close_post(county, post, closed_at=spell.closed_at, order=f"entry:{spell.closed_by}", by=entry.by)
    if any(one.kind == ORDER for one in said):
        rosters.man_post(county, post, times, by=entry.by)
