"""Who can be the second person for an act, and what waits for one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from bulou.access.models import Account, Ask, AuditRow, Grant
from bulou.access.queries.accounts import RESETS
from bulou.access.queries.authors import account_of
from bulou.access.queries.holdings import all_roles, history_of
from bulou.access.rules import Holding, Wanted
from bulou.access.rules.second import FRESH, is_outside, is_unbroken
from bulou.core.divisions import ancestors_of, county_of
from bulou.core.scope import Range, visible
from bulou.store import query, stamp

MOST = 200
PUT_OUT = ("disable_account",)


@dataclass(frozen=True, slots=True)
class Seconds:
    """Who may approve (`able`), and whether there is anybody at all who could but for what the asker did of late."""

    able: frozenset[UUID]
    exist: bool


def find_seconds(wanted: Wanted, at: datetime) -> Seconds:
    """Return who is a second person for the act: living accounts but the asker with live grants of `approve` over its area.

    An account that the asker made, or to which they gave that grant, within FRESH is none. One whose password or second
    factor the asker reset within FRESH cannot approve, and one whose grant they took back or which they disabled still
    counts as being there: nobody is alone because they made themselves so. Nor can one approve whose own second factor it
    is about, or who could have signed in as the asker (_players). At most eight queries, and five for each of those.
    """
    there = _who_is_there(wanted, at)
    whose = {UUID(wanted.asked["account"])} if "account" in wanted.asked else set()  # nobody approves their own reset
    return Seconds(there.able - whose - _players(there.able, wanted, at), there.exist)


def _players(able: Iterable[UUID], wanted: Wanted, at: datetime) -> set[UUID]:
    """Return who of them made the asker's account, or reset its password or second factor, within FRESH.

    They had its password in their hands: one person could ask as the one and approve as the other. Where they could do the
    act alone, nothing is gained by it and they count.
    """
    since, asker = at - FRESH, account_of(wanted.by)
    row = Account.objects.filter(id=asker).first() if asker else None
    if row is None:
        return set()
    did = AuditRow.objects.filter(county=county_of(row.area), subject=wanted.by, action__in=RESETS, at__gt=since)
    authors = {*did.values_list("account", flat=True), *([row.created_by] if row.created_at > since else [])}
    players = {account_of(author) for author in authors}
    return {
        one for one in able
        if one in players and _who_is_there(replace(wanted, by=f"account:{one}"), at).exist
    }  # fmt: skip


def _who_is_there(wanted: Wanted, at: datetime) -> Seconds:
    since, asker = at - FRESH, account_of(wanted.by)
    roles = all_roles()
    carrying = [name for name, role in roles.items() if "approve" in role.permissions]
    grants = Grant.objects.filter(
        Q(ends_at__gt=at) | Q(ends_at__gt=since, revoked_by=wanted.by),
        area__in=[wanted.area, *ancestors_of(wanted.area)], role__in=carrying, starts_at__lte=at,
        account__expires_at__gt=at,
    ).exclude(account=asker).select_related("account")  # fmt: skip
    did = AuditRow.objects.filter(account=wanted.by, action__in=(*RESETS, *PUT_OUT), at__gt=since)
    done = set(did.values_list("subject", "action"))
    able, exist = set(), False
    for grant in grants:
        account, author = grant.account, f"account:{grant.account_id}"
        if (grant.given_by == wanted.by and grant.given_at > since) or (
            account.created_by == wanted.by and account.created_at > since
        ):
            continue
        live, out = grant.ends_at > at, any((author, act) in done for act in PUT_OUT)
        if not account.is_active and not out:
            continue
        exist = True
        if live and account.is_active and not any((author, act) in done for act in RESETS):
            able.add(account.id)
    if wanted.outside:
        able = _with_one_outside(able, asker, wanted.area, at)
        exist = bool(able)
    return Seconds(frozenset(able), exist)


def _with_one_outside(able: Iterable[UUID], asker: UUID | None, area: int, at: datetime) -> set[UUID]:
    """Return those who make, together with the asker, two people of whom one is not of the area's headquarters."""
    able = set(able)
    homes = dict(Account.objects.filter(id__in=[*able, *([asker] if asker else [])]).values_list("id", "area"))

    def outside(account: UUID) -> bool:
        return account in homes and is_outside([h for h in history_of(account) if h.live(at)], homes[account], area)

    if asker is not None and outside(asker):
        return able
    return {account for account in able if outside(account)}


