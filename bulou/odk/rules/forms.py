"""A kind as ODK Collect fills it in: the kind's own form, after a first question whom or what it is about.

The subject is chosen from entity lists of the worker's area, so that it works without a signal; in a visit the members
of a household are chosen from the same lists. What we add begins with "_", which no field of a kind does.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import md5

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from bulou.field.rules.beginnings import ordered_names
from bulou.odk.rules.lists import HOUSEHOLDS, LISTS, PERSONS
from bulou.odk.rules.wrapping import wrapped
from bulou.records.declaration import Declaration
from bulou.records.display import words_in
from bulou.records.fields import Field, is_computed, walk
from bulou.records.lanes import LANE
from bulou.records.rulesets import RuleSet
from bulou.records.words import LANGUAGES
from bulou.records.xforms import Row, XFormError, xlsform

_ITEMS = "/".join(("", "root", "item"))  # where ODK has the rows of a list
_HOUSEHOLDS = f"instance('{HOUSEHOLDS}'){_ITEMS}"
SUBJECT, SORT = "_subject", "_sort"
_NAMED = {"zh_Hans": "中文 (zh)", "en": "English (en)"}  # as records.xforms names them
_ASKED = {
    "_subject": ("这条记录是关于谁的", "Whom or what this is about"),
    "_sort": ("关于", "It is about"),
    "_household": ("哪一户", "Which household"),
    "_person": ("哪一个人", "Which person"),
    "_area": ("哪一个地方", "Which area"),
    "_entry": ("哪一项任务", "Which task"),
    "household": ("一户", "a household"),
    "person": ("一个人", "a person"),
    "area": ("一个地方", "an area"),
    "entry": ("一项任务", "a task"),
}


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it is served. `lists` are the entity lists it chooses from, `files` those that a county brought
    with it (name → CSV); `md5` is of the bytes of `xml`."""

    id: str
    version: str
    title: str
    xml: bytes
    md5: str
    lists: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)


def can_offer(kind: Declaration) -> bool:
    """Tell whether Collect can fill the kind in: a record about another whole record (a correction) it cannot.

    Corrections still come from Collect, as edits of what it has sent.
    """
    return any(sort in LISTS for sort in kind.subject) and all(field.type != "body" for _, field in walk(kind.fields))


def answered_by_orders(kind: Declaration) -> frozenset[str]:
    """Return the questions about a household that an order may have answered; none of a county's own form."""
    return ordered_names(kind) if "household" in kind.subject and not kind.xform_xml else frozenset()


def is_person(field: Field) -> bool:
    """Tell whether the field names a person of the register: hidden on a phone, which fills in "person:<uuid>"."""
    return field.type == "text" and field.appearance == "hidden" and "^person:" in field.constraint


def make_form(kind: Declaration, ruleset: RuleSet | None, language: str) -> Form:
    """Return the form of a kind. Raise XFormError if pyxform refuses it or so much as warns.

    A form that a county uploaded keeps everything it says; only our first question is put before its own.
    """
    if kind.xform_xml:
        return _done(kind, str(kind.version), language, _own(kind, language), sorts_of(kind))
    sheets = xlsform(kind, ruleset, language)
    asked = [row for row in sheets["survey"] if row["name"] != LANE]  # Collect has no fast lanes
    sheets["survey"] = [*_first(kind), *_with_members(kind, _with_orders(kind, asked))]
    sheets["choices"] = [*_sorts(kind), *sheets["choices"]]
    said: dict[str, object] = dict(sheets)
    for name in ("survey", "choices"):  # every row must be read with the columns of all of them
        said[f"{name}_header"] = [{column: None for row in sheets[name] for column in row}]
    warnings: list[str] = []
    try:
        xml: str = convert(said, warnings=warnings, form_name="data").xform
    except PyXFormError as error:
        raise XFormError(f"kind {kind.name}: {error}") from error
    if warnings:
        raise XFormError(f"kind {kind.name}: {'; '.join(warnings)}")
    more = (PERSONS,) if _members_in(kind) else ()
    return _done(kind, sheets["settings"][0]["version"], language, xml, sorts_of(kind), more)


