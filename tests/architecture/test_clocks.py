"""A test begins at noon, or is given its moments: none comes out otherwise at ten to midnight or in another year."""

import ast
from pathlib import Path

from tests.architecture.test_rooms import CLOCKS
from tests.architecture.tree import PACKAGE, ROOT, at, parsed, tracked

# Reads the machine's clock, and why it must.
PAGES = "plants things in a county whose pages are then asked for, on whatever day"
WALL = {
    "bulou/site/tests/restored.py": "plays a server of its own, in a process of its own",
    "tests/architecture/samples.py": PAGES,
    "tests/architecture/test_full_values.py": PAGES,
    "tests/architecture/test_urls.py": PAGES,
    "tests/faults/crowd.py": "measures how long a server takes",
    "tests/faults/pushing.py": "a server of its own, killed while it writes",
    "tests/faults/test_slow.py": "measures how long a server takes",
    "tests/journeys/county.py": "a browser, with a clock of its own, works in this county",
    "tests/journeys/test_phone_day.py": "sets the browser's clock beside the machine's",
    "tests/journeys/test_two_tablets.py": "a browser stands at a post at whatever hour, and says from when its day counts",
    "tests/openrosa/tray.py": "Collect's own engine, in a process of its own",
}


def _reads(path: Path) -> list[str]:
    """Return where a test's file asks what time it is."""
    borrowed = {
        alias.asname or alias.name
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and node.module == "bulou.core.moments"
        for alias in node.names
        if alias.name == "now"
    }
    found = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name in borrowed or name == "moments.now" or any(name == c or name.endswith(f".{c}") for c in CLOCKS):
                found.append(at(path, node))
    return found


def _begins_at_noon(path: Path) -> bool:
    """Tell whether the fixture `noon` is taken by the file, or for all of its folder."""
    beside = path.parent / "conftest.py"
    return any("noon" in file.read_text("utf-8") for file in (path, beside) if file.exists())


def _asked() -> list[Path]:
    return [
        path for path in tracked()
        if path.suffix == ".py" and "tests" in path.relative_to(ROOT).parts
        and (path.is_relative_to(PACKAGE) or path.is_relative_to(ROOT / "tests"))
    ]  # fmt: skip


def test_no_test_depends_on_the_hour_it_runs_at() -> None:
    open_ = {
        str(path.relative_to(ROOT)): where
        for path in _asked()
        if not _begins_at_noon(path) and str(path.relative_to(ROOT)) not in WALL and (where := _reads(path))
    }
    assert open_ == {}, "take the fixture noon, or say in WALL why the machine's clock is needed"


def test_no_leave_is_given_that_nobody_needs() -> None:
    assert [name for name in WALL if not (ROOT / name).exists() or not _reads(ROOT / name)] == []


def test_noon_is_what_the_product_reads(noon) -> None:
    from bulou.core.moments import now

    assert 0 <= (now() - noon).total_seconds() < 60
