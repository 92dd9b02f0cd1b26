"""Turns as a roster plans them, before and after they are published."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Turn:
    """One responder at one post from `starts` to `ends`, serving as `role` ("" in no particular one)."""

    post: UUID
    responder: UUID
    starts: datetime
    ends: datetime
    role: str = ""
    lead: bool = False
