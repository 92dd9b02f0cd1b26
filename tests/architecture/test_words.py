"""Everything a person reads is in both languages."""

import re

from setup import words
from tests.architecture.tree import PACKAGE, ROOT, tracked

# The names of the product and of the languages are the same in every language.
NAMES = {"不漏", "Bulou", "中文", "English", "简体中文", "·", "—", "→"}
TRANSLATED = re.compile(
    r"{%-?\s*(?:blocktrans(?:late)?\b.*?%}.*?{%\s*endblocktrans(?:late)?|comment\b.*?%}.*?{%\s*endcomment)\s*%}|{#.*?#}",
    re.DOTALL,
)
TAG = re.compile(r"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")
ATTRIBUTE = re.compile(r"""[\w:-]+=(?:"[^"]*"|'[^']*')""")  # where a block or an include holds only attributes
CODE = re.compile(r"<(script|style|code|pre)\b.*?</\1>|<!--.*?-->", re.DOTALL)
DJANGO = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
BOTH = {
    "500.html",
    "refused.html",
}  # drawn when nothing works, translation included: it says everything in both languages
SHOWN = re.compile(r"""\b(?:title|alt|placeholder|aria-label|aria-description|value)=(?:"([^"]*)"|'([^']*)')""")
SPEAKS = re.compile(r"[A-Za-z]{2,}|[一-鿿]")


def _plain_texts(source: str) -> list[str]:
    """Return what a template shows that does not go through translation."""
    source = CODE.sub(" ", TRANSLATED.sub("\x00", source))
    source = DJANGO.sub("\x00", source)
    attributes = [a or b for a, b in SHOWN.findall(source) if not re.fullmatch(r"[a-z0-9_:./-]*", a or b)]
    texts = ATTRIBUTE.sub("", TAG.sub("\n", source)).replace("\x00", "\n").split("\n")
    texts = [re.sub(r"&\w+;|&#\d+;", "", text).strip() for text in [*texts, *attributes]]
    return [text for text in texts if SPEAKS.search(text) and text.strip(" ·:：()（）") not in NAMES]


def test_the_search_finds_plain_text() -> None:
    page = '<p title="Half done">{% translate "Board" %}</p> Overdue {{ n }} {# note #}<b>逾期</b>'
    assert sorted(_plain_texts(page)) == ["Half done", "Overdue", "逾期"]


def test_templates_hold_no_untranslated_text() -> None:
    found = {
        str(path.relative_to(ROOT)): texts
        for path in tracked()
        if path.is_relative_to(PACKAGE) and path.suffix in (".html", ".txt") and "templates" in path.parts
        if path.name not in BOTH
        if (texts := _plain_texts(path.read_text("utf-8")))
    }
    assert found == {}


def test_everything_said_is_said_in_chinese() -> None:
    missing = [f"{s.file.relative_to(ROOT)}:{s.line} {s.message}" for s in words.untranslated()]
    assert missing == [], "make fix writes them into the .po files, to be filled in"


def test_nothing_is_translated_that_nobody_says() -> None:
    assert words.unsaid() == [], "take these out of the .po files"


def test_translations_keep_their_placeholders() -> None:
    assert words.broken() == []


def test_catalogues_are_kept_as_text_only() -> None:
    assert [str(path) for path in tracked() if path.suffix == ".mo"] == []
