"""A phone as the tests hold one: it makes its key, enrols, signs in, records and sends as the app does."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.http import HttpResponse
from django.test import Client

from bulou.core.divisions import code_of
from bulou.core.ids import new_id
from bulou.field import actions
from bulou.field.rules.signing import encode, hash_of, moment_text, signed_text

API = "/field/v1"


@dataclass
class TestPhone:
    """`kept` is everything it has recorded and not yet been told it may forget, in order.

    With `signs_marks` it is a phone of today; without, of yesterday. `ahead_ms`: as it knows its clock to be ahead.
    """

    __test__ = False
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    client: Client = field(default_factory=Client)
    device: str = ""
    by: str = ""
    session: str = ""
    seq: int = 0
    prev_hash: str = ""
    epoch: str = ""
    kept: list[dict[str, Any]] = field(default_factory=list)
    certificate: str = ""
    signs_marks: bool = False
    mark: str = ""
    ahead_ms: int = 0

    @property
    def public_key(self) -> str:
        return encode(self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    def sign(self, text: str) -> str:
        r, s = decode_dss_signature(self.key.sign(text.encode(), ec.ECDSA(SHA256())))
        return encode(r.to_bytes(32) + s.to_bytes(32))

    def ask(self, method: str, path: str, said: Any = None, **headers: str) -> HttpResponse:
        if self.session:
            headers["Authorization"] = f"Bearer {self.session}"
        data = said if isinstance(said, bytes) else b"" if said is None else json.dumps(said).encode()
        return self.client.generic(  # type: ignore[return-value]
            method, f"{API}/{path}", data, content_type="application/json", headers=headers
        )

    def enrol(self, token: str, label: str = "红米 9A") -> HttpResponse:
        said = {"token": token, "public_key": self.public_key, "proof": self.sign(token), "label": label}
        answer = self.ask("POST", "enrol", said)
        if answer.status_code == 201:
            self.device = answer.json()["device"]  # type: ignore[attr-defined]
        return answer

    def poll(self) -> dict[str, Any]:
        answer = self.ask("POST", f"enrol/{self.device}", {"proof": self.sign(self.device)})
        assert answer.status_code == 200, answer.content
        return answer.json()  # type: ignore[attr-defined, no-any-return]

    def try_to_sign_in(self, **more: Any) -> HttpResponse:
        self.session = ""
        challenge = self.ask("POST", "challenge", {"device": self.device}).json()["challenge"]  # type: ignore[attr-defined]
        said = {"device": self.device, "challenge": challenge, "signature": self.sign(challenge), **more}
        return self.ask("POST", "sessions", said)

    def sign_in(self, **more: Any) -> dict[str, Any]:
        answer = self.try_to_sign_in(**more)
        if answer.status_code == 401 and self.certificate:
            answer = self.try_to_sign_in(**more, certificate=self.certificate)
        assert answer.status_code == 201, answer.content
        said: dict[str, Any] = answer.json()  # type: ignore[attr-defined]
        self.session, self.by, self.certificate = said["session"], said["me"]["by"], said["me"]["certificate"]
        self._hear(said)
        return said

    def record(
        self, kind: str, subject: str, area: int, at: datetime, body: dict[str, Any], *, happened_at: datetime | None = None,
        amends: str | None = None, id_: UUID | None = None, **more: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """Write an entry, signed, as the next of the chain, and keep it."""
        self.seq += 1
        entry: dict[str, Any] = {
            "id": str(id_ or new_id()), "kind": kind, "version": 1, "subject": subject, "area": code_of(area),
            "happened_at": moment_text(happened_at or at), "recorded_at": moment_text(at), "seq": self.seq,
            "prev_hash": self.prev_hash, "amends": amends, "body": json.dumps(body, ensure_ascii=False),
            **({"mark": self.mark, "ahead_ms": self.ahead_ms} if self.signs_marks else {}), **more,
        }  # fmt: skip
        text = self.text(entry)
        entry["signature"] = self.sign(text)
        self.prev_hash = hash_of(text)
        self.kept.append(entry)
        return entry

    def text(self, entry: dict[str, Any]) -> str:
        said = {name: value for name, value in entry.items() if name != "signature"}
        return signed_text(**{**said, "by": self.by, "device": self.device, "amends": entry["amends"] or ""})

    def push(self, entries: list[Any] | None = None, **more: Any) -> dict[str, Any]:
        """Send these, or all that is kept; forget what the server says is safe."""
        answer = self.ask("POST", "entries", {"entries": self.kept if entries is None else entries, **more})
        assert answer.status_code == 200, answer.content
        said: dict[str, Any] = answer.json()  # type: ignore[attr-defined]
        self._hear(said)
        self.kept = [entry for entry in self.kept if entry["seq"] > said["safe_seq"]]
        return said

    def outcomes(self, entries: list[Any] | None = None) -> list[str]:
        return [receipt["outcome"] for receipt in self.push(entries)["receipts"]]

    def pull(self, cursor: str = "") -> dict[str, Any]:
        answer = self.ask("GET", f"work?cursor={cursor}")
        assert answer.status_code == 200, answer.content
        return answer.json()  # type: ignore[attr-defined, no-any-return]

    def _hear(self, said: dict[str, Any]) -> None:
        self.epoch, self.mark = said["epoch"], said["mark"]


def enrolled(account: UUID, areas: list[int], at: datetime, *, days: int = 30, by: str = "system:test") -> TestPhone:
    """Return a phone of the account, confirmed and signed in."""
    phone = TestPhone()
    token = actions.issue_token(account=account, areas=areas, days=days, by=by, at=at)
    answer = phone.enrol(token)
    assert answer.status_code == 201, answer.content
    actions.consent(device=UUID(phone.device), account=account, at=at)
    actions.confirm(device=UUID(phone.device), by=by, at=at)
    phone.sign_in()
    return phone
