"""Absurd days in every field and address that takes one: never an error of the program, the form back with a reason.

Nothing is listed here: forms are found by walking every page, kinds by scanning, options of commands by asking click.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import click
import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from bulou.access.tests.people import make_account, sign_in
from bulou.core.moments import CHINA
from bulou.core.reading import Unread, read_day, read_moment
from bulou.ledger.rules import Entry
from bulou.records.fields import Field, walk
from bulou.site.commands import main
from bulou.site.commands.edge import A_DAY
from tests.architecture.samples import COUNTY, TOWN, World, make_world
from tests.architecture.test_urls import ADDRESSES, TABLE, _url
from tests.kinds.test_every_kind import KINDS, LAWS, examples

DAYS = (
    "1900-01-01", "0001-01-01", "9999-12-31", "2199-12-31", "2019-11-01", "2020-02-31", "31 February", "２０２０-０２-３０",
    "0000-00-00", "99999-01-01", "正月初五", "二〇二〇年二月三日", "2020年2月3日", "-1", "\x00", " ",
)  # fmt: skip
ASKED = ("day", "on", "first", "last", "since", "until", "due", "date", "from", "to")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[World, dict[int, str]]]:
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_world()
        sessions = {
            area: sign_in(
                make_account("headquarters", area, username=f"hq-{area}", name="县指"), second_factor=True
            ).cookies[settings.SESSION_COOKIE_NAME].value
            for area in (COUNTY, TOWN)
        }  # fmt: skip
        yield world, sessions
        transaction.set_rollback(True)


@pytest.fixture
def client(world: tuple[World, dict[int, str]], db: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(settings, "ACCOUNT_REAUTHENTICATION_TIMEOUT", 3_600)
    found = Client()
    found.cookies[settings.SESSION_COOKIE_NAME] = world[1][COUNTY]
    found.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return found


PAGES = sorted(
    name for name, each in ADDRESSES.items()
    if each.door and each.door.kind == "page" and "GET" in each.door.methods and TABLE[name].get("door") != "personal"
)  # fmt: skip


@pytest.mark.unscoped
@pytest.mark.parametrize("name", PAGES)
def test_a_page(name: str, world: tuple[World, dict[int, str]], client: Client) -> None:
    """Ask for the page about every day, and send its forms back with every day in every field that takes one."""
    said = TABLE[name]
    address = _url(ADDRESSES[name], COUNTY, world[0].own.get(said.get("of", ""), {}))
    plain = client.get(address)
    for day in DAYS:
        answer = client.get(address, dict.fromkeys(ASKED, day))
        read_all(answer)
        assert answer.status_code < 500, (day, answer.status_code)
    if plain.status_code != 200 or plain.streaming:
        return
    for form in forms_on(plain.content.decode("utf-8", "replace"), address):
        for day in DAYS if form.days else ():
            for suffix in ("", "T10:30"):
                sent = form.sent | {name: [day + (suffix if form.days[name] else "")] for name in form.days}
                with transaction.atomic():
                    answer = client.post(form.action, sent)
                    transaction.set_rollback(True)
                if read_all(answer):
                    continue
                assert answer.status_code < 500, (form.action, day, answer.status_code)
                if answer.status_code == 422 and not day.isspace() and "\0" not in day:
                    assert day in answer.content.decode() or all(map(_can_read, form.days.values(), [day] * 9)), day


def read_all(answer: Any) -> bool:
    """Read a file that is handed over to its end, so that it is closed; tell whether it was one."""
    return bool(answer.streaming and b"".join(answer.streaming_content))


def _can_read(with_clock: bool, day: str) -> bool:
    try:
        return bool(read_moment(f"{day}T10:30") if with_clock else read_day(day))
    except Unread:
        return False


class Sheet:
    """A form of a page: where it goes, what it sends as it stands, and which of its fields are days (with a clock?)."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.sent: dict[str, list[str]] = {}
        self.days: dict[str, bool] = {}


def forms_on(page: str, address: str) -> list[Sheet]:
    found: list[Sheet] = []

    class Reader(HTMLParser):
        inside: Sheet | None = None
        chosen = ""

        def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
            said = {key: value or "" for key, value in given}
            if tag == "form":
                self.inside = Sheet(said.get("action") or address) if said.get("method", "").lower() == "post" else None
                if self.inside:
                    found.append(self.inside)
            form, name = self.inside, said.get("name", "")
            if tag == "option" and form and self.chosen and said.get("value") and not form.sent.get(self.chosen):
                form.sent[self.chosen] = [said["value"]]
            self.chosen = name if tag == "select" else "" if tag in ("input", "textarea") else self.chosen
            if form is None or not name or tag not in ("input", "textarea"):
                return
            kind = said.get("type", "text")
            if kind in ("date", "datetime-local") or "day" in name or "date" in name:
                form.days[name] = kind == "datetime-local"
            elif kind in ("radio", "checkbox") and "checked" not in said and form.sent.get(name):
                return
            elif kind not in ("submit", "file", "button"):
                form.sent.setdefault(name, []).append(
                    said.get("value") or {"number": "1", "tel": "13812345678"}.get(kind, "令")
                )

        def handle_endtag(self, tag: str) -> None:
            if tag == "form":
                self.inside = None

    Reader().feed(page)
    return found


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_kind(name: str) -> None:
    """Every day question of a kind, at its own place in an example, and every moment the record may claim."""
    law, kind = LAWS[name], KINDS[name]
    made = [entry for each in examples(name) for entry in each.made() if entry.kind == name][:3]
    moments = [datetime(1900, 1, 1, tzinfo=CHINA), datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)]
    for entry in made:
        for at in (entry.happened_at, *moments):
            _judged(law, replace(entry, happened_at=at, recorded_at=at))
        for day in DAYS:
            for suffix in ("", "T10:30+08:00", " 10:30"):
                for body in _with_day(kind.fields, dict(entry.body), day + suffix):
                    _judged(law, replace(entry, body=body))


def _with_day(fields: tuple[Field, ...], body: dict[str, Any], day: str) -> Iterator[dict[str, Any]]:
    for key, field in walk(fields):
        if field.type not in ("date", "dateTime", "time", "text"):
            continue
        first, _dot, inner = key.partition(".")
        if not inner:
            yield {**body, first: day}
        elif isinstance(body.get(first), list):
            yield {**body, first: [{**row, inner: day} for row in body[first] if isinstance(row, dict)]}


def _judged(law: Any, entry: Entry) -> None:
    law.asked(entry)
    if not law.problems(entry):
        law.answers(entry)
        for opening in law.effects(entry).opens:
            for moment in (opening.opens_at, opening.due_at, opening.closes_at):
                moment.astimezone(UTC).isoformat()  # as a database keeps it


def test_a_command() -> None:
    """No command reads a day in a way of its own."""
    days = [
        (command, option) for command, one in main.commands.items() for option in one.params
        if isinstance(option.type, click.DateTime) or option.name in ("day", "since", "until", "on")
    ]  # fmt: skip
    assert days and all(option.type is A_DAY for _, option in days), days
    for day in DAYS:
        try:
            assert A_DAY.convert(day, None, None) == read_day(day)
        except click.BadParameter as error:
            assert "solar" in str(error) or "calendar" in str(error) or "1900" in str(error)
