"""Translations without GNU gettext: find what is said in code and templates, keep the .po files, compile them.

`python setup/words.py compile` makes each .mo whose .po is newer. `python setup/words.py update` adds what is said and
not yet translated to the .po of its folder, for somebody to fill in. tests/architecture asks that nothing is missing.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent / "bulou"
LANGUAGE = "zh_Hans"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}

Message = str | tuple[str, ...]  # with its plural, if it has one


@dataclass(frozen=True, order=True)
class Said:
    """One text shown to people, and where."""

    message: Message
    context: str | None
    file: Path
    line: int


def catalogue_of(folder: Path) -> Path:
    return folder / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def catalogues() -> list[Path]:
    return sorted(PACKAGE.glob(f"*/locale/{LANGUAGE}/LC_MESSAGES/django.po"))


def folders() -> list[Path]:
    return sorted(path for path in PACKAGE.iterdir() if (path / "__init__.py").exists())


def said_in(folder: Path) -> Iterator[Said]:
    """Yield every text marked for translation in the folder's Python and templates, tests left out."""
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if "tests" in inner.parts or "migrations" in inner.parts:
            continue
        if path.suffix == ".py":
            source = path.read_text("utf-8")
        elif path.suffix in (".html", ".txt") and "templates" in inner.parts:
            source = _python_of(path)
        else:
            continue
        for line, message, _, context in extract(
            "python", BytesIO(source.encode()), KEYWORDS, (), {"encoding": "utf-8"}
        ):
            if message and (message if isinstance(message, str) else message[0]):
                yield Said(message, context, path, line)


def _python_of(template: Path) -> str:
    """Return the template as Django's own extractor sees it: calls of gettext in a sea of X."""
    from django.utils.translation.template import templatize

    source = templatize(template.read_text("utf-8"), origin=str(template))
    return "\n".join(line.strip() for line in source.splitlines())


def read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale=LANGUAGE, project="Bulou", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, abort_invalid=True)


def translated(catalogue: Catalog) -> set[tuple[str, str | None]]:
    """Return the (msgid, context) pairs that have a whole translation."""
    done = set()
    for message in catalogue:
        texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and not message.fuzzy and all(texts):
            done.add((_first(message.id), message.context))
    return done


def _first(message: Message | list[str]) -> str:
    return message if isinstance(message, str) else message[0]


def untranslated() -> list[Said]:
    """Return what is said anywhere and has no Chinese in any of our catalogues, first occurrences only."""
    done = set().union(*(translated(read(path)) for path in catalogues()))
    missing: dict[tuple[str, str | None], Said] = {}
    for folder in folders():
        for said in said_in(folder):
            key = (_first(said.message), said.context)
            if key not in done:
                missing.setdefault(key, said)
    return list(missing.values())


def unsaid() -> list[str]:
    """Return what a catalogue translates and nothing in the code or the templates says."""
    said = {(_first(each.message), each.context) for folder in folders() for each in said_in(folder)}
    return [
        f"{path.relative_to(PACKAGE.parent)}: {_first(message.id)!r}"
        for path in catalogues()
        for message in read(path)
        if message.id and (_first(message.id), message.context) not in said
    ]


_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%[sd]|\{(\w*)\}")


def broken() -> list[str]:
    """Return what is wrong inside the catalogues: placeholders that differ between the two languages."""
    faults = []
    for path in catalogues():
        for message in read(path):
            if not message.id or not message.string:
                continue
            wanted = set(_PLACEHOLDER.findall(message.id if isinstance(message.id, str) else message.id[-1]))
            texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
            for text in texts:
                if text and (extra := set(_PLACEHOLDER.findall(text)) ^ wanted):
                    faults.append(
                        f"{path.relative_to(PACKAGE.parent)}: {_first(message.id)!r} differs in {sorted(extra)}"
                    )
    return faults


def update() -> int:
    """Add what is missing to the catalogue of the folder that says it, and return how many.

    What nobody says any more stays until somebody takes it out: a sentence reworded is translated from the old one.
    """
    missing = untranslated()
    by_folder: dict[Path, list[Said]] = {}
    for said in missing:
        by_folder.setdefault(PACKAGE / said.file.relative_to(PACKAGE).parts[0], []).append(said)
    for folder, news in by_folder.items():
        path = catalogue_of(folder)
        catalogue = read(path)
        for said in news:
            catalogue.add(said.message, context=said.context)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=120, sort_output=False, no_location=True, omit_header=False)
        print(f"{path.relative_to(PACKAGE.parent)}: {len(news)} to translate")
    return len(missing)


def compile_all() -> None:
    """Write each .mo that is older than its .po."""
    for path in catalogues():
        made = path.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime < path.stat().st_mtime:
            with made.open("wb") as file:
                write_mo(file, read(path))


if __name__ == "__main__":
    if sys.argv[1:] == ["compile"]:
        compile_all()
    elif sys.argv[1:] == ["update"]:
        update()
    else:
        raise SystemExit(__doc__)
