"""A phone reads a plate as the law of plates does, and the law never refuses one."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.checkpoints.queries import shipped_tables
from bulou.checkpoints.rules.plates import KINDS, PROVINCES
from tests.agreement.plates import read_plate
from tests.agreement.test_desk import NAME, PLATES, RULES, ask, desk_of

pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize(
    ("typed", "text", "kind"),
    [
        ("陕g·12345", "陕G12345", "ordinary"),
        ("鄂A D12345", "鄂AD12345", "new_energy"),
        ("粤B12345F", "粤B12345F", "new_energy"),
        ("豫S1234挂", "豫S1234挂", "ordinary"),
        ("京A1234警", "京A1234警", "police"),
        ("WJ陕12345", "WJ陕12345", "military"),
        ("陕GI2345", "陕GI2345", "other"),
        ("临时0815", "临时0815", "other"),
        ("", "", "none"),
    ],
)
def test_plates_are_told_apart_and_never_refused(typed: str, text: str, kind: str) -> None:
    plate = read_plate(typed)
    assert (plate.text, plate.kind) == (text, kind)


@given(st.text(max_size=15))
def test_any_plate_is_kept(typed: str) -> None:
    assert read_plate(typed).kind in KINDS


def test_a_plate_is_read_alike():
    chance = random.Random("plates")
    keys = PROVINCES + "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789挂学警港澳使领 ·ioIO"
    drawn = ["".join(chance.choice(keys) for _ in range(chance.randint(0, 9))) for _ in range(2000)]
    drawn += [
        f"{chance.choice(PROVINCES)}{chance.choice('ABCDF')}{chance.choice('DF1A')}{chance.randint(0, 99999):05d}"
        for _ in range(500)
    ]
    drawn += list(PLATES)
    table = shipped_tables(RULES[NAME])[0]
    read = ask({"desk": desk_of(table), "vehicles": [], "taps": [], "plates": drawn})["plates"]
    for text, answer in zip(drawn, read, strict=True):
        mine = read_plate(text)
        assert (answer["text"], answer["kind"]) == (mine.text, mine.kind), text
