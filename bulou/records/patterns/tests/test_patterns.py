"""A pattern that would keep a phone busy for ever is not taken; what is taken is judged in time that grows with the text."""

import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bulou.records.patterns import BadPattern, check_pattern, matches, why
from bulou.records.patterns.reading import MANY, Alt, Chars, Edge, Part, Rep, Seq, read
from bulou.records.patterns.simpler import simpler
from bulou.records.patterns.wording import WORDS
from bulou.records.patterns.writing import written

EXPLODING = {
    "^(a+)+$": "^a+$",
    "^(a|a)*$": "^a*$",
    "^(a*)*$": "^a*$",
    "^(.*)*$": "^.*$",
    r"^(\d|\w)*$": r"^\w*$",
    "^([a-zA-Z]+)*$": "^[a-zA-Z]*$",
    "^(a?){30}a{30}$": "^a{30,60}$",
    r"^\d+\d+\d+$": r"^\d{3,}$",
    "^a*a*a*b$": "^a*b$",
    r"^(\w+\s?)+$": r"^\w+(\s\w+)*\s?$",
    "^(ab|ab)*$": "^(ab)*$",
    "^(x{30}|x{30}){12}$": "^(x{30}){12}$",
    "^(a|aa)+$": "",
    "^(([a-z])+.)+[A-Z]([a-z])+$": "",
    r"^.+@.+\..+$": "",
}
FINE = (
    "^[0-9]{11}$", r"^1[3-9]\d{9}$", r"^(\d{15}|\d{17}[\dXx])$", "^[0-9a-f-]{36}$", "^.{0,500}$", "^[一-龥·]{2,20}$",
    r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$", r"^-?[0-9]+(\.[0-9]+)?$", r"^(\w+\s)*\w+$", "^(role:[a-z_]+|x)$",
    "^[A-Z][a-z]+( [A-Z][a-z]+)*$", r"^(([0-9]{1,3}\.){3}[0-9]{1,3})$", r"^\s*\S+\s*$", "^([0-9]{3},)*[0-9]{3}$",
)  # fmt: skip


@pytest.mark.parametrize(("pattern", "instead"), EXPLODING.items())
def test_what_explodes_is_refused_and_an_equal_one_named_where_there_is_one(pattern: str, instead: str) -> None:
    with pytest.raises(BadPattern) as bad:
        check_pattern(pattern)
    assert (bad.value.code, bad.value.instead) == ("explodes", instead)
    if instead:
        check_pattern(instead)


@pytest.mark.parametrize("pattern", FINE)
def test_what_forms_ask_is_taken(pattern: str) -> None:
    check_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("^(?=a)b$", "lookaround"), ("^(?<!a)b$", "lookaround"), (r"^(a)\1$", "backreference"), ("^(?P<n>a)$", "group"),
        ("^(?i)a$", "group"), ("^a++$", "engines"), ("^[[:alpha:]]$", "engines"), ("^[a&&b]$", "engines"),
        (r"^\p{L}$", "engines"), ("^a{,3}$", "engines"), ("^(a$", "unreadable"), ("^a)$", "unreadable"),
        ("^[a$", "unreadable"), ("^a{2000}$", "too large"), ("^((a{90}){90}){90}$", "too large"),
        ("^((){900}){900}$", "too large"), ("^" + "a?b?c?d?" * 240 + "$", "too large"), ("(" * 90 + ")" * 90, "too large"),
    ],
)  # fmt: skip
def test_what_is_not_judged_alike_everywhere_is_refused(pattern: str, code: str) -> None:
    with pytest.raises(BadPattern) as bad:
        check_pattern(pattern)
    assert bad.value.code == code
    for language in ("zh_Hans", "en"):
        assert why(bad.value.code, bad.value.detail, bad.value.instead, language)


def test_every_refusal_has_its_words() -> None:
    assert set(WORDS) >= {"unreadable", "engines", "lookaround", "backreference", "group", "too large", "complicated",
                          "explodes"}  # fmt: skip


LETTERS = st.sampled_from(["a", "b", "[ab]", "[^a]", ".", "c"])


def _compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    times = st.sampled_from(["*", "+", "?", "{2}", "{0,3}", "{2,}"])
    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({'|'.join(parts)})"),
        st.builds(lambda part, n: f"({part}){n}", inner, times),
    )


PATTERNS = st.recursive(LETTERS, _compound, max_leaves=8).map(lambda part: f"^({part})$")
TEXTS = st.text(alphabet="abc\n", max_size=12)


class _Tired(Exception):
    pass


