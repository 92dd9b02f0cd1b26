"""An order is an entry; the register of posts learns from it when a post stands, in the same transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from bulou.checkpoints.rules.standing import CLOSED, ORDER, read_order
from bulou.core.divisions import county_of
from bulou.core.ids import new_id
from bulou.core.moments import parse_moment
from bulou.ledger import queries as ledger
from bulou.ledger.actions import Outcome, Receipt, advance, append
from bulou.ledger.actions.tables import writing
from bulou.ledger.rules import Entry
from bulou.rosters import actions as rosters
from bulou.rosters.queries import Post

CONSUMER = "checkpoints.orders"


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


def follow_orders(*, limit: int = 500) -> int:
    """Tell the register of posts what orders came by other ways (a phone, a file, a correction); return how many entries
    were looked at. A consumer of the ledger's feed: call it until it returns 0. The same again changes nothing.
    """
    found = ledger.feed(*ledger.cursor_of(CONSUMER), limit=limit)
    for county in {county_of(entry.area) for _, _, entry in found}:
        with writing(county):
            for _, _, entry in found:
                if entry.kind in (ORDER, CLOSED) and county_of(entry.area) == county and not entry.amends:
                    _follow(entry)
    if found:
        txid, position, _ = found[-1]
        advance(CONSUMER, txid=txid, position=position)
    return len(found)


def _follow(entry: Entry) -> None:
    county, post = county_of(entry.area), UUID(entry.subject.partition(":")[2])
    order = f"entry:{entry.id}"
    if entry.kind == ORDER:
        said = read_order(entry)
        rosters.open_post(county, post, opened_at=said.starts, order=order, ends_at=said.ends_at, by=entry.by)
    else:
        rosters.close_post(county, post, closed_at=parse_moment(entry.body["closed_at"]), order=order, by=entry.by)
