"""One person with unmistakable values, planted wherever people are kept, and looked for in all that anybody is answered.

Every address × every built-in role, its forms sent back as drawn and empty, what Collect and the phone fetch, and files
as they are handed over: a full name, ID number or phone stands there only behind a door that writes who saw it.
"""

import html
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from bulou.access.models import AuditRow
from bulou.access.roles import built_in_roles
from bulou.access.tests.people import make_account
from bulou.areas.rules.tree import subject_of
from bulou.core.divisions import code_of, county_area, county_of
from bulou.core.ids import new_id
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing
from bulou.field.tests.phones import enrolled
from bulou.ledger import queries as ledger
from bulou.ledger.actions import append
from bulou.ledger.rules import Entry
from bulou.odk.actions import consent_app_user, make_app_user
from bulou.own_forms.actions import declare_form
from bulou.people.actions import begin_run, finish_run, register_household, register_person
from bulou.people.rules.rows import Counts
from bulou.records.uploaded.kinds import own_name
from bulou.records.uploaded.tests.made import xform
from bulou.rosters import actions as rosters
from bulou.rosters.rules.registers import NewResponder
from tests.architecture.samples import BY, TOWN, VILLAGE, World, clients_of, make_world, sign_in_roles
from tests.architecture.test_urls import ADDRESSES, TABLE, _expected, _url

NAME, ID, PHONE = "欧阳不漏", "610927198503214211", "13955501234"
SPELT = ("139 5550 1234", "139-5550-1234")
SECRETS = (NAME, ID, PHONE, *SPELT)
DOORS = {  # these hand full values over, each time on record
    "office:import_rows": "export",
    "office:reveal": "reveal",
    "office:arrival_reveal": "reveal",
}
LEFT_ALONE = re.compile(r"^/account/(logout|password)|^/collect/|/i18n/")  # forms that end the session


# A county's own form: what each question asks for stands in one of its languages only.
VISITORS = """
| survey | | | | |
| | type | name | label::中文 (zh) | label::English (en) |
| | text | who | 来人姓名 | Visitor |
| | text | reach | 联系方式 | Reached at |
| | text | card | 号码 | ID number |
| | image | face | 照片 | Photo |
| | begin repeat | also | 同行 | With them |
| | text | guest | 谁 | Full name |
| | text | reach_them | 打到哪里 | Phone |
| | end repeat | | | |
| settings |
| | form_title | form_id | version | default_language |
| | 来客登记 | visitors | 1 | 中文 (zh) |
"""


@dataclass
class Planted:
    world: World
    entries: list[UUID]
    person: UUID
    household: UUID


