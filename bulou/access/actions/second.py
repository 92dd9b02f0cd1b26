"""One mechanism of a second person: somebody asks, somebody else approves, the asker carries it out, once.

The action of an act calls `need` in its own transaction, with exactly what it is about to do. Either an approval of just
that is used up; or `NeedsSecond` is raised, which the door stores as an ask (`ask`) and says so; or nobody else there may
approve, and the act goes on with a row in the audit that says so. What would cost much to prepare calls `foresee` first.
The program itself and the machine's console ("system:…") need nobody: whoever owns the machine stands for the second.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, transaction

from bulou.access.actions.audit import audit
from bulou.access.models import Account, Ask
from bulou.access.queries.authors import account_of
from bulou.access.queries.holdings import history_of
from bulou.access.queries.second import find_seconds, fitting
from bulou.access.rules import Holding, Refusal, Role, Wanted
from bulou.access.rules.second import LASTS, WAITS, NeedsSecond, is_auditors, is_powerful, watches
from bulou.core.divisions import depth_of

MOST_FORM = 256_000  # letters of a form that is kept so that it can be sent again


def need(
    act: str, *, area: int, asked: Mapping[str, Any], by: str, at: datetime, outside: bool = False
) -> None:  # fmt: skip
    """Let the act go on if a second person has approved exactly this, using the approval up; or if there is no other.

    `asked`: the parameters, plain JSON, read by who approves. Call it in the transaction of the act; raise RuntimeError
    outside one. Raise NeedsSecond if it must be asked for, Refusal `no_outsider` where nobody could ever approve.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the second person is asked inside the transaction of the act")
    wanted = Wanted(act, area, by, asked, outside)
    if not by.startswith("account:"):
        return
    for ask in fitting(wanted, at):
        # Whoever marks it done wins: two requests with one approval do the act once.
        if Ask.objects.filter(id=ask, done_at=None).update(done_at=at):
            audit(by=by, at=at, action="second_done", area=area, subject=f"ask:{ask}", detail={"act": act})
            return
    _check_alone(wanted, at)
    audit(by=by, at=at, action="second_none", area=area, detail={"act": act})


def foresee(
    act: str, *, area: int, asked: Mapping[str, Any], by: str, at: datetime, outside: bool = False
) -> None:  # fmt: skip
    """Raise what `need` would raise, and use nothing up: before a file of a whole county is put together."""
    wanted = Wanted(act, area, by, asked, outside)
    if by.startswith("account:") and not fitting(wanted, at):
        _check_alone(wanted, at)


def _check_alone(wanted: Wanted, at: datetime) -> None:
    """Raise NeedsSecond if there is anybody who could be the second person."""
    if find_seconds(wanted, at).exist:
        raise NeedsSecond(wanted)
    if wanted.outside:
        raise Refusal("no_outsider")


def need_for_account(
    act: str, account: Account, *, by: str, at: datetime, asked: Mapping[str, Any] | None = None
) -> None:
    """Ask for a second person for a change of an account that watches over a headquarters, manages others or approves.

    Others need none. Of an auditor's the act is `change_auditor`, and one of the two is not of the headquarters it
    watches. No `act`: only an auditor's asks.
    """
    history = history_of(account.id)
    said = {"username": account.username, "name": account.display_name, **(asked or {})}
    if watching := [holding for holding in history if watches(holding, at)]:
        need("change_auditor", area=_widest(watching), asked=said, by=by, at=at, outside=True)
    elif act and (powerful := [holding for holding in history if is_powerful(holding) and holding.ends_at > at]):
        need(act, area=_widest(powerful), asked=said, by=by, at=at)


def need_for_role(account: Account, role: Role, area: int, *, by: str, at: datetime, asked: Mapping[str, Any]) -> None:
    """Ask for a second person where somebody is made an auditor, or is given a role that manages accounts or approves."""
    said = {"username": account.username, "name": account.display_name, "does": "give", "role": role.name,
            "over": str(area), **asked}  # fmt: skip
    if is_auditors(role):
        need("give_auditor", area=area, asked=said, by=by, at=at, outside=True)
    elif is_watching(account.id, at):
        need_for_account("", account, asked=said, by=by, at=at)
    elif is_powerful(role):
        need("give_powers", area=area, asked=said, by=by, at=at)


def is_watching(account: UUID, at: datetime) -> bool:
    """Tell whether the account is, will be or was until lately an auditor's, whatever else it holds."""
    return any(watches(holding, at) for holding in history_of(account))


def _widest(holdings: list[Holding]) -> int:
    return min((holding.area for holding in holdings), key=depth_of)


@transaction.atomic
def ask(wanted: Wanted, *, at: datetime, path: str = "", form: Mapping[str, list[str]] | None = None) -> UUID:
    """Keep the ask, on record, and return its id: the one that waits already if the same was asked before.

    `path` and `form` are what the asker sent, so that they can send it again once it is approved.
    """
    same = {"by": wanted.by, "act": wanted.act, "area": wanted.area, "digest": wanted.digest}
    open_ = Ask.objects.filter(**same, answered_at=None, until__gt=at).values_list("id", flat=True).first()
    if open_ is not None:
        return open_
    sent = msgspec.json.encode(dict(form or {})).decode()
    row = Ask.objects.create(
        **same, at=at, until=at + WAITS, asked=wanted.text, outside=wanted.outside, path=path[:500],
        form=sent if len(sent) <= MOST_FORM else "",
    )  # fmt: skip
    audit(by=wanted.by, at=at, action="second_asked", area=wanted.area, subject=f"ask:{row.id}",
          detail={"act": wanted.act})  # fmt: skip
    return row.id


@transaction.atomic
def answer(ask: UUID, *, approve: bool, word: str, by: str, at: datetime) -> None:
    """Approve the ask, or refuse it, with a word. An approval then lasts LASTS.

    Raise LookupError if it waits no longer; Refusal `own_ask`, `own_account` if it is done to their own second factor,
    `not_second` if the account is no second person for it, or `no_word`.
    """
    row = Ask.objects.select_for_update().filter(id=ask, answered_at=None, until__gt=at).first()
    if row is None:
        raise LookupError("nothing waits there")
    if row.by == by:
        raise Refusal("own_ask")
    wanted = Wanted(row.act, row.area, row.by, msgspec.json.decode(row.asked), row.outside)
    if approve and wanted.asked.get("account") == str(account_of(by)):
        raise Refusal("own_account")  # nobody approves what is done to their own second factor
    if account_of(by) not in find_seconds(wanted, at).able:
        raise Refusal("not_second")
    if not (said := " ".join(word.split())[:500]):
        raise Refusal("no_word")
    changed = Ask.objects.filter(id=ask, answered_at=None).update(
        answered_at=at, answered_by=by, approved=approve, word=said, until=at + LASTS
    )
    if not changed:
        raise LookupError("nothing waits there")
    audit(by=by, at=at, action="second_approved" if approve else "second_refused", area=row.area, subject=f"ask:{ask}",
          purpose=said, detail={"act": row.act})  # fmt: skip
