"""What a phone was told, as hashes; what differs from it now; what it was told then.

A state is a mapping of keys ("d" duties, "c" cards, "a" areas, "f" forms, each followed by an id) to hashes of what was
said. The cursor a phone holds is the hash of its state, so that it can only ever mean that state: a server put back from
an old backup that does not know it starts the phone anew.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b, sha256
from typing import Any

import msgspec

from bulou.field.wire import Area, Card, FormName, Owed

State = dict[str, bytes]
MOST = 4_000  # duties and cards in one answer
_PACK, _UNPACK = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(dict[str, bytes])
_JSON = msgspec.json.Encoder()


def hash_of(said: Any) -> bytes:
    return blake2b(_JSON.encode(said), digest_size=8).digest()


def name_of(state: State) -> str:
    """Return the state's name: what the phone hands back as its cursor."""
    return sha256(_PACK.encode(dict(sorted(state.items())))).hexdigest()[:32]


def pack(state: State) -> bytes:
    return zlib.compress(_PACK.encode(state), 1)


def unpack(data: bytes) -> State:
    return _UNPACK.decode(zlib.decompress(data))


@dataclass
class Difference:
    """What to say so that a phone in one state comes to `state`; `more` if that is not yet all there is."""

    state: State
    duties: list[Owed]
    done: list[str]
    cards: list[Card]
    gone: list[str]
    areas: list[Area]
    forms: list[FormName]
    more: bool


def differ(
    before: Mapping[str, bytes], *, duties: Sequence[Owed], cards: Sequence[Card], areas: Sequence[Area],
    forms: Sequence[FormName], most: int = MOST,
) -> Difference:  # fmt: skip
    """Return what differs, in the order of the duties: on a line that breaks, what is due first has arrived.

    The cards of a duty go before it, so that no page holds a duty whose card is only on the next.
    """
    by_subject = {card.subject: card for card in cards}
    now: dict[str, tuple[bytes, Any]] = {}

    def tell(card: Card | None) -> None:
        if card is not None and f"c{card.subject}" not in now:
            now[f"c{card.subject}"] = hash_of(card), card

    for duty in duties:
        about = by_subject.get(duty.subject)
        tell(by_subject.get(about.household) if about and about.household else None)
        tell(about)
        now[f"d{duty.id}"] = hash_of(duty), duty
    for card in cards:
        tell(card)
    changed = [(key, hash_, said) for key, (hash_, said) in now.items() if before.get(key) != hash_]
    page = changed[:most]
    state = {key: hash_ for key, hash_ in before.items() if key in now}
    state |= {key: hash_ for key, hash_, _ in page}
    lists = {"a": areas, "f": forms}
    told: dict[str, Any] = {}
    for key, said in lists.items():
        state[key] = hash_of(said)
        told[key] = list(said) if before.get(key) != state[key] else []
    left = [key for key in before if key not in now and key not in lists]
    return Difference(
        state,
        [said for key, _, said in page if key.startswith("d")],
        [key[1:] for key in left if key.startswith("d")],
        [said for key, _, said in page if key.startswith("c")],
        [key[1:] for key in left if key.startswith("c")],
        told["a"], told["f"], len(changed) > len(page),
    )  # fmt: skip
