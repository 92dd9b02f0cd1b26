"""The tree, the map in the README and the contract are the same thing said three times."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGE, ROOT, layers

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "services", "service", "managers", "manager"}


def _mapped(readme: Path) -> list[str]:
    """Return the folders the README's map names under bulou/, in its order."""
    block = re.search(r"```\nbulou/.*?```", readme.read_text("utf-8"), re.DOTALL)
    assert block, f"{readme.name} has no map of the tree"
    return re.findall(r"^    (\w+)/", block.group(), re.MULTILINE)


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_readme_shows_the_contracts_order(name: str) -> None:
    assert _mapped(ROOT / name) == layers()


def test_contract_names_every_folder_and_no_other() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert folders == set(layers())


def test_every_folder_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in PACKAGE.glob("*/__init__.py")
        if not path.read_text("utf-8").startswith('"""')
    ]
    assert silent == []


def test_no_room_is_named_after_nothing() -> None:
    bad = [str(p.relative_to(ROOT)) for p in PACKAGE.rglob("*.py") if {p.stem, *p.parent.parts} & FORBIDDEN_NAMES]
    assert bad == []


def test_imports_keep_the_contracts() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
