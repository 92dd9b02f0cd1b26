"""Writes docs/made: what can be said about the product by asking it. `--check` only compares, and names what differs.

`python -m docs.make` · `python -m docs.make --check`
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MADE = ROOT / "docs" / "made"
NOTE = "<!-- Written by make docs. -->\n"


def pages() -> dict[str, str]:
    """Return every page of docs/made by its name."""
    from bulou.field.openapi import document
    from bulou.records.schema import openapi
    from bulou.site.kinds import find_kinds

    kinds = find_kinds()
    return {
        "kinds.md": NOTE + "\n".join(catalogue(kinds)) + "\n",
        "duties.md": NOTE + "\n".join(diagram(kinds)) + "\n",
        "retention.md": NOTE + "\n".join(retention(kinds)) + "\n",
        "urls.md": NOTE + "\n".join(addresses()) + "\n",
        "openapi.json": json.dumps(openapi(kinds.values()), ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        "field-openapi.json": json.dumps(document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n",
    }


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def _row(*cells: object) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


OWN = {"": [], "word": ["whom it is about"], "presence": ["whom it is about or who leads where they stand"]}


def catalogue(kinds: dict[str, Any]) -> Iterator[str]:
    """Yield the catalogue: every kind with its fields, what it opens, meets and waives, and where its README is."""
    yield "# Kinds of records · 记录种类\n"
    yield "One folder each in `bulou/kinds`. Expressions are XLSForm's. * required.\n"
    for name, kind in kinds.items():
        yield f"- [{kind.words['zh_Hans'].title} · {kind.words['en'].title}](#{name})"
    for name, kind in kinds.items():
        zh, en = kind.words["zh_Hans"], kind.words["en"]
        yield f'\n## <a id="{name}"></a>{zh.title} · {en.title}\n'
        yield (
            f"`{name}`, version {kind.version}, about {', '.join(kind.subject)}; recorded by "
            + ", ".join([*OWN[kind.own], *(f"`{role}`" for role in sorted(kind.recorded_by))])
            + (". Sensitive." if kind.sensitive else ".")
            + f" [Why and from where](../../bulou/kinds/{name}/README.md)\n"
        )
        if zh.description or en.description:
            yield f"{zh.description} {en.description}\n".strip() + "\n"
        yield from _fields(kind, zh, en)
        if kind.duties:
            yield "\n" + _row("effect", "duty", "owed by", "how")
            yield _row("---", "---", "---", "---")
            for effect in kind.duties:
                yield _effect(effect, zh)


def _fields(kind: Any, zh: Any, en: Any) -> Iterator[str]:
    yield _row("field", "type", "中文", "English", "asked when", "must hold", "personal")
    yield _row(*["---"] * 7)
    for key, field in kind.keys().items():
        star = "*" if field.required is True else f" * if {_code(field.required)}" if field.required else ""
        kind_of = field.type + (f": {', '.join(field.options)}" if field.options else "")
        personal = f"{field.personal.purpose}; {_days(field.personal)}" if field.personal else field.about_nobody
        yield _row(_code(key) + star, kind_of, zh.label(key), en.label(key), _code(field.relevant),
                   _code(field.constraint or field.calculation), personal)  # fmt: skip


def _days(personal: Any) -> str:
    since = "the entry" if personal.starts == "entry" else "the close of the incident"
    return f"{personal.keep_days} days from {since}"


def retention(kinds: dict[str, Any]) -> Iterator[str]:
    """Yield what is kept of people, why, for how many days and from which event, as kinds and tables declare it."""
    from bulou.core.keeping import AT_ONCE
    from bulou.office.declared import DECLARED
    from bulou.records.fields import walk
    from bulou.records.rulebook import rulesets

    yield "# What is kept of people, and until when · 个人信息保留期限\n"
    yield (
        "Written from the declarations the program destroys by ([why](../adr/0022-everything-personal-ends.md)). A rule set"
        " with fewer days wins; what counts from the close of an incident waits for two people's word.\n"
    )
    yield "## Records\n"
    yield _row("kind", "fields", "purpose", "days")
    yield _row(*["---"] * 4)
    for name, kind in kinds.items():
        by: dict[Any, list[str]] = {}
        for key, field in walk(kind.fields):
            if field.personal:
                by.setdefault(field.personal, []).append(_code(key))
        for personal, keys in by.items():
            yield _row(_code(name), ", ".join(keys), personal.purpose, _days(personal))
    yield _row("a county's own form", "what names or describes a person, and whatever is typed", "as its title says",
               "as it says when it is uploaded, from the close of the incident")  # fmt: skip
    yield "\n## Tables\n"
    yield _row("table", "columns", "purpose", "days")
    yield _row(*["---"] * 4)
    sets = rulesets().values()
    for name, kept in sorted(DECLARED.items()):
        for about in kept.about:
            said = []
            for after in about.after:
                days = (
                    " or ".join(sorted({str(each.get(after.rule)) for each in sets})) if after.rule != AT_ONCE else ""
                )
                said.append(
                    f"{days} days ({_code(after.rule)}) from: {after.event}" if days else f"at once: {after.event}"
                )
            what = "the whole row: " if about.rows else ""
            yield _row(_code(name), what + ", ".join(map(_code, about.columns)), about.purpose, "; ".join(said))
    yield "\n## What stays\n"
    yield _row("table", "column", "why")
    yield _row(*["---"] * 3)
    for name, kept in sorted(DECLARED.items()):
        for column, why in (kept.stays or {}).items():
            yield _row(_code(name), _code(column), why)
    for name, kind in kinds.items():
        for key, field in walk(kind.fields):
            if field.about_nobody:
                yield _row(_code(name), _code(key), field.about_nobody)


def _effect(effect: Any, words: Any) -> str:
    from dataclasses import fields

    what = type(effect).__name__.lower()
    said = {f.name: getattr(effect, f.name) for f in fields(effect) if f.name not in ("duty", "owed_by", "_")}
    how = "; ".join(f"{name.replace('_', ' ')} {_code(str(value))}" for name, value in said.items() if value)
    return _row(what, f"{words.duty(effect.duty)} {_code(effect.duty)}", _code(getattr(effect, "owed_by", "")), how)


def diagram(kinds: dict[str, Any]) -> Iterator[str]:
    """Yield the diagram of which kind opens which duty for whom, and which meets it or lets it go."""
    yield "# Who owes what, and what meets it · 应办从何而来，由何办结\n"
    yield "```mermaid\nflowchart LR"
    duties: dict[str, str] = {}
    edges: dict[tuple[str, str, str], None] = {}
    for name, kind in kinds.items():
        yield f'    {name}["{kind.words["zh_Hans"].title}<br/>{name}"]'
        for effect in kind.duties:
            duty = "duty_" + re.sub(r"\W+", "_", effect.duty)
            title = "任一应办" if "${" in effect.duty else kind.words["zh_Hans"].duty(effect.duty)
            if duties.get(duty, effect.duty) == effect.duty:
                duties[duty] = title  # the first kind that has a name for it
            what = type(effect).__name__.lower()
            if what == "opens":
                edges[name, duty, f"opens, owed by {_owner(effect.owed_by)}"] = None
            else:
                edges[name, duty, what] = None
    for duty, title in duties.items():
        yield f'    {duty}(["{title}"])'
    for start, end, label in edges:
        arrow = "-->" if label.startswith("opens") else "-.->"
        yield f'    {start} {arrow}|"{label}"| {end}'
    yield "```"


def _owner(owed_by: str) -> str:
    return "whom it names" if "${" in owed_by else owed_by.removeprefix("role:")


def addresses() -> Iterator[str]:
    """Yield the table of every address, how it may be reached and by which permission."""
    from django.urls import get_resolver

    yield "# Addresses · 网址\n"
    yield _row("address", "name", "reached by", "permission", "methods", "second factor")
    yield _row(*["---"] * 6)
    for route, name, view in sorted(_views(get_resolver().url_patterns, "/", "")):
        door = getattr(view, "door", None)
        if door is None:
            yield _row(_code(route), name, "nobody", "", "", "")
        else:
            yield _row(_code(route), name, door.kind, door.permission, " ".join(door.methods),
                       "yes" if door.second_factor else "")  # fmt: skip


def _views(patterns: Any, prefix: str, space: str) -> Iterator[tuple[str, str, Any]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern).lstrip("^").removesuffix("$").removesuffix("\\Z")
        if hasattr(pattern, "url_patterns"):
            yield from _views(pattern.url_patterns, route, f"{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield route, space + (pattern.name or ""), pattern.callback


def differing() -> list[str]:
    """Return the names of the pages that are not what they would be if written now."""
    made = pages()
    stale = [n for n, text in made.items() if not (MADE / n).exists() or (MADE / n).read_text("utf-8") != text]
    return stale + [p.name for p in MADE.glob("*") if p.suffix in (".md", ".json") and p.name not in made]


def main(*arguments: str) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulou.site.settings")
    os.environ.setdefault("BULOU_SECRET_KEY", "only for the documents")
    import django

    django.setup()
    if arguments == ("--check",):
        for name in (stale := differing()):
            print(f"docs/made/{name} is not what make docs would write")
        return 1 if stale else 0
    MADE.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (MADE / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
