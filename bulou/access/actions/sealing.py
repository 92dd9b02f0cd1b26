"""Sealing what an account proves itself with under the installation's key, when that key changes or is another one."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction

from bulou.access.sealing import SECOND_FACTOR
from bulou.core.sealing import Sealed, is_sealed, open_text, seal_text


class Row(Protocol):
    """A row of allauth's authenticators: `data` holds a secret, a seed, or codes brought from elsewhere."""

    data: dict[str, Any]

    def save(self, *, update_fields: Iterable[str]) -> None: ...


def seal_rows(rows: Iterable[Row], known: Sequence[str]) -> int:
    """Seal each row anew with the first of the keys, whichever it was sealed with, plain ones too; return how many.

    What none of the keys opens stays as it is.
    """
    done = 0
    for row in rows:
        try:
            row.data = {name: _anew(value, known) for name, value in row.data.items()}
        except Sealed:
            continue
        row.save(update_fields=["data"])
        done += 1
    return done


def _anew(value: Any, known: Sequence[str]) -> Any:
    if isinstance(value, list):
        return [_anew(one, known) for one in value]
    if not isinstance(value, str):
        return value
    text = open_text(value, known, SECOND_FACTOR) if is_sealed(value) else value
    return seal_text(text, known[0], SECOND_FACTOR)


@transaction.atomic
def reseal(known: Sequence[str]) -> int:
    """Seal every second factor anew with the first of the keys; return how many. What none of them opens stays as it is."""
    return seal_rows(Authenticator.objects.select_for_update().order_by("pk").iterator(), known)


def end_sessions() -> None:
    """Let everybody sign in again."""
    Session.objects.all().delete()
