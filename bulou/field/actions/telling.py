"""What a phone has been told is remembered, as hashes, so that the next answer says only what differs."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from bulou.field.models import Told
from bulou.field.rules.telling import State, name_of, pack


@transaction.atomic
def remember(*, device: UUID, held: str, state: State, at: datetime) -> str:
    """Remember the state the phone will be in once it has the answer; return its name.

    `held` names the state it says it is in now. No other is kept: an answer that was lost on the way is made again.
    """
    name = name_of(state)
    if name == held:
        return name
    Told.objects.filter(device=device).exclude(state__in=[held, name]).delete()
    Told.objects.bulk_create([Told(device=device, state=name, items=pack(state), told_at=at)], ignore_conflicts=True)
    return name
