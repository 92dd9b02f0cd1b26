"""Taking one household from missing to visited in the browser, correcting it, withdrawing it."""

import re
from datetime import timedelta

import pytest

from bulou.core import moments
from bulou.core.moments import CHINA
from bulou.ledger import law
from bulou.ledger import queries as ledger
from bulou.office.tests.made import COUNTY, visit

pytestmark = pytest.mark.django_db
VISIT = "/record/household_visit/610927/{}/"


def at_home(made, i, names=("王", "李")):
    """Return what a browser sends when everybody of household i was found at home and well."""
    sent = {"outcome": "at_home", "look_back_date": "2020-01-10", "look_back_included": "yes", "nobody_returned": "yes",
            "established_by": ["asked_here"]}  # fmt: skip
    people = made.persons[made.households[i]]
    sent["members.rows"] = str(len(people))
    for row, person in enumerate(people):
        sent |= {f"members.{row}.{key}": value for key, value in {
            "person": f"person:{person}", "presence": "present", "identity": "known_person", "returned": "no",
            "contacts": "none", "temperature": "36.5", "symptoms": "none"}.items()}  # fmt: skip
    return sent


def id_on(page):
    return re.search(r'name="_id" value="([0-9a-f-]{36})"', page.content.decode()).group(1)


def test_from_missing_to_visited(made, signed_in):
    client, address = signed_in("village"), VISIT.format(made.subject(0))
    before = client.get("/missing/").context["total"]
    form = client.get(address)
    sent = at_home(made, 0) | {"_id": id_on(form)}
    page = client.post(address, sent)
    assert page.status_code == 200 and "Written" in page.content.decode(), page.content.decode()[:3000]
    assert client.get("/missing/").context["total"] == before - 4
    entry = ledger.entries_about(610927, [made.subject(0)])[0]
    # The record says by its id who was found; the name is the register's, and no page shows the whole of it.
    assert entry.body["members"][0]["person"] == f"person:{made.persons[made.households[0]][0]}"
    assert "name" not in entry.body["members"][0]
    assert "王大勇" not in form.content.decode() + page.content.decode()
    again = client.post(address, sent).content.decode()
    assert "Already written" in again
    assert client.get("/missing/").context["total"] == before - 4


def test_the_form_asks_for_everyone_on_the_register_once_an_outcome_is_chosen(made, signed_in):
    client, address = signed_in("headquarters"), VISIT.format(made.subject(0))
    assert "members.rows" not in client.get(address).content.decode()
    drawn = client.post(address + "?_draw=1", {"outcome": "at_home"}, headers={"HX-Request": "true"})
    page = drawn.content.decode()
    assert 'name="members.rows" value="3"' in page and "王*勇" in page and "<html" not in page
    assert 'value="2020-01-10"' in page  # the look-back date of the order this visit answers to
    fewer = client.post(
        address + "?_draw=1", at_home(made, 0) | {"_remove": "members.1"}, headers={"HX-Request": "true"}
    )
    assert 'name="members.rows" value="2"' in fewer.content.decode()
    more = client.post(address + "?_draw=1", at_home(made, 0) | {"_add": "members"}, headers={"HX-Request": "true"})
    assert 'name="members.rows" value="4"' in more.content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"members.0.temperature": "warm"}, "members.0.temperature"),
        ({"members.1.presence": ""}, "members.1.presence"),
        ({"outcome": ""}, "outcome"),
        ({"members.0.temperature": "63.5"}, "members.0.temperature"),
        ({"_happened_at": "2199-01-01T00:00"}, "_happened_at"),
        ({"_happened_at": "yesterday"}, "_happened_at"),
    ],
)
def test_every_wrong_answer_is_said_beside_its_question(made, signed_in, wrong, said):
    client, address = signed_in("headquarters"), VISIT.format(made.subject(0))
    page = client.post(address, at_home(made, 0) | wrong)
    assert page.status_code == 422 and said in page.context["errors"]
    text = page.content.decode()
    assert f'id="f-{said.replace(".", "-")}' in text and "aria-invalid" in text
    assert not ledger.entries_about(610927, [made.subject(0)])


