"""The decisions are listed, and one that another changed says so at its top."""

import re

from tests.architecture.tree import ROOT

FOLDER = ROOT / "docs" / "adr"
PAGES = {path.name[:4]: path for path in sorted(FOLDER.glob("0*.md"))}
INDEX = (FOLDER / "README.md").read_text("utf-8")


def _status(number: str) -> str:
    """Return what stands between the title and the first heading."""
    return PAGES[number].read_text("utf-8").split("\n## ")[0].split("\n", 1)[1]


def test_the_index_lists_every_page_under_its_own_title() -> None:
    titles = {number: path.read_text("utf-8").split("\n")[0].split(" · ")[1] for number, path in PAGES.items()}
    absent = [n for n, title in titles.items() if f"| [{n}]({PAGES[n].name}) | {title} |" not in INDEX]
    assert absent == []
    assert set(re.findall(r"^\| \[(\d{4})\]", INDEX, re.MULTILINE)) == set(PAGES)


def test_every_number_left_out_is_explained() -> None:
    highest = max(int(number) for number in PAGES)
    assert [n for n in (f"{i:04}" for i in range(1, highest)) if n not in PAGES and n not in INDEX] == []


def test_what_was_changed_says_by_which_page() -> None:
    silent = [
        f"{older} does not name {newer}"
        for newer in PAGES
        for older in sorted(set(re.findall(r"\b(0\d{3})\b", re.sub(r"\([^)]*\.md\)", "", _status(newer)))))
        if older < newer and older in PAGES and newer not in _status(older)
    ]
    assert silent == []
