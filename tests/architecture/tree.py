"""The sources the questions of this folder are asked of."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "bulou"


@cache
def tracked() -> tuple[Path, ...]:
    """Return every file of the repository, also those not yet added, without what is ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    return tuple(sorted(path for name in listed.split("\0") if name and (path := ROOT / name).is_file()))


def python_files(*, tests: bool = False, migrations: bool = False) -> Iterator[Path]:
    """Yield the Python files of the package."""
    for path in tracked():
        if path.suffix == ".py" and path.is_relative_to(PACKAGE):
            parts = path.relative_to(PACKAGE).parts
            if (tests or "tests" not in parts) and (migrations or "migrations" not in parts):
                yield path


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def at(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def layers() -> list[str]:
    """Return the folders of the package in the contract's order, the top first."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contract = next(c for c in config["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    return [str(layer).strip("() ") for layer in contract["layers"]]