def _workbook(text: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", text)
    return kept.getvalue()


def _plant(world: World) -> Planted:
    at, county = now(), county_of(VILLAGE)
    home = register_household(area=VILLAGE, by=BY, at=at, address="9号", number="9", note=f"电话 {SPELT[0]}")
    person = register_person(
        name=NAME, id_number=ID, phone=PHONE, note=f"又一个号码 {SPELT[1]}", by=BY, at=at, household=home, county=county,
        is_head=True, list_name="外地册",
    )  # fmt: skip
    who = {"name": NAME, "phone": PHONE, "id_number": ID}
    post = world.own["post"]["post"]
    visit = {
        "outcome": "at_home", "look_back_date": "2020-01-10", "look_back_included": "yes", "nobody_returned": "yes",
        "established_by": ["asked_here"], "note": f"他说打 {PHONE}",
        "members": [{"person": f"person:{person}", "name": NAME, "presence": "present", "identity": "known_person",
                     "returned": "no", "contacts": ["none"], "temperature": 36.5, "symptoms": ["none"]},
                    {"name": NAME, "presence": "away", "away_where": "西安", "away_phone": PHONE}],
    }  # fmt: skip
    said: list[tuple[str, str, dict[str, Any]]] = [
        ("household_visit", f"household:{home}", visit),
        ("person_noted", f"household:{home}", {"new": "yes", **who, "category": "outsider", "place": "湖北", "moved_on":
         "2020-01-29", "contacts": ["unknown"], "symptoms": ["none"], "others_left": "no", "note": PHONE}),
        ("symptom_report", f"person:{person}", {"observed_at": at.isoformat(), "source": "health_check", "name": NAME,
         "symptoms": ["fever"], "temperature": 38.4, "contacts": ["none"], "done_already": ["mask"]}),
        ("vehicle_pass", f"post:{post}", {"vehicle": "car", "destination": code_of(VILLAGE), "decision": "pass",
         "destination_address": "9号", "people": [{"temperature": 36.5, **who}]}),
        ("fever_referral", f"post:{post}", {"plate": "鄂A12345", **who, "first_temperature": 38.2, "transport": "ambulance",
         "clinic": "县医院", "left_at": at.isoformat(), "headquarters_told": "yes", "alone": "no",
         "companions": [{**who, "temperature": 36.6, "what": "central_observation"}]}),
    ]  # fmt: skip
    made = [Entry(new_id(), kind, subject, VILLAGE, at, at, BY, body) for kind, subject, body in said]
    own = declare_form(area=county_area(county), xform=xform(VISITORS), form_id="visitors", label="1", subject="area",
                       file=b"", file_name="来客.xlsx", by=BY, at=at)  # fmt: skip
    said_of_own = {
        "who": NAME,
        "reach": PHONE,
        "card": ID,
        "face": f"{NAME}{PHONE}.jpg",
        "also": [{"guest": NAME, "reach_them": PHONE}],
    }
    made.append(Entry(new_id(), own_name(county, "visitors"), subject_of(VILLAGE), VILLAGE, at, at, BY, said_of_own))
    receipts = append(made, at=at)
    assert [(r.outcome, r.detail) for r in receipts if r.outcome != "applied"] == []
    entries = [one.id for one in made]
    broken = Entry(new_id(), "household_visit", f"household:{home}", VILLAGE, at, at, BY, {**visit, "outcome": NAME})
    assert append([broken], at=at)[0].outcome == "held"
    report = begin_run(area=VILLAGE, list_name="待改", file_name="册.xlsx", sha256="", by=BY, at=at)
    finish_run(county=county, run=report, counts=Counts(read=1, bad=1), at=at, report=_workbook(f"{NAME} {ID} {PHONE}"))
    who_stands = rosters.add_responder(NewResponder(NAME, VILLAGE, phone=PHONE), by=BY, at=at)
    passed = next(one for one in made if one.kind == "vehicle_pass")
    held = [one for one in ledger.held(VILLAGE) if NAME in one.sent]
    own: dict[str, dict[str, Any]] = {
        "person": {"county": county, "person": person},
        "household": {"county": county, "household": home},
        "somebody": {"county": county, "sort": "person", "key": person},
        "visited": {"kind": "household_visit", "county": county, "subject": f"household:{home}"},
        "held": {"held": held[0].id},
        "run": {"run": report},
        "responder": {"county": county, "responder": who_stands},
        "arrival": {"county": county, "subject": f"arrival:{code_of(VILLAGE)}.{passed.id}.1"},
    }
    world.own.update(own)
    return Planted(world, entries, person, home)


@pytest.fixture(scope="module")
def _planted(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Planted, dict[str, str]]]:
    with django_db_blocker.unblock(), transaction.atomic():
        with seeing(EVERYTHING):
            world = make_world()
            planted = _plant(world)
        yield planted, sign_in_roles()
        transaction.set_rollback(True)


@pytest.fixture
def planted(_planted: tuple[Planted, dict[str, str]], db: None) -> Planted:
    return _planted[0]


@pytest.fixture
def clients(_planted: tuple[Planted, dict[str, str]], db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Client]:
    return clients_of(_planted[1], monkeypatch)


def _text(response: HttpResponseBase) -> str:
    """Return all that an answer says: its headers, its page, and what is in a file that it is."""
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    said = [str(response.headers), html.unescape(content.decode("utf-8", "replace"))]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            said += [html.unescape(packed.read(name).decode("utf-8", "replace")) for name in packed.namelist()]
    return "\n".join(said)


def _seen(response: HttpResponseBase) -> list[str]:
    text = _text(response)
    return [secret for secret in SECRETS if secret in text]


_FORM = re.compile(r"<form([^>]*)>(.*?)</form>", re.DOTALL)
_FIELD = re.compile(r"<(input|textarea|select|button)([^>]*)>(?:([^<]*)</textarea>)?", re.DOTALL)