@dataclass(frozen=True, slots=True)
class Asked:
    """An ask as its pages show it. `state`: waits, approved, refused, done or over."""

    id: UUID
    at: datetime
    by: str
    act: str
    area: int
    asked: dict[str, Any]
    until: datetime
    answered_at: datetime | None
    answered_by: str
    approved: bool
    word: str
    done_at: datetime | None
    outside: bool
    path: str
    form: dict[str, list[str]]
    state: str


def _state(row: Ask, at: datetime) -> str:
    if row.done_at is not None:
        return "done"
    if row.answered_at is not None and not row.approved:
        return "refused"
    if row.until <= at:
        return "over"
    return "approved" if row.approved else "waits"


def described(row: Ask, at: datetime) -> Asked:
    """Return the ask as its pages show it."""
    asked, form = (msgspec.json.decode(text) if text else {} for text in (row.asked, row.form))
    return Asked(row.id, row.at, row.by, row.act, row.area, asked, row.until, row.answered_at, row.answered_by,
                 row.approved, row.word, row.done_at, row.outside, row.path, form, _state(row, at))  # fmt: skip


def _within(ranges: Iterable[Range]) -> Q:
    where = Q(pk__in=[])
    for low, high in ranges:
        where |= Q(area__range=(low, high))
    return where


def asks_here(at: datetime, *, by: str) -> list[Asked]:
    """Return what waits in the bound scope for somebody else's word than the account's own, the oldest first.

    Of more than fit the list everybody's first ones are in it: nobody keeps others' asks out by asking for much.
    """
    rows = Ask.objects.filter(_within(visible()), answered_at=None, until__gt=at).exclude(by=by)
    nth = Window(RowNumber(), partition_by=F("by"), order_by=("at", "id"))
    shown = rows.annotate(nth=nth).order_by("nth", "at")[:MOST]
    return [described(row, at) for row in sorted(shown, key=lambda row: row.at)]


def find_ask(ask: UUID, at: datetime) -> Asked | None:
    """Return the ask if its area is in the bound scope."""
    row = Ask.objects.filter(_within(visible()), id=ask).first()
    return described(row, at) if row else None


def asks_of(by: str, at: datetime) -> list[Asked]:
    """Return what the account asked for, the latest first. Not scoped: it is their own."""
    return [described(row, at) for row in Ask.objects.filter(by=by).order_by("-at")[:MOST]]


def waiting_for(by: str, ranges: Iterable[Range], at: datetime) -> tuple[int, int]:
    """Return how many asks of others in the ranges wait for a word, and how many of one's own were answered.

    Asked for every page, so one statement in plain SQL: composing it anew cost five times what it takes to run.
    """
    places = list(ranges)
    where = " OR ".join(["area BETWEEN %s AND %s"] * len(places)) or "1 = 0"
    ((theirs, mine),) = query(
        f'SELECT coalesce(sum(CASE WHEN "by" <> %s AND answered_at IS NULL AND ({where}) THEN 1 ELSE 0 END), 0),'  # noqa: S608
        ' coalesce(sum(CASE WHEN "by" = %s AND answered_at IS NOT NULL THEN 1 ELSE 0 END), 0)'
        " FROM access_ask WHERE done_at IS NULL AND until > %s",
        by, *(end for place in places for end in place), by, stamp(at),
    )  # fmt: skip
    return theirs, mine


def names_of_seconds(wanted: Wanted, at: datetime) -> list[str]:
    """Return the names of those who can approve, in order."""
    found = Account.objects.filter(id__in=find_seconds(wanted, at).able)
    return sorted(str(account) for account in found)


def fitting(wanted: Wanted, at: datetime) -> list[UUID]:
    """Return the asks with an approval that fits the act exactly and still holds: neither side's grant has ended since."""
    rows = Ask.objects.filter(
        by=wanted.by, act=wanted.act, area=wanted.area, digest=wanted.digest, approved=True, done_at=None, until__gt=at
    ).order_by("at")
    asker, found = account_of(wanted.by), []
    for row in rows:
        second = account_of(row.answered_by)
        if asker is None or second is None or row.answered_at is None:
            continue
        if (
            second in find_seconds(wanted, at).able
            and is_unbroken(_approving(history_of(second)), wanted.area, row.answered_at, at)
            and is_unbroken(history_of(asker), wanted.area, row.at, at)
        ):
            found.append(row.id)
    return found


def _approving(history: Iterable[Holding]) -> list[Holding]:
    return [holding for holding in history if "approve" in holding.permissions]