def _done(
    kind: Declaration, version: str, language: str, xml: str, sorts: tuple[str, ...], more: tuple[str, ...] = ()
) -> Form:
    data = xml.encode()
    lists = tuple(dict.fromkeys([*(LISTS[sort] for sort in sorts), *more]))
    return Form(kind.name, version, words_in(kind, language).title, data,
                md5(data, usedforsecurity=False).hexdigest(), lists, kind.files)  # fmt: skip


def _own(kind: Declaration, language: str) -> str:
    column = LANGUAGES.index(language)
    sorts = [(sort, _ASKED[sort][column], _ASKED[f"_{sort}"][column], LISTS[sort]) for sort in sorts_of(kind)]
    return wrapped(kind.xform_xml, group=SUBJECT, label=_ASKED[SUBJECT][column], sort=SORT, sorts=sorts,
                   asks=_ASKED[SORT][column])  # fmt: skip


def sorts_of(kind: Declaration) -> tuple[str, ...]:
    """Return the types of subject the form lets choose from."""
    return tuple(sort for sort in kind.subject if sort in LISTS)


def _first(kind: Declaration) -> Iterator[Row]:
    yield {"type": "start", "name": "_start"}
    yield {"type": "end", "name": "_end"}
    yield {"type": "begin_group", "name": SUBJECT, "appearance": "field-list", **_label(SUBJECT)}
    sorts = sorts_of(kind)
    if len(sorts) > 1:
        yield {"type": "select_one _sorts", "name": SORT, "required": "yes", **_label(SORT)}
    for sort in sorts:
        yield {
            "type": f"select_one_from_file {LISTS[sort]}.csv",
            "name": f"_{sort}",
            "required": "yes",
            "appearance": "minimal autocomplete",
            **({"relevant": f"${{{SORT}}} = '{sort}'"} if len(sorts) > 1 else {}),
            **_label(f"_{sort}"),
        }
    yield {"type": "end_group", "name": SUBJECT}


def _sorts(kind: Declaration) -> Iterator[Row]:
    sorts = sorts_of(kind)
    if len(sorts) > 1:
        yield from ({"list_name": "_sorts", "name": sort, **_label(sort)} for sort in sorts)


def _label(key: str) -> Row:
    return {f"label::{_NAMED[language]}": said for language, said in zip(LANGUAGES, _ASKED[key], strict=True)}


def _with_orders(kind: Declaration, rows: list[Row]) -> Iterator[Row]:
    """Yield the rows so that choosing the household fills in what an order has answered of it, else the default.

    Nobody at a door is asked to know that this sweep looks back to another day than the rule set says.
    """
    ordered = answered_by_orders(kind)
    for row in rows:
        if row["name"] in ordered:
            default = row["default"] if is_computed(row["default"]) else f"'{row['default']}'"
            said = f"{_HOUSEHOLDS}[name = ${{_household}}]/{row['name']}"
            yield {**row, "trigger": "${_household}", "calculation": f"coalesce({said}, {default})"}
        else:
            yield row


def _members_in(kind: Declaration) -> bool:
    """Tell whether a row of the form can be about a member of the household chosen."""
    return "household" in kind.subject and any(
        field.type == "repeat" and any(is_person(each) for each in field.fields) for field in kind.fields
    )


def _with_members(kind: Declaration, rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows with the person of a repeat chosen among the household's members.

    The name of who is chosen is not asked: the list is masked, and the server knows them by their id.
    """
    if not _members_in(kind):
        yield from rows
        return
    inside = False
    for row in rows:
        inside = row["type"] == "begin_repeat" or (inside and row["type"] != "end_repeat")
        if inside and row["name"] == "person" and row["type"] == "text":
            kept = {name: value for name, value in row.items() if name.startswith(("label", "hint"))}
            yield {
                "type": f"select_one_from_file {PERSONS}.csv",
                "name": "person",
                "appearance": "minimal",
                "choice_filter": "household = ${_household}",
                **kept,
            }
        elif inside and row["name"] == "name" and row["type"] == "text":
            said = row.get("relevant", "")
            chosen = "${person} = ''"
            yield row if "${person}" in said else {**row, "relevant": f"({said}) and {chosen}" if said else chosen}
        else:
            yield row
