"""The words of an uploaded form in each of its languages: titles, questions, hints and choices."""

import re
from collections.abc import Mapping
from functools import cached_property

from bulou.records.uploaded.tree import HOLE, Form, Node, attribute_of, elements, local, text_of
from bulou.records.words import LANGUAGES, FieldWords, Words

_NAMES = {
    "zh_Hans": ("(zh", "中文", "chinese", "汉语", "简体", "普通话", "国语"),
    "en": ("(en", "english", "英文", "英语"),
}
_CODES = {"zh_Hans": ("zh", "cn"), "en": ("en",)}
_REFERENCE = "jr:itext("


_TAG = re.compile(r"</?(?:span|font|b|i|u|em|strong|small|p|br|div|center|h[1-6])\b[^<>]*>", re.IGNORECASE)
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_HEADING = re.compile(r"^#{1,6}\s+")


def plain(text: str) -> str:
    """Return the words without the marks that ODK Collect turns into bold or coloured letters."""
    return _HEADING.sub("", _STRONG.sub(r"\2", _TAG.sub("", text))).strip()


class Speech:
    """What a form says, by its own names of its languages."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.languages = form.languages

    def named(self, language: str) -> str | None:
        """Return the form's name of "zh_Hans" or "en"; None if it has none of the language."""
        for own in self.languages:
            lower = own.lower()
            if any(part in lower for part in _NAMES[language]) or lower.split("-")[0].split("_")[0] in _CODES[language]:
                return own
        return None

    def itext(self, reference: str, language: str, form: str = "") -> str:
        """Return the text behind jr:itext('…')."""
        key = reference.partition(_REFERENCE)[2].rpartition(")")[0].strip().strip("'\"")
        return self.form.texts.get(language, {}).get(key, {}).get(form, "")

    def _element(self, node: Node, name: str, language: str) -> str:
        for one in elements(node.control, name) if node.control is not None else ():
            reference = attribute_of(one, "ref")
            said = self.itext(reference, language) if reference.startswith(_REFERENCE) else text_of(one)
            if said.strip(f" {HOLE}-"):
                return plain(said)
        return ""

    def label(self, node: Node, language: str) -> str:
        """Return the question in a language of the form; "" if it is not said there. A repeat is called as its group."""
        return self._element(node, "label", language)

    def hint(self, node: Node, language: str) -> str:
        return self._element(node, "hint", language)

    def constraint(self, node: Node, language: str) -> str:
        return self._message(node, "constraintMsg", language)

    def required(self, node: Node, language: str) -> str:
        return self._message(node, "requiredMsg", language)

    def _message(self, node: Node, name: str, language: str) -> str:
        said = node.said(name)
        return plain(self.itext(said, language) if said.startswith(_REFERENCE) else said)

    def choices(self, node: Node) -> dict[str, dict[str, str]]:
        """Return what is called how, language by language, of every value that may be chosen; nothing if not known."""
        if node.control is None:
            return {}
        found: dict[str, dict[str, str]] = {}
        for one in elements(node.control, "item"):
            values = elements(one, "value")
            if values:
                found[text_of(values[0])] = {language: self._item(one, language) for language in self.languages}
        for itemset in elements(node.control, "itemset"):
            found |= self._itemset(itemset)
        return found

    def _item(self, item: object, language: str) -> str:
        for one in elements(item, "label"):
            reference = attribute_of(one, "ref")
            return plain(self.itext(reference, language) if reference.startswith(_REFERENCE) else text_of(one))
        return ""

    def _itemset(self, itemset: object) -> dict[str, dict[str, str]]:
        nodeset = attribute_of(itemset, "nodeset")  # type: ignore[arg-type]
        key = nodeset.partition("instance(")[2].partition(")")[0].strip().strip("'\"")
        refs = {local(one): attribute_of(one, "ref") for one in elements(itemset)}
        value, label = refs.get("value", "name"), refs.get("label", "label")
        inner = label.partition(_REFERENCE)[2].rpartition(")")[0].strip() if _REFERENCE in label else ""
        found: dict[str, dict[str, str]] = {}
        for item in self.form.lists.get(key, ()):
            if inner:
                said = {
                    lang: self.form.texts.get(lang, {}).get(item.get(inner, ""), {}).get("", "")
                    for lang in self.languages
                }
            else:
                said = dict.fromkeys(self.languages, item.get(label, ""))
            found.setdefault(item.get(value, ""), {language: plain(text) for language, text in said.items()})
        return found

    @cached_property
    def keys(self) -> dict[str, Node]:
        """Every question by its key in words and columns."""
        return {around(node) + node.key: node for node in self.form.root.every() if node.key}


def around(node: Node) -> str:
    """Return the repeats around a node as its key begins: "households.members."."""
    row = node.parent.row if node.parent is not None else None
    return f"{around(row)}{row.key}." if row is not None else ""


def words_of(speech: Speech, name: str) -> Mapping[str, Words]:
    """Return the words in Chinese and English, in the form's first language where it lacks one, and in its others."""
    first = speech.languages[0]
    wanted = {language: speech.named(language) for language in LANGUAGES}
    found = {ours: _words(speech, name, own if own is not None else first, first, ours) for ours, own in wanted.items()}
    for own in speech.languages:
        if own and own not in wanted.values():
            found[own] = _words(speech, name, own, first, own)
    return found


def _words(speech: Speech, name: str, own: str, first: str, ours: str) -> Words:
    fields, choices = {}, {}
    for key, node in speech.keys.items():
        label = speech.label(node, own) or speech.label(node, first)
        hint = speech.hint(node, own) or speech.hint(node, first)
        constraint = speech.constraint(node, own) or speech.constraint(node, first) or bounds_said(node, ours)
        required = speech.required(node, own) or speech.required(node, first)
        fields[key] = FieldWords(label or hint or node.name, hint if label else "", constraint, required)
        said = {value: by.get(own) or by.get(first) or value for value, by in speech.choices(node).items()}
        if said:
            choices[key] = said
    return Words(speech.form.title or name, fields=fields, choices=choices, language=ours)


def bounds_said(node: Node, language: str) -> str:
    """Return what must be kept by an answer whose question says its bounds otherwise than by a constraint."""
    control = node.control
    if control is None:
        return ""
    if local(control) == "range":
        low, high = sorted((attribute_of(control, "start"), attribute_of(control, "end")), key=float)
        return f"应在 {low} 到 {high} 之间" if language == LANGUAGES[0] else f"must be from {low} to {high}"
    kind = node.said("type").rpartition(":")[2]
    if kind in ("geotrace", "geoshape"):
        return ("应为几个点，写成“纬度 经度; 纬度 经度”" if language == LANGUAGES[0]
                else "must be points, written “latitude longitude; latitude longitude”")  # fmt: skip
    return ""
