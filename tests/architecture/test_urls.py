"""Every address × every built-in role × (own area, neighbouring area, the one above, one below).

What is not classified in urls.toml fails; what is classified must answer as it says, and never with a word about the
neighbouring town.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter

from bulou.access.converters import AreaConverter
from bulou.access.roles import built_in_roles
from bulou.access.rules import DEMANDS_SECOND_FACTOR, PERMISSIONS
from bulou.access.tests.people import make_account
from bulou.access.views import Door
from bulou.core.divisions import county_of
from bulou.core.moments import now
from bulou.field.converters import HashConverter
from bulou.field.tests.phones import enrolled
from tests.architecture.samples import (
    COUNTY,
    OTHER_MARK,
    OTHER_TOWN,
    TOWN,
    VILLAGE,
    World,
    clients_of,
    make_world,
    sign_in_roles,
)

TABLE: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("urls.toml").read_text("utf-8"))
FORBIDDEN, NOT_FOUND = {403}, {404}
PHONES = {"odk"}  # doors for phones, which show something of their own; an account is nobody to them


@dataclass(frozen=True)
class Address:
    name: str
    door: Door | None
    parts: dict[str, Any]  # name -> converter

    @property
    def method(self) -> str:
        return "GET" if self.door is None or "GET" in self.door.methods else self.door.methods[0]

    @property
    def areas(self) -> list[str]:
        return [name for name, converter in self.parts.items() if isinstance(converter, AreaConverter)]


def _addresses(patterns: list[Any], space: str = "", above: dict[str, Any] | None = None) -> Iterator[Address]:
    for pattern in patterns:
        parts = (above or {}) | getattr(pattern.pattern, "converters", {})
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _addresses(pattern.url_patterns, inner, parts)
        elif isinstance(pattern, URLPattern):
            yield Address(
                space + (pattern.name or str(pattern.pattern)), getattr(pattern.callback, "door", None), parts
            )


ADDRESSES = {address.name: address for address in _addresses(get_resolver().url_patterns)}


def test_every_address_is_classified_and_every_line_is_an_address() -> None:
    assert set(ADDRESSES) - set(TABLE) == set(), "say in tests/architecture/urls.toml who may reach these"
    assert set(TABLE) - set(ADDRESSES) == set(), "these addresses are gone: take their lines out"


def test_every_view_stands_behind_the_door_the_table_says() -> None:
    """The table is a second, independent statement: a decorator changed by mistake does not pass."""
    for name, address in ADDRESSES.items():
        said = TABLE.get(name, {})
        assert address.door is not None, f"{name} stands behind no door"
        assert address.door.kind == said.get("door", "page"), name
        assert address.door.permission == said.get("permission", ""), name
        assert not said.get("permission") or said["permission"] in PERMISSIONS, name


def test_dangerous_permissions_demand_a_second_factor_everywhere() -> None:
    weak = [
        name
        for name, address in ADDRESSES.items()
        if address.door and address.door.permission in DEMANDS_SECOND_FACTOR and not address.door.second_factor
    ]
    assert weak == []


def _value(converter: Any, area: int) -> Any:
    """Return something that can stand in the address where the table names nothing."""
    if isinstance(converter, AreaConverter):
        return area
    if isinstance(converter, UUIDConverter):
        return UUID(int=7)
    if isinstance(converter, IntConverter):
        return county_of(area)
    if isinstance(converter, SlugConverter | StringConverter):
        return "x"
    if isinstance(converter, HashConverter):
        return "0" * 64
    raise AssertionError(f"say in tests/architecture/test_urls.py what stands for {converter!r}")


def _url(address: Address, area: int, thing: dict[str, Any]) -> str:
    values = {name: _value(converter, area) for name, converter in address.parts.items()}
    values |= TABLE[address.name].get("values", {})
    values |= {name: value for name, value in thing.items() if name in address.parts}
    return reverse(address.name, kwargs=values)


def _expected(said: dict[str, Any]) -> set[int]:
    own = said.get("own", 200)
    return set(own) if isinstance(own, list) else {own}


@pytest.fixture(scope="module")
def _planted(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[World, dict[str, str]]]:
    """Plant the world and sign every role in once; each test then works in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_world()
        yield world, sign_in_roles()
        transaction.set_rollback(True)


