"""The law of plates, written apart from the phone: never refused, only told apart. test_plates.py holds both together.

Ordinary 7 characters: province, letter, five. New energy 8: small ones carry D, F (and A, B, C, E, G–K of later series)
third, large ones D or F last (GA 36-2018). Suffixes 挂 学 警 港 澳 使 领. A plate nobody recognises is kept as typed.
"""

import re
from dataclasses import dataclass

from bulou.checkpoints.rules.plates import LETTERS, PROVINCES

_ORDINARY = re.compile(rf"[{PROVINCES}][{LETTERS}][{LETTERS}\d]{{4}}[{LETTERS}\d挂学港澳使领]")
_POLICE = re.compile(rf"[{PROVINCES}][{LETTERS}][{LETTERS}\d]{{4}}警")
_SMALL = re.compile(rf"[{PROVINCES}][{LETTERS}][ABCDEFGHJK][{LETTERS}\d]\d{{4}}")
_LARGE = re.compile(rf"[{PROVINCES}][{LETTERS}]\d{{5}}[DF]")
_MILITARY = re.compile(rf"WJ[{PROVINCES}]?[\dA-Z]{{5,6}}|[VZKHBSLJNGC][{LETTERS}]\d{{5}}")
_NOISE = re.compile(r"[\s·.•\-—]+")


@dataclass(frozen=True, slots=True)
class Plate:
    """`text` is how it is kept; `region` the character of the province, "" if there is none."""

    text: str
    kind: str
    region: str


def read_plate(typed: str) -> Plate:
    """Return the plate as it is kept. Nothing typed is refused: unknown ones stay as they are, in capitals."""
    text = _NOISE.sub("", typed).upper()
    region = text[:1] if text[:1] in PROVINCES else ""
    if not text:
        return Plate("", "none", "")
    for kind, pattern in (("police", _POLICE), ("ordinary", _ORDINARY), ("new_energy", _SMALL), ("new_energy", _LARGE),
                          ("military", _MILITARY)):  # fmt: skip
        if pattern.fullmatch(text):
            return Plate(text, kind, region)
    return Plate(text, "other", region)
