"""How long the pages show what was recorded: by the rule set in force, and never a body without asking it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from bulou.core.divisions import county_of
from bulou.ledger import queries as ledger
from bulou.ledger.queries import HeldEntry
from bulou.ledger.rules import Entry
from bulou.office.words import title_of
from bulou.records import keeping
from bulou.records.declaration import Declaration
from bulou.records.keeping import Kept
from bulou.records.law import judged_of
from bulou.records.rulebook import rules_in_force

DAYS_OF_PASSES = "retention.pass_days"


def pass_days(county: int, now: datetime) -> int:
    """Return for how many days a pass is shown."""
    return int(str(rules_in_force(county, now).get(DAYS_OF_PASSES)))


def kept(kind: Declaration, entry: Entry, body: Mapping[str, Any], *, now: datetime) -> Kept:
    """Return what may still be shown of what an entry said, as its form means it: `body` is its own, a correction's or
    one as it stands.

    It is as old as the entry, whatever moment a correction gives it.
    """
    body = judged_of(replace(entry, body=body)).body
    return keeping.kept(kind.fields, body, age=now - since(entry), pass_days=pass_days(county_of(entry.area), now))


def has_expired(kind: Declaration, entry: Entry, *, now: datetime) -> bool:
    """Tell whether something of the entry is no longer shown, so that its form cannot be filled in with it any more."""
    county = county_of(entry.area)
    if keeping.has_expired(kind.fields, age=now - since(entry), pass_days=pass_days(county, now)):
        return True
    return entry.id in ledger.erasures(county, [entry.id])


@dataclass(frozen=True, slots=True)
class Gone:
    """When what an entry said of people was destroyed, and on what basis, in the language of the page."""

    at: datetime
    basis: str


def gone(county: int, ids: Iterable[UUID]) -> dict[UUID, Gone]:
    """Return what was destroyed of entries, or of places in the held tray, that may be read."""
    return {id_: Gone(one.erased_at, basis_text(one.basis)) for id_, one in ledger.erasures(county, ids).items()}


def basis_text(basis: str) -> str:
    """Return in words on what basis something was destroyed (site.retention writes the rule set, the rule, the days)."""
    if not basis:
        return _("at once")
    name, rule, days = basis.split()
    return _("rule set %(name)s, %(rule)s: %(days)s days") % {"name": name, "rule": rule, "days": days}


def table_text(name: str, columns: Iterable[str] = ()) -> str:
    """Return what a kind, or columns of a table, are called where their destruction is told."""
    said = {
        "people_household": _("Households of the register"),
        "people_person": _("Persons of the register"),
        "people_source": _("Rows of lists, as they came"),
        "people_merge": _("What undoing a merge would put back"),
        "people_importrun": _("Rows given back to be corrected"),
        "rosters_responder": _("Whoever stands duty"),
        "rosters_contact": _("Leaders and what they answer for"),
        "areas_responsibility": _("Who answers for an area"),
        "command_appointment": _("Appointments of the headquarters"),
        "access_account": _("Accounts"),
        "access_auditrow": _("Purposes and details in the audit"),
        "access_alert": _("Notes on alerts"),
        "field_device": _("Names of phones"),
        "odk_appuser": _("Names of phones"),
        "odk_submission": _("Records from Collect that came in part"),
        "ledger_held": _("Notes in the held tray"),
        "ledger_stuck": _("Why something failed"),
        "unreadable": _("What is in the held tray and cannot be read"),
    }
    if name in said:
        return said[name]
    return " ".join([name, *columns]) if name.partition("_")[0] in APPS and tuple(columns) else title_of(name)


APPS = ("access", "account", "areas", "command", "django", "field", "ledger", "mfa", "odk", "people", "rosters")


def since(entry: Entry) -> datetime:
    """Return from when an entry's days count: no clock that is ahead makes them longer."""
    return min(entry.happened_at, entry.received_at or entry.happened_at)


def read_held(one: HeldEntry) -> Entry | None:
    """Return what was sent with when it came, if it can be read: whatever its own clock says, it is no younger than that."""
    try:
        return replace(msgspec.json.decode(one.sent, type=Entry), received_at=one.received_at)
    except msgspec.MsgspecError:
        return None