@pytest.fixture
def world(_planted: tuple[World, dict[str, str]], db: None) -> World:
    return _planted[0]


@pytest.fixture
def clients(_planted: tuple[World, dict[str, str]], db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Client]:
    return clients_of(_planted[1], monkeypatch)


def _ask(client: Client, address: Address, area: int, thing: dict[str, Any]) -> tuple[int, str]:
    response = client.generic(address.method, _url(address, area, thing))
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return response.status_code, content.decode("utf-8", "replace")


def _asked(address: Address, said: dict[str, Any], world: World) -> Iterator[tuple[str, int, dict[str, Any], set[int]]]:
    """Yield what to ask for, in words, area and thing, and what one who holds the permission may be answered."""
    own, other = world.own.get(said.get("of", ""), {}), world.other.get(said.get("of", ""), {})
    assert "of" not in said or (own and other), f"samples.py plants no {said['of']}"
    yield "own", TOWN, own, _expected(said)
    if address.areas:
        yield "neighbouring area", OTHER_TOWN, own, NOT_FOUND
        yield "area above", COUNTY, own, NOT_FOUND
        yield "area below", VILLAGE, own, _expected(said)
    if other:
        yield "neighbour's thing", TOWN, other, NOT_FOUND


BY_PHONE = sorted(name for name, address in ADDRESSES.items() if address.door and address.door.kind == "phone")


@pytest.mark.unscoped
@pytest.mark.parametrize("name", BY_PHONE)
def test_phone_address(name: str, world: World) -> None:
    """A phone of one's own town is answered as the table says; one of the neighbouring town reads nothing of it."""
    address, said, at = ADDRESSES[name], TABLE[name], now()
    worker = make_account("grid_worker", VILLAGE, username="phone-" + name.replace(":", "-"), name="马梅")
    phone = enrolled(worker, [VILLAGE], at)
    client = Client(headers={"Authorization": f"Bearer {phone.session}"})
    status, body = _ask(client, address, VILLAGE, world.own.get(said.get("of", ""), {}))
    assert status in _expected(said)
    assert OTHER_MARK not in body


@pytest.mark.unscoped
@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_address(name: str, world: World, clients: dict[str, Client]) -> None:
    address, said = ADDRESSES[name], TABLE.get(name, {})
    wrong = []
    if said.get("door") != "public":
        status, _ = _ask(Client(), address, TOWN, world.own.get(said.get("of", ""), {}))
        expected = {401} if said.get("door") == "phone" else _expected(said) if said.get("door") in PHONES else {302}
        if status not in expected:
            wrong.append(f"nobody: {status} instead of {sorted(expected)}, 302 being sent to sign in")
    for what, area, thing, allowed in _asked(address, said, world):
        for role, client in clients.items():
            if said.get("door") == "phone":  # a cookie is nothing to a phone's address
                if (status := _ask(client, address, area, thing)[0]) != 401:
                    wrong.append(f"{role}, {what}: {status} instead of 401")
                continue
            permission = said.get("permission")
            held = permission is None or permission in built_in_roles()[role].permissions
            if held and role not in said.get("roles", [role]) and allowed != NOT_FOUND:
                held = False  # the page is found, and is nothing this role writes
            expected = allowed if held else FORBIDDEN
            status, body = _ask(client, address, area, thing)
            if status not in expected:
                wrong.append(f"{role}, {what}: {status} instead of {sorted(expected)}")
            if OTHER_MARK in body:
                wrong.append(f"{role}, {what}: reads of the neighbouring town")
    assert wrong == []
