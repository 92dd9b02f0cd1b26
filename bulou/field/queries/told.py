"""What a phone has been told."""

from uuid import UUID

from bulou.field.models import Told
from bulou.field.rules.telling import State, unpack


def find_told(device: UUID, state: str) -> State | None:
    """Return the state of that name the phone was told, None if it is not known (any more)."""
    row = Told.objects.filter(device=device, state=state).values_list("items", flat=True).first()
    return unpack(bytes(row)) if row is not None else None
