"""What is sealed in the rows of accounts, and the table of sessions: a copy of the database lets nobody in.

Passwords, enrolment codes, phones' sessions, tokens of Collect and setup keys are there as hashes only.
"""

from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.core.signing import JSONSerializer

from bulou.core.sealing import open_text, seal_text

SECOND_FACTOR, SESSION = "second factor", "session"


def keys() -> list[str]:
    """Return the installation's key, and after it those it had before."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


class SessionStore(DatabaseStore):
    """Sessions whose rows are found by the hash of what the browser holds, and whose content is sealed."""

    def _get_session_from_db(self) -> Any:
        held = self.session_key
        self._session_key = _row_of(held)
        try:
            return super()._get_session_from_db()  # type: ignore[misc]  # django-stubs does not know it
        finally:
            if self._session_key is not None:
                self._session_key = held

    def exists(self, session_key: str) -> bool:
        return super().exists(_row_of(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        made = super().create_model_instance(data)
        made.session_key = _row_of(made.session_key)
        return made

    def delete(self, session_key: str | None = None) -> None:
        if (key := session_key or self.session_key) is not None:
            super().delete(_row_of(key))


def _row_of(session_key: str | None) -> Any:
    return session_key and sha256(session_key.encode()).hexdigest()[:40]


class SealedSerializer:
    """What a session holds, sealed: while a second factor is being set up its secret is in there."""

    def dumps(self, said: Any) -> bytes:
        return seal_text(JSONSerializer().dumps(said).decode("latin-1"), settings.SECRET_KEY, SESSION).encode()

    def loads(self, kept: bytes) -> Any:
        return JSONSerializer().loads(open_text(kept.decode(), keys(), SESSION).encode("latin-1"))
