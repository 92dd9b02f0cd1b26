"""What each context brings to the whole, found as kinds are: by its parts.py."""

from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import bulou


@cache
def parts() -> tuple[ModuleType, ...]:
    """Return the parts.py of every context that has one, by the context's name."""
    root = Path(bulou.__file__).parent
    names = sorted(".".join(path.parent.relative_to(root).parts) for path in root.glob("*/parts.py"))
    return tuple(import_module(f"bulou.{name}.parts") for name in names if name != "site")
