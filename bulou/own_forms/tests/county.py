"""镇坪 with one village, before it has declared anything."""

from datetime import UTC, datetime

from bulou.areas.actions import import_areas
from bulou.areas.rules.rows import RawRow
from bulou.core.divisions import number_of

COUNTY, VILLAGE = number_of("610927000000"), number_of("610927100201")
NOW = datetime(2020, 2, 3, 4, tzinfo=UTC)
AREAS = (
    ("610000000000", "陕西省", "province", ""),
    ("610900000000", "安康市", "prefecture", "610000000000"),
    ("610927000000", "镇坪县", "county", "610900000000"),
    ("610927100000", "城关镇", "township", "610927000000"),
    ("610927100201", "文彩村", "village", "610927100000"),
)


def make_areas() -> None:
    rows = [RawRow("made", n, code, name, level, parent) for n, (code, name, level, parent) in enumerate(AREAS, 2)]
    report = import_areas(rows, by="system:test", at=NOW)
    assert not report.error_count, report
