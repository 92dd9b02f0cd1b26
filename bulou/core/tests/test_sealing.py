import io
import random

import pytest

from bulou.core import sealing
from bulou.core.sealing import PIECE, TAG, OtherKey, Sealed

SECRET, OTHER = "a secret of some length", "another one"


def sealed(content: bytes) -> bytes:
    target = io.BytesIO()
    sealing.seal(io.BytesIO(content), target, secret=SECRET)
    return target.getvalue()


def opened(raw: bytes, *secrets: str) -> bytes:
    return b"".join(sealing.opened(io.BytesIO(raw), secrets or (SECRET,)))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_is_sealed_comes_back_and_nothing_of_it_is_seen(size: int) -> None:
    content = random.Random(size).randbytes(size)
    raw = sealed(content)
    assert opened(raw) == opened(raw, OTHER, SECRET) == content
    assert size < 16 or content[:16] not in raw
    assert raw != sealed(content), "every file has a key of its own"


def test_whatever_is_done_to_a_sealed_file_is_noticed() -> None:
    content = random.Random(1).randbytes(3 * PIECE + 100)
    raw = sealed(content)
    head, one = len(raw) - len(sealed(b"")) - len(content) - 3 * TAG, PIECE + TAG
    head = len(sealed(b"")) - TAG
    pieces = [raw[head + n * one : head + (n + 1) * one] for n in range(4)]
    spoiled = {
        "cut off within a piece": raw[:-1],
        "cut off between two": raw[: head + 2 * one],
        "nothing left": raw[:head],
        "changed": raw[:-50] + bytes([raw[-50] ^ 1]) + raw[-49:],
        "salt changed": raw[: head - 1] + bytes([raw[head - 1] ^ 1]) + raw[head:],
        "another order": raw[:head] + pieces[1] + pieces[0] + pieces[2] + pieces[3],
        "one left out": raw[:head] + pieces[0] + pieces[2] + pieces[3],
        "one twice": raw[:head] + pieces[0] + pieces[0] + pieces[1] + pieces[2] + pieces[3],
        "more behind it": raw + pieces[3],
        "of another file": raw[:head] + sealed(content)[head:],
    }
    for what, bad in spoiled.items():
        with pytest.raises(Sealed):
            opened(bad)
            raise AssertionError(what)


def test_another_key_opens_nothing_and_says_which_is_wanted() -> None:
    with pytest.raises(OtherKey) as said:
        opened(sealed(b"x"), OTHER)
    assert said.value.mark == sealing.mark_of(SECRET)
    assert SECRET.encode() not in sealed(b"x")


def test_a_text_opens_for_its_purpose_only() -> None:
    text = sealing.seal_text("JBSWY3DPEHPK3PXP", SECRET, "second factor")
    assert sealing.is_sealed(text) and "JBSWY" not in text
    assert sealing.open_text(text, [OTHER, SECRET], "second factor") == "JBSWY3DPEHPK3PXP"
    for secrets, what in (([OTHER], "second factor"), ([SECRET], "session"), ([], "second factor")):
        with pytest.raises(Sealed):
            sealing.open_text(text, secrets, what)
    with pytest.raises(Sealed):
        sealing.open_text(text[:-2] + "AA", [SECRET], "second factor")