def test_a_correction_and_a_withdrawal_are_shown_and_counted(made, signed_in):
    client = signed_in("village")
    receipt = visit(made, 0, made.at)
    before = client.get("/missing/").context["total"]
    address = f"/correct/610927/{receipt.id}/"
    form = client.get(address)
    assert 'value="36.5"' in form.content.decode()
    sent = at_home(made, 0) | {"_id": id_on(form), "members.0.temperature": "36.9"}
    assert "_reason" in client.post(address, sent).context["errors"]
    done = client.post(address, sent | {"_reason": "misread the thermometer"})
    assert "Written" in done.content.decode(), done.content.decode()
    page = client.get(f"/household/610927/{made.households[0]}/").content.decode()
    assert "misread the thermometer" in page and "36.9" in page and "36.5" in page
    withdraw = f"/withdraw/610927/{receipt.id}/"
    assert client.post(withdraw, {"_reason": ""}).status_code == 422
    assert client.post(withdraw, {"_reason": "wrong house", "_id": id_on(client.get(withdraw))}).status_code == 200
    assert client.get("/missing/").context["total"] == before + 4
    assert "Withdrawn" in client.get(f"/household/610927/{made.households[0]}/").content.decode()


def test_letting_a_duty_go_needs_a_basis(made, signed_in):
    client = signed_in("headquarters")
    address = f"/record/waiver/610927/{made.subject(2)}/?duty=sweep.household"
    before = client.get("/missing/").context["total"]
    until = (made.at + timedelta(days=3)).astimezone(CHINA).date().isoformat()
    assert client.post(address, {"reason": "demolished", "until": until}).status_code == 422
    page = client.post(address, {"reason": "demolished", "basis": "notice 3", "until": until})
    assert page.status_code == 200, page.content.decode()
    assert client.get("/missing/").context["total"] == before - 1


def test_a_household_added_later_is_named_as_missing(made, signed_in):
    from bulou.people.actions import register_household, register_person

    client = signed_in("headquarters")
    for i in range(9):
        visit(made, i, made.at)
    assert client.get("/missing/").context["total"] == 0
    home = register_household(area=made.grids[0], by="system:test", at=made.at, number="99", address="99号")
    register_person(name="欧阳娜娜", by="system:test", at=made.at, household=home, county=610927, is_head=True)
    page = client.get("/missing/")
    assert page.context["total"] == 2 and {line.about.name for line in page.context["lines"]} == {"欧**娜"}
    assert "Incomplete" in client.get("/").content.decode()


def test_a_grid_worker_may_not_order_a_sweep(made, signed_in):
    assert signed_in("grid").get("/record/sweep_order/610927/area:610927100201010000/").status_code in (403, 404)
    assert signed_in("headquarters").get("/record/sweep_order/610927/area:610927000000/").status_code == 200


def test_a_village_reaches_nothing_of_another(made, signed_in):
    client = signed_in("village")
    other = made.subject(2)  # in 鱼坪村
    receipt = visit(made, 2, made.at)
    for address in (VISIT.format(other),
                    f"/household/610927/{made.households[2]}/", f"/correct/610927/{receipt.id}/",
                    f"/person/610927/{made.persons[made.households[2]][0]}/",
                    f"/withdraw/610927/{receipt.id}/"):  # fmt: skip
        assert client.get(address).status_code == 404, address
    assert client.post(VISIT.format(other), at_home(made, 2)).status_code == 404
    assert len(ledger.entries_about(610927, [other])) == 1 and COUNTY


@pytest.mark.parametrize("answers", [{}, {"junk": True}], ids=["empty", "junk"])
def test_every_form_filled_in_wrongly_is_refused_in_words(made, signed_in, answers):
    """Each kind that headquarters, a household or a person has a form of: nothing is written, and nothing breaks."""
    client, seen = signed_in("headquarters"), set()
    person = f"person:{made.persons[made.households[0]][0]}"
    for subject in ("area:610927100201", made.subject(0), person, f"entry:{made.order}"):
        for kind in sorted(set(law.current().kinds) - seen):
            address = f"/record/{kind}/610927/{subject}/"
            form = client.get(address)
            if form.status_code == 404:
                continue
            seen.add(kind)
            names = re.findall(r'<(?:input|select|textarea)[^>]* name="([^"_][^"]*)"', form.content.decode())
            sent = {name: "☃\0" * 9 for name in names if name != "csrfmiddlewaretoken"} if answers else {}
            page = client.post(address, sent)
            assert page.status_code == 422, (kind, page.status_code)
            assert all(text for _, text in page.context["complaints"]) and page.context["complaints"], kind
    assert seen >= {"sweep_order", "household_visit", "followup_order", "situation_report", "decision", "waiver"}


def test_in_a_rehearsal_the_form_begins_with_the_rehearsals_moment(made, signed_in, monkeypatch):
    monkeypatch.setattr(moments, "_shift", timedelta(seconds=-30))
    page = signed_in("headquarters").get(VISIT.format(made.subject(0))).content.decode()
    assert "Rehearsal" in page and re.search(r'name="_happened_at" value="\d{4}-\d\d-\d\dT\d\d:\d\d"', page)
