"""Things of every sort planted in one's own town and in the neighbouring one, for addresses that are about a thing."""

from dataclasses import dataclass
from typing import Any

from bulou.access import queries as access
from bulou.access.tests.people import make_account
from bulou.areas.actions import import_file
from bulou.areas.queries import division_files
from bulou.core.divisions import number_of
from bulou.core.moments import now

COUNTY, TOWN, VILLAGE = (number_of(code) for code in ("610927000000", "610927100000", "610927100005"))
OTHER_TOWN, OTHER_VILLAGE = (number_of(code) for code in ("610927101000", "610927101201"))
OWN_MARK, OTHER_MARK = "本镇的", "隔壁镇的"  # stands in every name planted: the other one must never be read


@dataclass(frozen=True)
class World:
    """What was planted: for each sort of thing, the parts of its address."""

    own: dict[str, dict[str, Any]]
    other: dict[str, dict[str, Any]]


def make_world() -> World:
    """Load the county and plant one thing of every sort in each of two towns."""
    import_file(division_files()["zhenping"], by="system:test", at=now())
    return World(_plant(VILLAGE, OWN_MARK), _plant(OTHER_VILLAGE, OTHER_MARK))


def _plant(village: int, mark: str) -> dict[str, dict[str, Any]]:
    account = make_account("grid_worker", village, username=f"worker-{village}", name=f"{mark}陈梅")
    grant = access.grants_of(account)[0].id
    return {
        "account": {"account": account},
        "grant": {"account": account, "grant": grant},
    }