def _forms(page: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield where each form of a page is sent to and what a browser would send of it as it is drawn."""
    for head, inside in _FORM.findall(page):
        if 'method="post"' not in head:
            continue
        action = re.search(r'action="([^"]*)"', head)
        sent: dict[str, str] = {}
        for tag, said, text in _FIELD.findall(inside):
            name, value = re.search(r' name="([^"]*)"', said), re.search(r' value="([^"]*)"', said)
            kind = re.search(r' type="([^"]*)"', said)
            ticked = not kind or kind[1] not in ("radio", "checkbox") or " checked" in said
            if name and tag in ("input", "textarea") and ticked and (not kind or kind[1] != "file"):
                sent.setdefault(name[1], html.unescape(value[1] if value else text))
        for name_, options in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', inside, re.DOTALL):
            chosen = re.search(r'value="([^"]*)" selected', options)
            sent[name_] = chosen[1] if chosen else ""
        yield (html.unescape(action[1]) if action else ""), sent


def _things(name: str, planted: Planted) -> list[dict[str, Any]]:
    of = TABLE[name].get("of", "")
    if of == "entry":
        return [{"county": county_of(VILLAGE), "entry": one} for one in planted.entries]
    return [planted.world.own.get(of, {})]


@pytest.mark.unscoped
@pytest.mark.parametrize(
    "name", sorted(name for name in ADDRESSES if TABLE.get(name, {}).get("door") not in ("phone", "odk"))
)
def test_no_address_and_no_form_says_who_somebody_is(name: str, planted: Planted, clients: dict[str, Client]) -> None:
    address, said = ADDRESSES[name], TABLE[name]
    wrong: list[str] = []
    tried: set[tuple[str, str]] = set()
    for role, client in clients.items():
        permission = said.get("permission")
        if permission is not None and permission not in built_in_roles()[role].permissions:
            continue
        for thing in _things(name, planted):
            for area in (TOWN, VILLAGE) if address.areas else (VILLAGE,):
                url = _url(address, area, thing)
                with transaction.atomic():
                    rows = AuditRow.objects.count()
                    response = client.generic(address.method, url)
                    found, on_record = _seen(response), AuditRow.objects.count() > rows
                    if found and not (name in DOORS and on_record):
                        wrong.append(f"{role} {address.method} {url}: {found}")
                    drawn = response.status_code == 200 and "html" in response.get("Content-Type", "")
                    if drawn and area == VILLAGE:
                        wrong += _of_forms(client, role, url, response.content.decode(), tried)  # type: ignore[attr-defined]
                    transaction.set_rollback(True)
    assert wrong == []
    assert _expected(said)


def _of_forms(client: Client, role: str, url: str, page: str, tried: set[tuple[str, str]]) -> list[str]:
    """Send every form of the page back as drawn, drawn again, and empty; return where that says who somebody is.

    A form that another role was shown just so is not sent again.
    """
    wrong = []
    for action, sent in _forms(page):
        where = action if action.startswith("/") else f"{url.partition('?')[0]}{action}" if action else url
        same = where, str(sorted((n, v) for n, v in sent.items() if n not in ("csrfmiddlewaretoken", "_id")))
        if LEFT_ALONE.search(where) or same in tried:
            continue
        tried.add(same)
        again = where + ("&" if "?" in where else "?") + "_draw=1"
        key = {"csrfmiddlewaretoken": sent.get("csrfmiddlewaretoken", "")}
        for address, body in ((where, sent), (again, sent), (where, key), (again, key)):
            with transaction.atomic():
                response = client.post(address, body, follow=True)
                if found := _seen(response):
                    wrong.append(f"{role} POST {address} from {url} {'empty' if body is key else ''}: {found}")
                transaction.set_rollback(True)
    return wrong


@pytest.mark.unscoped
def test_lists_searches_and_files_say_nobody_in_full_unless_asked_and_on_record(
    planted: Planted, clients: dict[str, Client]
) -> None:
    """What the addresses above do not show without being asked: each kind's records, a search that finds, every export."""
    wrong = []
    own = own_name(county_of(VILLAGE), "visitors")
    kinds = ("household_visit", "person_noted", "symptom_report", "vehicle_pass", "fever_referral", own)
    records = reverse("office:records_export", kwargs={"area": TOWN})
    exports = [f"{records}?kind={kind}" for kind in kinds]
    exports += [reverse(name, kwargs={"area": TOWN}) for name in ("office:register_export", "office:missing_export")]
    exports += [reverse(name, kwargs={"area": TOWN}) for name in ("office:contacts_export", "office:grid_export",
                                                                  "office:responsibility_export")]  # fmt: skip
    for role, client in clients.items():
        for kind in kinds:
            if found := _seen(client.get(f"{reverse('office:records', kwargs={'area': TOWN})}?kind={kind}")):
                wrong.append(f"{role} {kind}: {found}")
        for typed in (PHONE, ID, NAME):
            with transaction.atomic():
                response = client.post("/find/", {"text": typed})
                wrong += [f"{role} find: {one}" for one in set(_seen(response)) - {typed}]
                if response.status_code == 200 and "search" in built_in_roles()[role].permissions:
                    assert AuditRow.objects.filter(action="search").exists()
                    assert str(planted.person) in _text(response), (role, typed)
                transaction.set_rollback(True)
        if "export" not in built_in_roles()[role].permissions:
            continue
        for url in exports:
            page = client.get(url)
            assert page.status_code == 200, (role, url)
            for full in (False, True):
                with transaction.atomic():
                    rows = set(AuditRow.objects.filter(action="export").values_list("id", flat=True))
                    sent = next(sent for _action, sent in _forms(page.content.decode()) if "purpose" in sent)
                    sent |= {"purpose": "check_register"} | ({"full": "on"} if full else {})
                    response = client.post(url, sent)
                    if response.status_code == 302:  # in full: headquarters is there to be the second person
                        assert full and role != "headquarters" and not _seen(client.get("/second/mine/")), (role, url)
                        transaction.set_rollback(True)
                        continue
                    assert "html" not in response.get("Content-Type", ""), (role, url, _text(response)[-1500:])
                    new = AuditRow.objects.filter(action="export").exclude(id__in=rows).values_list("detail", flat=True)
                    if (found := _seen(response)) and not any('"masked":false' in one for one in new):
                        wrong.append(f"{role} {url} full={full}: {found}")
                    assert len(new) == 1, (role, url)
                    transaction.set_rollback(True)
    assert wrong == []


@pytest.mark.unscoped
def test_what_the_phone_and_collect_fetch_says_nobody_in_full(planted: Planted) -> None:
    at = now()
    for role in ("grid_worker", "village_doctor", "village", "township"):
        account = make_account(role, VILLAGE, username=f"phone-{role}", name=role)
        phone = enrolled(account, [VILLAGE], at)
        work = phone.ask("GET", "work?cursor=")
        assert work.status_code == 200 and str(planted.person) in _text(work) and not _seen(work), _seen(work)
        with transaction.atomic():
            made = make_app_user(name="手机", account=account, area=VILLAGE, language="zh_Hans", by=BY, at=at,
                                  expires_at=at + timedelta(days=1))  # fmt: skip
            consent_app_user(user=made.id, account=account, at=at)
        token = made.token
        for path in ("formList", "lists/persons.csv", "lists/households.csv", "lists/areas.csv", "lists/tasks.csv",
                     "forms/household_visit.xml", "forms/household_visit/manifest"):  # fmt: skip
            answer = Client().get(f"/odk/{token}/{path}")
            assert not _seen(answer), (role, path, _seen(answer))
        lists = _text(Client().get(f"/odk/{token}/lists/persons.csv"))
        assert str(planted.person) in lists and "139****1234" in lists


@pytest.mark.unscoped
def test_what_was_planted_is_there_to_be_found(planted: Planted, clients: dict[str, Client]) -> None:
    """Behind the reveal every value is read, and every time on record: the test above looks for what exists."""
    client, county = clients["township"], county_of(VILLAGE)
    with transaction.atomic():
        subjects = [("person", planted.person), *(("entry", one) for one in planted.entries)]
        for sort, key in subjects:
            rows = AuditRow.objects.filter(action="reveal").count()
            response = client.post(f"/reveal/{county}/{sort}/{key}/", {"purpose": "find_people"})
            assert NAME in _text(response) or sort == "entry", (sort, _text(response))
            assert AuditRow.objects.filter(action="reveal").count() == rows + 1
        transaction.set_rollback(True)
    assert len(planted.entries) == 6
