"""What an import linter cannot see: the doors through which data is written, clocks and chance, sizes, foreign keys."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture.tree import PACKAGE, ROOT, at, layers, parsed, python_files, tracked

WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
QUERYSET = {"objects", "filter", "exclude", "all", "select_for_update", "get_queryset"}
WRITING_SQL = re.compile(r"\b(INSERT INTO|UPDATE \w+ SET|DELETE FROM|TRUNCATE TABLE)\b")
CLOCKS = {
    "timezone.now",
    "datetime.now",
    "datetime.utcnow",
    "date.today",
    "datetime.today",
    "time.time",
    "time.time_ns",
}
WRITERS = {"insert", "loading"}  # of bulou.store
CHANCE = {"uuid.uuid1", "uuid.uuid4", "uuid4", "os.urandom"}
MOST_LINES = 400


def _parts(path: Path) -> tuple[str, ...]:
    return path.relative_to(PACKAGE).with_suffix("").parts


def _is_door(path: Path) -> bool:
    """Tell whether the file may write: an action, or what all of them write with, which no query may write with."""
    return "actions" in _parts(path) or _parts(path)[0] == "store"


def _is_edge(path: Path) -> bool:
    """Tell whether the file is where requests and commands enter, and so may look at the clock."""
    parts = _parts(path)
    return parts[0] in ("core", "site") or bool({"views", "commands", "middleware", "templatetags"} & set(parts))


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}".lstrip(".")
    return node.id if isinstance(node, ast.Name) else ""


def _chain(node: ast.AST) -> set[str]:
    """Return the names in `a.b(...).c(...)`."""
    names = set()
    while isinstance(node, ast.Attribute | ast.Call):
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
            node = node.value
        else:
            node = node.func
    return names


def _writes(call: ast.Call) -> bool:
    """Tell whether a call writes to a table: on a query set, or in the shape only a model's method has."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITES:
        return False
    if _chain(call.func.value) & QUERYSET or call.func.attr.startswith("bulk_") or "_or_" in call.func.attr:
        return True
    if call.func.attr in ("save", "delete"):
        return not call.args and {k.arg for k in call.keywords} <= {"update_fields", "using", "force_insert"}
    return False


def _calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call))


def test_tables_are_written_only_in_actions() -> None:
    outside = [
        at(path, call) for path in python_files() if not _is_door(path) for call in _calls(path) if _writes(call)
    ]
    assert outside == []


def test_writing_sql_stands_only_in_actions() -> None:
    outside = [
        at(path, node)
        for path in python_files()
        if not _is_door(path)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and WRITING_SQL.search(node.value)
    ]
    assert outside == []


def test_what_writes_rows_is_used_only_in_actions() -> None:
    """`store` writes for whoever calls it."""
    outside = [
        at(path, node)
        for path in python_files()
        if not _is_door(path)
        for node in ast.walk(parsed(path))
        if (
            isinstance(node, ast.ImportFrom) and node.module == "bulou.store" and WRITERS & {n.name for n in node.names}
        )
        or (isinstance(node, ast.Attribute) and _dotted(node) in {f"store.{name}" for name in WRITERS})
    ]
    assert outside == []


def test_actions_take_by_and_at_by_keyword() -> None:
    """Who did it and when it was is never left to be guessed, and never in the wrong place."""
    loose = []
    for path in python_files():
        if path.stem != "actions":
            continue
        for node in parsed(path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                positional = {a.arg for a in [*node.args.posonlyargs, *node.args.args]}
                if positional & {"by", "at"}:
                    loose.append(f"{at(path, node)} {node.name}")
    assert loose == []


def test_the_clock_is_read_only_at_the_edges() -> None:
    def reads(path: Path) -> Iterator[str]:
        from_moments = {
            alias.asname or alias.name
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.ImportFrom) and node.module == "bulou.core.moments"
            for alias in node.names
            if alias.name == "now"
        }
        for call in _calls(path):
            name = _dotted(call.func)
            if (
                any(name == clock or name.endswith(f".{clock}") for clock in CLOCKS | {"moments.now"})
                or name in from_moments
            ):
                yield at(path, call)

    assert [where for path in python_files() if not _is_edge(path) for where in reads(path)] == []


