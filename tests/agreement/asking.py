"""Asks ODK's own engine, as the phone runs it, what it makes of forms and bodies: one Node process for a whole batch."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
NODE = ROOT / ".venv" / "bin" / "node"
ENGINE = ROOT / "web" / "node_modules" / "@getodk" / "xforms-engine"


@dataclass(frozen=True, slots=True)
class Ask:
    """A body put into a form of that name at that moment; `way` as in phone.mjs."""

    form: str
    body: Mapping[str, Any]
    now: datetime
    way: str = "restore"


def check_engine() -> None:
    """Skip on a developer's machine without Node or the engine; fail where CI runs, so that it is never lost unseen."""
    missing = [path.relative_to(ROOT) for path in (NODE, ENGINE) if not path.exists()]
    if not missing:
        return
    said = f"{', '.join(map(str, missing))} missing: run `make setup` and `cd web && sh ../setup/npm.sh ci`"
    if os.environ.get("CI"):
        pytest.fail(said)
    pytest.skip(said)


def ask(forms: Mapping[str, str], asks: Sequence[Ask]) -> list[Any]:
    """Return what the phone makes of each, in order: see phone.mjs. The phone's clock stands in China."""
    check_engine()
    said = [{"form": each.form, "body": each.body, "now": each.now.isoformat(), "way": each.way} for each in asks]
    with TemporaryDirectory() as folder:
        asked, answered = Path(folder, "asked.json"), Path(folder, "answered.jsonl")
        asked.write_text(json.dumps({"forms": forms, "asks": said}), "utf-8")
        done = subprocess.run(
            [NODE, "--no-warnings", Path(__file__).parent / "phone.mjs", asked, answered],
            env={**os.environ, "TZ": "Asia/Shanghai"},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"the engine did not run: {done.stderr[-4000:]}")
        answers = [json.loads(line) for line in answered.read_text("utf-8").splitlines()]
    if len(answers) != len(asks):
        raise AssertionError(f"{len(asks)} questions, {len(answers)} answers")
    return answers
