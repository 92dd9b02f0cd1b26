"""Whether entries hang together: each carries the hash of the one its device made before it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bulou.field.rules.ranges import Ranges, within


@dataclass(slots=True)
class Known:
    """What is known of a device's chain: the hashes of what was received as each number, and what each says of the one
    before. More than one where a number came twice with different content."""

    hashes: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    before: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, seq: int, hash_: str, prev_hash: str) -> None:
        self.hashes[seq].add(hash_)
        self.before[seq].add(prev_hash)


def wanted(seqs: Iterable[int], received: Ranges, last_seq: int) -> set[int]:
    """Return the numbers whose hash must be looked up to check these: their neighbours that were received before.

    The highest number's hash is kept with the device, so that the usual batch, which follows it, asks for none.
    """
    own = set(seqs)
    found = {n for seq in own for n in (seq - 1, seq + 1)} - own
    return {n for n in found if n != last_seq and within(n, received)} | (
        {last_seq} if last_seq and last_seq - 1 in own else set()
    )


def hangs_together(seq: int, hash_: str, prev_hash: str, known: Known) -> bool:
    """Tell whether nothing known speaks against the entry's place: neither the one before it nor the one after."""
    if seq == 1 and prev_hash:
        return False
    before, after = _get(known.hashes, seq - 1), _get(known.before, seq + 1)
    return (not before or prev_hash in before) and (not after or hash_ in after)


def _get(held: Mapping[int, set[str]], seq: int) -> set[str]:
    return held.get(seq, set())