def _ways(part: Part, text: str, at: int, steps: list[int]) -> Iterator[int]:
    """Yield every end of a match, as an engine that goes back tries them. `steps` counts down."""
    steps[0] -= 1
    if steps[0] < 0:
        raise _Tired
    match part:
        case Chars(ranges=ranges):
            if at < len(text) and any(low <= ord(text[at]) <= high for low, high in ranges):
                yield at + 1
        case Edge(text=edge):
            if at == (0 if edge == "^" else len(text)):
                yield at
        case Seq(parts=parts):
            if not parts:
                yield at
            else:
                for end in _ways(parts[0], text, at, steps):
                    yield from _ways(Seq(parts[1:]), text, end, steps)
        case Alt(parts=parts):
            for one in parts:
                yield from _ways(one, text, at, steps)
        case Rep(part=inner, low=low, high=high):
            if high != 0:
                rest = Rep(inner, max(low - 1, 0), None if high is None else high - 1)
                for end in _ways(inner, text, at, steps):
                    if end > at or low:  # an empty turn more than asked for is none
                        yield from _ways(rest, text, end, steps)
            if not low:
                yield at


def _hostile(pattern: str, pump: str, times: int) -> Iterator[str]:
    for tail in ("", "\n", "c", "b"):
        yield pump * times + tail


@settings(max_examples=250, deadline=None)
@given(pattern=PATTERNS, pump=st.text(alphabet="abc", min_size=1, max_size=3))
def test_what_is_taken_does_not_explode_on_an_engine_that_goes_back(pattern: str, pump: str) -> None:
    try:
        check_pattern(pattern)
    except BadPattern:
        assume(False)
    tree = read(pattern)
    for text in _hostile(pattern, pump, 60 // len(pump)):
        most = 400 * (len(text) + 2) ** 2  # squares are taken
        for _ in _ways(tree, text, 0, [most]):
            break


@pytest.mark.parametrize("pattern", [pattern for pattern, instead in EXPLODING.items() if "{30}" not in pattern])
def test_the_engine_that_goes_back_of_this_test_explodes_on_what_is_refused(pattern: str) -> None:
    """Otherwise the test above would prove nothing."""
    tree = read(pattern)
    with pytest.raises(_Tired):
        for pump in ("a", "1", "ab", "x", "@.", "aa", "aA"):
            text = pump * (150 // len(pump)) + "\n"
            for _ in _ways(tree, text, 0, [15 * (len(text) + 2) ** 2]):
                pass


@settings(max_examples=300, deadline=None)
@given(pattern=PATTERNS, texts=st.lists(TEXTS, min_size=1, max_size=12))
def test_a_simpler_pattern_matches_the_same_texts(pattern: str, texts: list[str]) -> None:
    again = written(simpler(read(pattern)))
    for text in texts:
        assert bool(re.fullmatch(pattern, text)) == bool(re.fullmatch(again, text)), (pattern, again, text)


@settings(max_examples=300, deadline=None)
@given(pattern=PATTERNS, texts=st.lists(TEXTS, min_size=1, max_size=12))
def test_the_server_judges_as_the_engine_it_had_before(pattern: str, texts: list[str]) -> None:
    try:
        check_pattern(pattern)
    except BadPattern:
        assume(False)
    for text in texts:
        # before: the last $ was the very end of the text
        assert matches(pattern, text) == bool(re.match(pattern[:-1] + r"\Z", text, re.ASCII)), (pattern, text)


@settings(max_examples=60, deadline=None)
@given(pattern=PATTERNS, pump=st.text(alphabet="abc", min_size=1, max_size=4), tail=st.sampled_from(["", "\n", "c"]))
def test_ten_thousand_hostile_characters_are_judged_at_once(pattern: str, pump: str, tail: str) -> None:
    try:
        check_pattern(pattern)
    except BadPattern:
        assume(False)
    text = (pump * 10_000)[:10_000] + tail
    began = time.thread_time()
    matches(pattern, text)
    assert time.thread_time() - began < 1.0


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab()[]{}|*+?^$\\.-,0123dws", max_size=24))
def test_any_text_is_taken_or_refused_in_words_and_soon(pattern: str) -> None:
    began = time.thread_time()
    try:
        check_pattern(pattern)
    except BadPattern as bad:
        assert why(bad.code, bad.detail, bad.instead, "en")
    assert time.thread_time() - began < 3.0 and MANY


def test_odd_texts_are_judged() -> None:
    assert matches("^.$", "𠀀") and matches(r"^\s$", "\v") and not matches("^a$", "a\n")
    assert not matches("^a$", "\ud800") and matches("^.$", "\ud800")
