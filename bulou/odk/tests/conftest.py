"""A village of 镇坪 with a household and two persons, a worker there, and a phone with Collect."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bulou.access.tests.people import make_account
from bulou.areas.actions import import_file
from bulou.areas.tests.lists import division_files
from bulou.command.actions import use_ruleset
from bulou.core.divisions import code_of, number_of
from bulou.core.ids import new_id
from bulou.core.moments import day_of, now
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger.actions import append
from bulou.ledger.rules import Entry
from bulou.odk import queries
from bulou.odk.actions import consent_app_user, make_app_user
from bulou.odk.views.doors import forget_met
from bulou.people.actions import register_household, register_person

COUNTY, TOWN, VILLAGE = (number_of(code) for code in ("610927000000", "610927100000", "610927100005"))
OTHER_VILLAGE = number_of("610927101201")
RULES = "cn-2020-02-community"
BY = "system:test"


@dataclass(frozen=True)
class Phone:
    """A phone with Collect, and what lies in its village."""

    token: str
    user: queries.AppUser
    account: UUID
    household: UUID
    persons: tuple[UUID, UUID]

    def get(self, path: str, **headers: str) -> Any:
        return Client().get(f"/odk/{self.token}/{path}", headers=headers)

    def post(self, xml: str | bytes, files: Mapping[str, bytes] | None = None, *, more: bool = False) -> Any:
        """Post as Collect does: the record first, each file in a part of its own name."""
        data: dict[str, Any] = {"xml_submission_file": SimpleUploadedFile("it.xml", _bytes(xml), "text/xml")}
        data |= {name: SimpleUploadedFile(name, content, "image/jpeg") for name, content in (files or {}).items()}
        if more:
            data["*isIncomplete*"] = "yes"
        return Client().post(f"/odk/{self.token}/submission", data)

    def visit(self, **changed: str) -> str:
        return vacant(f"household:{self.household}", **changed)


def _bytes(xml: str | bytes) -> bytes:
    return xml.encode() if isinstance(xml, str) else xml


def vacant(subject: str, *, instance: str = "", version: str = f"1-{RULES}", form: str = "household_visit",
           note: str = "门锁着", replaces: str = "", look_back: str = "2020-01-10", more: str = "",
           ended: str = "1") -> str:  # fmt: skip
    """Return a visit to an empty house as Collect writes it."""
    sort, _, key = subject.partition(":")
    instance = instance or f"uuid:{new_id()}"
    old = f"<deprecatedID>{replaces}</deprecatedID>" if replaces else ""
    at = now()
    start, end = ((at - timedelta(minutes=n)).isoformat(timespec="milliseconds") for n in (5, int(ended)))
    return (
        f'<?xml version="1.0" ?><data id="{form}" version="{version}" xmlns:orx="http://openrosa.org/xforms">'
        f"<_start>{start}</_start><_end>{end}</_end><_subject><_{sort}>{key}</_{sort}></_subject>"
        f"<outcome>vacant</outcome><look_back_date>{look_back}</look_back_date>"
        "<look_back_included>yes</look_back_included><found_count>0</found_count><unlisted_count/>"
        "<returned_count>0</returned_count><nobody_returned>yes</nobody_returned>"
        f"<established_by>neighbour meter</established_by><note>{note}</note>{more}"
        f"<orx:meta><orx:instanceID>{instance}</orx:instanceID>{old.replace('deprecatedID', 'orx:deprecatedID')}"
        "</orx:meta></data>"
    )


def plant(area: int, mark: str) -> Phone:
    """Plant a household with two persons, a worker and a phone in a village."""
    with seeing(EVERYTHING):
        return _plant(area, mark)


def _plant(area: int, mark: str) -> Phone:
    at = now()
    account = make_account("grid_worker", area, username=f"worker-{area}", name=f"{mark}安娜")
    household = register_household(area=area, by=BY, at=at, address=f"{mark}1号", number="7")
    persons = tuple(
        register_person(name=f"{mark}{name}", by=BY, at=at, household=household, county=610927, is_head=not i)
        for i, name in enumerate(("李梅", "李小明"))
    )
    made = make_app_user(name="她的手机", account=account, area=area, language="zh_Hans",
                         expires_at=at + timedelta(days=30), by=BY, at=at)  # fmt: skip
    consent_app_user(user=made.id, account=account, at=at)
    user = queries.find_app_user(made.id)
    assert user is not None
    return Phone(made.token, user, account, household, (persons[0], persons[1]))


def order_sweep(area: int, **look_back: str) -> None:
    """Order every household of the area visited within seven hours of an hour ago."""
    at = now() - timedelta(hours=1)
    body = {
        "title": "第一轮大排查",
        "items": ["identity", "time"],
        "due": (at + timedelta(hours=7)).isoformat(),
        **look_back,
    }
    [receipt] = append([Entry(new_id(), "sweep_order", f"area:{code_of(area)}", area, at, at, BY, body)], at=at)
    assert receipt.outcome == "applied", receipt


def make_county() -> None:
    import_file(division_files()["zhenping"], by=BY, at=now())
    use_ruleset(area=COUNTY, name=RULES, since=day_of(now()) - timedelta(days=9), basis="令", by=BY, at=now())


@pytest.fixture(autouse=True)
def _at_noon(noon) -> None:
    """Every test here begins at noon."""


@pytest.fixture(autouse=True)
def _kept_apart(tmp_path: Any, settings: Any) -> None:
    settings.DATA = tmp_path
    forget_met()


@pytest.fixture
def county(db: None) -> None:
    with seeing(EVERYTHING):
        make_county()


@pytest.fixture
def phone(county: None) -> Phone:
    return plant(VILLAGE, "本村")


@pytest.fixture
def neighbour(county: None) -> Phone:
    return plant(OTHER_VILLAGE, "邻村")


@pytest.fixture
def entries() -> Callable[[], list[Any]]:
    """Return what stands in the ledger of the village."""
    from bulou.ledger import queries as ledger

    def read() -> list[Any]:
        with seeing(EVERYTHING):
            return ledger.entries_of(VILLAGE, kinds=["household_visit", "health_check", "person_noted"],
                                     since=now() - timedelta(days=9), until=now() + timedelta(days=1))  # fmt: skip

    return read


@pytest.fixture
def held() -> Callable[[], list[Any]]:
    from bulou.ledger import queries as ledger

    def read() -> list[Any]:
        with seeing(EVERYTHING):
            return ledger.held(COUNTY)

    return read