def test_chance_enters_only_through_core() -> None:
    """The drill and the roster search have chance too, from a seed they are given: the same seed, the same days."""
    found = []
    for path in python_files():
        if _parts(path)[0] == "core":
            continue
        for call in _calls(path):
            name = _dotted(call.func)
            seeded = name.endswith("Random") and call.args and _parts(path)[0] in {"drill", "rosters"}
            if name in CHANCE or (name.split(".")[0] == "random" and not seeded) or (name == "Random" and not seeded):
                found.append(at(path, call))
    assert found == []


def test_area_numbers_are_taken_apart_in_one_place() -> None:
    """How many digits a county or a village has is known to core.divisions: county_of, county_area, area_at, last_of."""

    def cuts(node: ast.AST) -> bool:
        return isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv | ast.Mod | ast.Mult) and any(
            re.fullmatch(r"10 \*\* (9|1[0-9])|10{9}|10{12,}", ast.unparse(side))
            for side in (node.left, node.right)
        )  # fmt: skip

    planted = ("number // 10**12", "1_000_000_000_000 * county", "number % 10**9")
    assert all(cuts(next(ast.walk(ast.parse(text, mode="eval").body))) for text in planted)
    found = [
        at(path, node)
        for path in python_files()
        if _parts(path) != ("core", "divisions")
        for node in ast.walk(parsed(path))
        if cuts(node)
    ]
    assert found == []


def test_nothing_goes_round_the_imports() -> None:
    round_ = [
        at(path, call)
        for path in python_files()
        for call in _calls(path)
        if _dotted(call.func).endswith(("get_model", "import_string", "__import__"))
        or (_dotted(call.func).endswith("import_module") and _parts(path)[0] != "site")
    ]
    assert round_ == []


def _asks_the_law_for(path: Path) -> Iterator[str]:
    """Yield where a file looks a kind or a rule set up in the installed law."""
    named = {
        target.id
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and _is_current(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Attribute) and node.attr in ("kinds", "rules_at"):
            held = node.value
            if (isinstance(held, ast.Call) and _is_current(held)) or (isinstance(held, ast.Name) and held.id in named):
                yield at(path, node)


def _is_current(call: ast.Call) -> bool:
    return _dotted(call.func) in ("law.current", "current", "installed.current")


def test_the_law_is_no_catalogue() -> None:
    """What the ledger judges by is the ledger's. Who needs a kind asks `records.law`, who needs the rule set in force
    `records.rulebook`, who needs what may be filled in where `own_forms.queries`."""
    doors = {PACKAGE / "records/law.py", PACKAGE / "records/rulebook.py"}
    others = [path for path in python_files() if _parts(path)[0] != "ledger" and path not in doors]
    assert all(list(_asks_the_law_for(path)) for path in doors), "the search finds what it looks for"
    assert [where for path in others for where in _asks_the_law_for(path)] == []


def test_nothing_happens_behind_the_back() -> None:
    """No signals, no overridden save: a write is where it is read."""
    hidden = []
    for path in python_files():
        for node in ast.walk(parsed(path)):
            if (
                isinstance(node, ast.ImportFrom)
                and (node.module or "").startswith("django")
                and "signals" in (node.module or "")
            ):
                hidden.append(at(path, node))
            if isinstance(node, ast.FunctionDef) and node.name == "save" and path.stem == "models":
                hidden.append(at(path, node))
    assert hidden == []


def test_foreign_keys_point_down() -> None:
    order = layers()
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("bulou."):
            continue
        layer = model.__module__.split(".")[1]
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target is None or field.auto_created or not target.__module__.startswith("bulou."):
                continue
            if order.index(target.__module__.split(".")[1]) < order.index(layer):
                wrong.append(f"{model.__name__}.{field.name} -> {target.__name__}")
    assert wrong == []


@pytest.mark.parametrize("folder", ["bulou", "tests", "setup", "docs", "bench"])
def test_files_are_read_in_one_sitting(folder: str) -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked()
        if path.suffix in (".py", ".ts", ".sh")
        and path.is_relative_to(ROOT / folder)
        and "migrations" not in path.parts
        if (lines := path.read_text("utf-8").count("\n")) > MOST_LINES
    }
    assert long == {}
