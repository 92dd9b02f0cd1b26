"""An act of a test that is written down, as every action writes its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from bulou.access.actions import audit


@contextmanager
def audited(**said: Any) -> Iterator[None]:
    with transaction.atomic():
        audit(**said)
        yield
