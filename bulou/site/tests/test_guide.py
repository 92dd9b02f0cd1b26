"""The deployment guide is true: what it writes down is run as it stands there, in both languages the same."""

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bulou.site.tests.test_confidential import certificate
from tests import postgres
from tests.faults import crowd

ROOT = Path(__file__).resolve().parents[3]
GUIDE = (ROOT / "docs" / "guide" / "deployment.md").read_text("utf-8")
CHINESE = (ROOT / "docs" / "guide" / "deployment.zh.md").read_text("utf-8")
NAME = "bulou.example.gov.cn"
NGINX, CADDY = shutil.which("nginx") or shutil.which("/usr/sbin/nginx"), shutil.which("caddy")
SYSTEMD = shutil.which("systemd-analyze")


def blocks(sort: str, text: str = GUIDE) -> list[str]:
    return re.findall(rf"^```{re.escape(sort)}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_both_languages_give_the_same_to_type() -> None:
    every = r"^```.*?^```$"
    assert re.findall(every, GUIDE, re.DOTALL | re.MULTILINE) == re.findall(every, CHINESE, re.DOTALL | re.MULTILINE)
    assert set(re.findall(r"`(--[a-z-]+)", GUIDE)) == set(re.findall(r"`(--[a-z-]+)", CHINESE))


def variables() -> set[str]:
    """Return every variable of the environment that the product reads: whatever text in it is called like one."""
    found = set()
    for path in (ROOT / "bulou").rglob("*.py"):
        if "tests" not in path.parts:
            found |= set(re.findall(r"""["'](BULOU_[A-Z_]+|DATABASE_URL)["']""", path.read_text("utf-8")))
    return found


def test_every_variable_is_in_the_guide() -> None:
    assert {"BULOU_HTTPS", "BULOU_PROXY", "DATABASE_URL"} <= variables()
    for text in (GUIDE, CHINESE):
        told = set(re.findall(r"`(BULOU_[A-Z_]+|DATABASE_URL)`", text.partition("## 6.")[2]))
        assert told == variables()


def test_every_option_the_guide_names_exists() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "bulou.site", "run", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    for option in ("--host", "--port", "--threads", "--certificate", "--certificate-key", "--without-tls"):
        assert option in said and option in GUIDE


@pytest.mark.skipif(not SYSTEMD, reason="no systemd here")
def test_the_units_are_units(tmp_path: Path) -> None:
    units = blocks("systemd")
    assert len(units) == 3
    for name, text in zip(("bulou.service", "bulou-backup.service", "bulou-backup.timer"), units, strict=True):
        text = text.replace("/opt/bulou/.venv/bin/bulou", sys.executable).replace("User=bulou", "User=root")
        (tmp_path / name).write_text(text.replace("Group=bulou", "Group=root"))
    done = subprocess.run(
        [str(SYSTEMD), "verify", "--man=no", "--recursive-errors=no", *sorted(tmp_path.iterdir())],
        capture_output=True, text=True, check=False, env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not [line for line in done.stderr.splitlines() if "bulou" in line], done.stderr


def environment(folder: Path) -> dict[str, str]:
    """Return the environment the guide sets, over a folder of the test."""
    [said] = blocks("ini")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BULOU_", "DATABASE_URL"))}
    told = dict(line.split("=", 1) for line in said.splitlines())
    assert set(told) <= variables()
    told.pop("DATABASE_URL")
    return {**kept, **told, "BULOU_DATA": str(folder), "PYTHONPATH": str(ROOT)}


def test_its_commands_make_a_backup_and_go_back(tmp_path: Path) -> None:
    """In the order of the guide, by a shell, on a new installation."""
    tried = blocks("sh try")
    assert len(tried) == 3
    (tmp_path / "backups").mkdir()
    env = environment(tmp_path / "data") | {"BACKUPS": str(tmp_path / "backups")}
    bulou = f'bulou() {{ "{sys.executable}" -m bulou.site "$@"; }}\n'
    for script in ("bulou migrate\n", *tried):
        done = subprocess.run(
            ["sh", "-ec", bulou + script], env=env, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, script + done.stdout + done.stderr
    assert {path.name for path in (tmp_path / "backups").glob("*.bulou")} == {"monday.bulou", "tuesday.bulou"}


@contextmanager
def running(command: list[str], port: int, **more: object) -> Iterator[None]:
    program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)  # type: ignore[call-overload]
    try:
        until = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert program.poll() is None and time.monotonic() < until, command
                time.sleep(0.1)
        yield
    finally:
        program.terminate()
        program.wait(20)


def ask(port: int, trusted: ssl.SSLContext | None, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    line = (
        http.client.HTTPSConnection("127.0.0.1", port, context=trusted, timeout=20)
        if trusted
        else http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    )
    try:
        line.request("GET", path, headers={"Host": NAME, **headers})
        answer = line.getresponse()
        return answer, answer.read()
    finally:
        line.close()


def check_in_front(https: int, plain: int, trusted: ssl.SSLContext, behind: int) -> None:
    """The product is reached over https, is told so by the proxy alone, and sends nobody round in a circle."""
    answer, page = ask(https, trusted, "/account/login/")
    assert answer.status == 200 and b"csrfmiddlewaretoken" in page
    assert "Secure" in answer.headers["Set-Cookie"] and answer.headers["Strict-Transport-Security"]
    answer, _ = ask(https, trusted, "/account/login/", **{"X-Forwarded-Proto": "http", "X-Forwarded-For": "192.0.2.1"})
    assert answer.status == 200, "what a client says of itself is not believed"
    answer, _ = ask(plain, None, "/account/login/")
    assert answer.status in (301, 308) and answer.headers["Location"].startswith(f"https://{NAME}/")
    answer, _ = ask(behind, None, "/account/login/")
    assert answer.status == 301, "past the proxy nobody is served in clear"
    with (
        socket.create_connection(("127.0.0.1", https), timeout=20) as raw,
        trusted.wrap_socket(raw, server_hostname="127.0.0.1") as line,
    ):
        line.sendall(f"POST /account/login/ HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 629145600\r\n\r\n".encode())
        assert line.recv(12) == b"HTTP/1.1 413"


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The product as the guide starts it; its own check for an answer comes without the proxy's headers."""
    folder, port = tmp_path_factory.mktemp("guide"), postgres._free_port()
    told = {
        name: value
        for name, value in environment(folder).items()
        if name.startswith("BULOU_H") or name == "BULOU_PROXY"
    }
    assert told == {"BULOU_HOSTS": NAME, "BULOU_HTTPS": "1", "BULOU_PROXY": "1"}
    with crowd.served(folder, port, "", "--host", "127.0.0.1", **told | {"BULOU_HOSTS": f"{NAME},127.0.0.1"}):
        yield port


@pytest.mark.skipif(not NGINX, reason="no nginx here")
def test_nginx_in_front_as_the_guide_writes_it(behind: int, tmp_path: Path) -> None:
    [text] = blocks("nginx")
    cert, key = certificate(tmp_path)
    https, plain = postgres._free_port(), postgres._free_port()
    for old, new in (("/etc/ssl/bulou/fullchain.pem", str(cert)), ("/etc/ssl/bulou/key.pem", str(key)),
                     ("127.0.0.1:8000", f"127.0.0.1:{behind}"), ("listen 80;", f"listen 127.0.0.1:{plain};"),
                     ("listen 443 ssl;", f"listen 127.0.0.1:{https} ssl;"),
                     ("    listen [::]:80;\n", ""), ("    listen [::]:443 ssl;\n", "")):  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    temporary = "".join(
        f"{name}_temp_path {tmp_path}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    conf = tmp_path / "nginx.conf"
    conf.write_text(f"daemon off;\nuser root;\npid {tmp_path}/pid;\nerror_log {tmp_path}/error.log;\nevents {{}}\n"
                    f"http {{\naccess_log off;\n{temporary}{text}}}\n")  # fmt: skip
    tested = subprocess.run([str(NGINX), "-t", "-c", conf], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    with running([str(NGINX), "-c", str(conf)], https):
        check_in_front(https, plain, ssl.create_default_context(cafile=str(cert)), behind)


@pytest.mark.skipif(not CADDY, reason="no Caddy here")
def test_caddy_in_front_as_the_guide_writes_it(behind: int, tmp_path: Path) -> None:
    [text] = blocks("caddy")
    cert, key = certificate(tmp_path)
    https, plain, admin = postgres._free_port(), postgres._free_port(), postgres._free_port()
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{behind}")
    text = text.replace(f"{NAME} {{", f"{NAME}, 127.0.0.1 {{\n    tls {cert} {key}", 1)
    conf = tmp_path / "Caddyfile"
    conf.write_text(
        f"{{\n    http_port {plain}\n    https_port {https}\n    admin 127.0.0.1:{admin}\n    skip_install_trust\n}}\n{text}"
    )
    env = os.environ | {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    tested = subprocess.run(
        [str(CADDY), "validate", "--adapter", "caddyfile", "--config", conf],
        capture_output=True, text=True, check=False, env=env,
    )  # fmt: skip
    assert tested.returncode == 0, tested.stderr
    with running([str(CADDY), "run", "--adapter", "caddyfile", "--config", str(conf)], https, env=env):
        answer, page = ask(https, ssl.create_default_context(cafile=str(cert)), "/account/login/")
        assert answer.status == 200 and b"csrfmiddlewaretoken" in page and "Secure" in answer.headers["Set-Cookie"]
        answer, _ = ask(https, ssl.create_default_context(cafile=str(cert)), "/account/login/",
                        **{"X-Forwarded-Proto": "http"})  # fmt: skip
        assert answer.status == 200
