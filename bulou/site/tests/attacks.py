"""A county with an account of every role, and the doors through which each may try to write."""

from datetime import timedelta

from django.urls import reverse

from bulou.access.tests.people import sign_in
from bulou.core.divisions import code_of, county_of
from bulou.core.ids import new_id
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing
from bulou.field.tests.phones import enrolled
from bulou.ledger import queries as ledger
from bulou.ledger.actions import append, resolve_held
from bulou.ledger.rules import Entry
from bulou.office.tests.made import COUNTY, OTHER_VILLAGE, TOWN, VILLAGE, make_account, make_county, visit_body
from bulou.store import query

NUMBER = county_of(COUNTY)
HOUR = timedelta(hours=1)
WITHDRAWN = {"withdrawn": True, "reason": "不要了"}
OFFICIAL = {"answered_as": "village_doctor", "judgement": "excluded"}


def armed_county():
    """Return the county of the screens, with an account of every role."""
    made = make_county(now() - timedelta(minutes=5))
    before = made.at - timedelta(days=1)
    for name, role, area in (
        ("township", "township", TOWN), ("inspector", "inspector", COUNTY), ("staff", "post_staff", VILLAGE),
        ("doctor", "village_doctor", VILLAGE), ("neighbour", "grid_worker", made.grids[0]),
        ("keeper", "storekeeper", VILLAGE),
        ("other_village", "village", OTHER_VILLAGE), ("anna", "grid_worker", VILLAGE), ("bo", "grid_worker", VILLAGE),
    ):  # fmt: skip
        made.accounts[name] = make_account(name, role, area, before)
    return made


def duties(which: str = "1 = 1") -> int:
    """Return how many duties there are."""
    return int(query(f"SELECT count(*) FROM ledger_duty WHERE {which}")[0][0])


def by(made, name: str) -> str:
    return f"account:{made.accounts[name]}"


def write(made, name, kind, subject, area, body, *, amends=None, at=None):
    at = at or now()
    entry = Entry(new_id(), kind, subject, area, at, at, by(made, name), body, amends=amends)
    return append([entry], at=now())[0]


def order(made, name="headquarters", area=COUNTY):
    """Return a sweep that the account ordered, and how many duties there are with it."""
    due = (now() + 6 * HOUR).isoformat()
    body = {"title": "大排查", "items": ["identity"], "look_back_date": "2020-01-10", "look_back_included": "yes",
            "due": due}  # fmt: skip
    receipt = write(made, name, "sweep_order", f"area:{code_of(area)}", area, body)
    assert receipt.outcome == "applied", receipt
    return receipt.id


def visit(made, name="grid"):
    receipt = write(made, name, "household_visit", made.subject(0), made.grids[0], visit_body(made, 0))
    assert receipt.outcome == "applied", receipt
    return receipt.id


def by_phone(made, name, kind, subject, area, body, *, amends=None, **more):
    phone = enrolled(made.accounts[name], [area], now())
    phone.record(kind, subject, area, now(), body, amends=str(amends) if amends else None, **more)
    (receipt,) = phone.push()["receipts"]
    return receipt["outcome"], receipt["reason"]


def at_desk(made, name, kind, subject, area, body, *, amends=None):
    client = sign_in(made.accounts[name])
    if amends:
        page = client.post(reverse("office:withdraw", args=[NUMBER, amends]), {"_reason": "不要了"})
    else:
        page = client.post(reverse("office:record", args=[kind, NUMBER, subject]), body)
    return "held" if page.status_code in (403, 404, 422) else "applied", "not permitted"


def from_tray(made, name, kind, subject, area, body, *, amends=None):
    """Held for another reason first, and then applied as it is by who decides about the tray."""
    at = now()
    entry = Entry(new_id(), kind, subject, area, at, at, by(made, name), body, amends=amends)
    assert append([entry], at=at, doubts={0: ("revoked", "")})[0].outcome == "held"
    with seeing(EVERYTHING):
        (held,) = [one for one in ledger.held(COUNTY) if one.entry == entry.id]
    receipt = resolve_held(NUMBER, held.id, by=by(made, "headquarters"), at=now(), note="看不出问题")
    assert receipt is not None
    return receipt.outcome, receipt.reason


def symptoms(made):
    person = f"person:{made.persons[made.households[0]][0]}"
    at = now()
    body = {"observed_at": at.isoformat(), "source": "visit", "symptoms": ["dry_cough"], "contacts": ["none"]}
    assert write(made, "grid", "symptom_report", person, made.grids[0], body).outcome == "applied"
    return person
