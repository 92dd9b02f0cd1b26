"""Nobody beyond the machine is served in clear by mistake."""

import http.client
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import click
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bulou.site.commands.serve import check_confidential, on_this_machine
from tests import postgres
from tests.faults import crowd


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BULOU_HTTPS", raising=False)
    monkeypatch.delenv("BULOU_PROXY", raising=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.5.5.5"])
def test_this_machine_needs_no_tls(host: str) -> None:
    assert on_this_machine(host)
    check_confidential(host, own=False, without_tls=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_any_other_address_is_refused_until_told(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not on_this_machine(host)
    with pytest.raises(click.ClickException) as said:
        check_confidential(host, own=False, without_tls=False)
    for what in ("passwords", "BULOU_HTTPS=1", "BULOU_PROXY=1", "--certificate", "--without-tls"):
        assert what in said.value.message
    check_confidential(host, own=True, without_tls=False)
    check_confidential(host, own=False, without_tls=True)
    monkeypatch.setenv("BULOU_HTTPS", "1")
    with pytest.raises(click.ClickException):  # everybody would be sent to https for ever
        check_confidential("127.0.0.1", own=False, without_tls=False)
    monkeypatch.setenv("BULOU_PROXY", "1")
    check_confidential(host, own=False, without_tls=False)
    monkeypatch.delenv("BULOU_HTTPS")
    with pytest.raises(click.ClickException):
        check_confidential(host, own=False, without_tls=False)


def test_the_command_refuses_before_anything_is_made(tmp_path: Path) -> None:
    env = crowd.environment(tmp_path / "data")
    for more in ([], ["--demo"]):
        done = subprocess.run(
            [sys.executable, "-m", "bulou.site", "run", "--host", "0.0.0.0", *more],
            env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 1 and "--without-tls" in done.stderr
    assert not (tmp_path / "data").exists()


def certificate(folder: Path) -> tuple[Path, Path]:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=True)
        .sign(key, SHA256())
    )  # fmt: skip
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return paths


def test_a_certificate_of_ones_own_is_served(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    port, data = postgres._free_port(), tmp_path / "data"
    data.mkdir()
    trusted = ssl.create_default_context(cafile=str(cert))
    options = ("--certificate", str(cert), "--certificate-key", str(key), "--host", "127.0.0.1")
    with crowd.served(data, port, "", *options, trusted=trusted):
        line = http.client.HTTPSConnection("127.0.0.1", port, context=trusted, timeout=20)
        line.request("GET", "/account/login/")
        answer = line.getresponse()
        page = answer.read()
        assert answer.status == 200 and b"csrfmiddlewaretoken" in page
        assert "Secure" in answer.headers["Set-Cookie"] and answer.headers["Strict-Transport-Security"]
        line.close()
    assert data.stat().st_mode & 0o077 == 0
