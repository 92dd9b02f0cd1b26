import pytest

from bulou.ledger import queries as ledger
from bulou.office.tests.made import COUNTY, visit_body, write
from bulou.office.tests.test_record import at_home

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(made):
    receipt = write(
        made, "household_visit", made.subject(0), made.grids[0], made.at, visit_body(made, 0, outcome="gone"),
        by=f"account:{made.accounts['grid']}",
    )  # fmt: skip
    assert receipt.outcome == "held"
    return ledger.held(COUNTY)[0]


def test_the_tray_says_why_and_a_note_is_needed(held, signed_in):
    client = signed_in("headquarters")
    assert "Its answers do not pass" in client.get("/held/").content.decode()
    address = f"/held/{held.id}/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"decision": "dismiss", "note": " "}).status_code == 422
    again = client.post(address, {"decision": "apply", "note": "try"})
    assert again.status_code == 422 and "still cannot be applied" in again.content.decode()
    assert client.post(address, {"decision": "dismiss", "note": "sent twice"}).status_code == 302
    assert not ledger.held(COUNTY)
    assert "Dismissed" in client.get("/held/?resolved=1").content.decode()


def test_a_held_entry_put_right_counts(made, held, signed_in):
    client, address = signed_in("headquarters"), f"/held/{held.id}/correct/"
    before = client.get("/missing/").context["total"]
    assert client.get(address).status_code == 200
    assert client.post(address, at_home(made, 0)).status_code == 422  # no note
    done = client.post(address, at_home(made, 0) | {"_reason": "they meant at home"})
    assert done.status_code == 302, done.content.decode()
    assert client.get("/missing/").context["total"] == before - 4
    assert ledger.held(COUNTY, resolved=True)[0].resolution == "corrected"
    entry = ledger.entries_about(made.county, [made.subject(0)])[0]
    assert entry.by == f"account:{made.accounts['headquarters']}"
    assert entry.body["_for"] == {"whom": f"account:{made.accounts['grid']}", "source": "held"}
    page = client.get(f"/household/{made.county}/{made.households[0]}/").content.decode()
    assert "for grid, from what they sent and was held" in page


def test_another_village_cannot_reach_it(held, made, signed_in):
    from bulou.office.tests.made import OTHER_VILLAGE, make_account

    made.accounts["other"] = make_account("other", "village", OTHER_VILLAGE, made.at)
    client = signed_in("other")
    assert client.get(f"/held/{held.id}/").status_code == 404
    assert client.get("/held/").context["total"] == 0
