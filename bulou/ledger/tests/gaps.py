"""The numbers of a phone's chain that the ledger has never seen: a second way to see what the phones' register says."""

from collections.abc import Iterable

from bulou.ledger.models import Entry, Held


def missing_ranges(received: Iterable[int]) -> list[tuple[int, int]]:
    """Return the gaps, first and last inclusive, in the numbers a device has delivered, from 1 to the highest seen."""
    gaps: list[tuple[int, int]] = []
    expected = 1
    for seq in sorted(set(received)):
        if seq > expected:
            gaps.append((expected, seq - 1))
        expected = max(expected, seq + 1)
    return gaps


def device_gaps(county: int, device: str) -> list[tuple[int, int]]:
    """Return the numbers, first and last inclusive, that the device has written and the server has never received."""
    entries = Entry.objects.filter(county=county, device=device, seq__isnull=False).values_list("seq", flat=True)
    held = Held.objects.filter(county=county, device=device, seq__isnull=False).values_list("seq", flat=True)
    return missing_ranges(seq for seq in [*entries, *held] if seq is not None)
