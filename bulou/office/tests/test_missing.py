import pytest

from bulou.office.tests.made import visit

pytestmark = pytest.mark.django_db


def test_every_hidden_household_and_person_is_named_unowned_first(made, signed_in):
    page = signed_in("headquarters").get("/missing/")
    lines = page.context["lines"]
    assert len(lines) == page.context["total"] == 26
    unowned = [line.unowned for line in lines]
    assert unowned == sorted(unowned, reverse=True) and sum(unowned) == page.context["unowned"] == 6
    assert {line.about.name for line in lines} >= {"王*勇", "韩*冬"}
    assert "王大勇" not in page.content.decode()
    assert "138****5678" in page.content.decode() and "13812345678" not in page.content.decode()


def test_a_visit_takes_the_household_and_its_people_off_the_list(made, signed_in):
    client = signed_in("headquarters")
    visit(made, 0, made.at)
    names = {line.about.name for line in client.get("/missing/").context["lines"]}
    assert not names & {"王*勇", "李*英", "王*宝"}


def test_filters(made, signed_in):
    client = signed_in("headquarters")
    households = client.get("/missing/?duty=sweep.household").context
    assert households["total"] == 9 and {line.duty.name for line in households["lines"]} == {"sweep.household"}
    owners = {one["owner"].person if one["owner"] else "": one for one in households["owners"]}
    assert owners["安*"]["missing"] + owners["巴*"]["missing"] + owners["迟*"]["missing"] + owners[""]["missing"] == 26
    mine = client.get(owners["安*"]["url"]).context
    assert {line.owner.person for line in mine["lines"]} == {"安*"}
    nobody = client.get("/missing/?owner=none").context
    assert nobody["total"] == 6 and all(line.unowned for line in nobody["lines"])
    assert client.get("/missing/?state=overdue").context["total"] == 0


def test_pages_of_the_list_hold_everybody_once(made, signed_in, monkeypatch):
    from bulou.office.views import missing

    monkeypatch.setattr(missing, "PAGE", 4)
    client, seen, address = signed_in("headquarters"), [], "/missing/"
    while address:
        context = client.get(address).context
        seen += [line.duty.id for line in context["lines"]]
        address = context["after"]
    assert len(seen) == len(set(seen)) == 26
