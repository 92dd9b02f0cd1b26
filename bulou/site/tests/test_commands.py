"""The command as people meet it: its help, its refusals, the first run of a new installation."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bulou.site.commands import GROUPS, main
from bulou.site.installation import InUse, alone


def test_help_names_every_command_once_in_its_group() -> None:
    shown = CliRunner().invoke(main, ["--help"]).output
    for heading, names in GROUPS.items():
        section = shown.split(f"{heading}:")[1].split("\n\n")[0]
        for name in names:
            assert re.search(rf"^  {name}\s+\S", section, re.MULTILINE), f"{name} is not under {heading}"
    assert set(main.commands) == {name for names in GROUPS.values() for name in names}


def test_every_command_explains_itself() -> None:
    for name in main.commands:
        shown = CliRunner().invoke(main, [name, "--help"])
        assert shown.exit_code == 0
        assert len(shown.output.splitlines()) > 4


def test_data_folder_is_held_by_one_process(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(InUse), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass


def _environment(folder: Path) -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "BULOU_SECRET_KEY")} | {
        "BULOU_DATA": str(folder),
        "PYTHONUNBUFFERED": "1",
    }


def _bulou(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bulou.site", *arguments],
        env=_environment(folder), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_key_is_made_once_and_readable_by_nobody_else(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert _bulou(folder, "migrate").returncode == 0
    key = folder / "secret.key"
    made = key.read_text()
    assert _bulou(folder, "check").returncode == 0
    assert len(made) >= 50
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert key.read_text() == made


def test_check_names_what_is_not_applied(tmp_path: Path) -> None:
    shown = _bulou(tmp_path / "data", "check")
    assert shown.returncode == 1
    assert "bulou migrate" in shown.stdout


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[int, Path, "subprocess.Popen[str]"]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    folder = tmp_path / "data"
    process = subprocess.Popen(
        [sys.executable, "-m", "bulou.site", "run", "--port", str(port)],
        env=_environment(folder), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield port, folder, process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def _get(url: str, patience: float = 90) -> "tuple[str, dict[str, str]]":
    until = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                return answer.read().decode(), {k.lower(): v for k, v in answer.headers.items()}
        except ConnectionError:
            pass
        except urllib.error.URLError as error:
            if isinstance(error, urllib.error.HTTPError):
                raise
        if time.monotonic() > until:
            raise AssertionError(f"{url} did not answer")
        time.sleep(0.2)


def test_new_installation_prints_where_its_first_account_is_made(
    served: tuple[int, Path, "subprocess.Popen[str]"],
) -> None:
    port, folder, process = served
    assert process.stdout
    said = ""
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    found = re.search(r"http://\S+/setup/\?key=\S+", said)
    assert found, said
    page, headers = _get(found.group())
    assert "password" in page
    style = re.search(r"/static/office/office\.[0-9a-f]{12}\.css", page)
    assert style, "static files must carry the hash of their content"
    assert "default-src 'self'" in headers["content-security-policy"]
    _, kept = _get(f"http://127.0.0.1:{port}{style.group()}")
    assert "immutable" in kept["cache-control"]

    second = _bulou(folder, "run", "--port", str(port))
    assert second.returncode == 1
    assert "served by another process" in second.stderr


def test_what_cannot_be_served_is_refused_before_the_work_is_done(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        shown = _bulou(tmp_path / "data", "run", "--demo", "--port", str(busy.getsockname()[1]))
    assert shown.returncode == 1 and "another program listens there" in shown.stderr
    assert "demonstration" not in shown.stdout
    shown = _bulou(tmp_path / "data", "run", "--workers", "3")
    assert shown.returncode == 1 and "one writer" in shown.stderr
    assert _bulou(tmp_path / "data", "run", "--demo", "--people", "0").returncode == 2


def test_a_backup_into_no_folder_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert _bulou(folder, "migrate").returncode == 0
    shown = _bulou(folder, "backup", str(tmp_path / "nowhere" / "copy"))
    assert shown.returncode == 1 and "make it first" in shown.stderr and "Traceback" not in shown.stderr


def test_registers_come_in_by_the_command_and_a_list_nobody_can_use_says_so(tmp_path: Path) -> None:
    divisions, good, bad = (tmp_path / name for name in ("areas.csv", "good.csv", "bad.csv"))
    divisions.write_text(
        "code,name,level,parent\n610000000000,陕西省,province,\n610900000000,安康市,prefecture,610000000000\n610927000000,镇坪县,county,610900000000\n"
        "610927100000,城关镇,township,610927000000\n610927100201,文彩村,village,610927100000\n"
    )
    good.write_text("姓名,组,门牌号\n安大山,,石寨1号\n,,石寨2号\n")
    bad.write_text("姓名,组,门牌号\n,,石寨3号\n")
    folder = tmp_path / "data"
    assert _bulou(folder, "areas", "import", str(divisions)).returncode == 0
    taken = _bulou(folder, "people", "import", str(good), "--area", "610927100201")
    assert (taken.returncode, (tmp_path / "good-to-correct.xlsx").exists()) == (0, True), taken.stderr
    assert "1 persons added" in taken.stdout
    refused = _bulou(folder, "people", "import", str(bad), "--area", "610927100201")
    assert refused.returncode == 1 and "no row could be taken" in refused.stderr
