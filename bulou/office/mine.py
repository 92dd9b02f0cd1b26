"""The phones in an account's own name, whatever its scope: our app's and those with Collect."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bulou.access import queries as access
from bulou.access.words import author_word
from bulou.areas import queries as areas
from bulou.core.scope import EVERYTHING, seeing
from bulou.field import queries
from bulou.field.actions.enrolling import WAIT
from bulou.field.rules.binding import ACTIVE, WAITING
from bulou.odk import queries as collects


@dataclass(frozen=True, slots=True)
class Mine:
    """A phone in one's own name. `digits` are what its app shows while it waits, "" of Collect, which shows none.

    `new`: one has not said of it, as it stands, that it is one's own. `waits`: it is not in use before.
    """

    id: UUID
    label: str
    collect: bool
    digits: str
    where: str
    since: datetime
    until: datetime
    by: str
    new: bool
    waits: bool


def mine(account: UUID, now: datetime) -> list[Mine]:
    """Return the phones in the account's name that are in use or wait, what one has not spoken about first."""
    own = [
        phone for phone in queries.phones_of(account)
        if phone.standing(now) == ACTIVE or (phone.state == WAITING and now < phone.enrolled_at + WAIT)
    ]  # fmt: skip
    others = [user for user in collects.app_users_of(account) if user.is_live(now)]
    names = access.names_of({phone.enrolled_by for phone in own} | {user.made_by for user in others})
    with seeing(EVERYTHING):  # of the places one's own phones are bound to, the names only
        where = areas.names({phone.area for phone in own} | {user.area for user in others})
    found = [
        Mine(phone.id, phone.label, False, phone.code if phone.state == WAITING else "", where.get(phone.area, ""),
             phone.enrolled_at, phone.expires_at, names.get(phone.enrolled_by) or author_word(phone.enrolled_by),
             phone.is_new_to_worker, phone.state == WAITING)
        for phone in own
    ] + [
        Mine(user.id, user.name, True, "", where.get(user.area, ""), user.made_at, user.expires_at,
             names.get(user.made_by) or author_word(user.made_by), user.known_at is None, user.waits_for_consent)
        for user in others
    ]  # fmt: skip
    return sorted(found, key=lambda one: (not one.new, not one.waits))
