"""Answers that name or describe a person, as they may be shown to whoever did not ask to see the whole of them.

What an answer is, is told from the name of its question and, in a form a county made itself, from what it is called.
"""

import re
from collections.abc import Callable, Mapping

from bulou.core.masks import mask_id, mask_name, mask_numbers, mask_phone
from bulou.records.fields import Field, Sort

HIDDEN = "***"
_PHOTO = re.compile("sha256:[0-9a-f]{64}")
_ID = re.compile("id_?(number|card)|id_?no|idcard|passport|身份证|证件", re.IGNORECASE)
_PHONE = re.compile("phone|mobile|telephone|电话|手机|联系方式", re.IGNORECASE)
_NAME = re.compile(
    r"姓名|名字|(?<!与)户主|(^|_| )(name|informant)$|(^|\b)(full|contact|first|last|family|given)[_ ]name",
    re.IGNORECASE,
)
_WORDS = ("text", "barcode", "geopoint", "calculate")


def mask_answer(field: Field, label: str, text: str, *, strictly: bool = False) -> str:
    """Return the answer as it may be shown. `label`: what the question is called, in whatever language.

    Numbers as long as a phone's are masked wherever they stand in a text. `strictly`: as a file that leaves may hold it:
    other words of a person's (an address, a place) are hidden too. Choices, counts and days stay as they are.
    """
    if field.options or field.open_choices:
        return text
    if field.type == "image":  # the name of a file that has not come yet is whatever somebody called it
        return text if _PHOTO.fullmatch(text) else HIDDEN
    if sort := sort_of(field, label):
        return _MASKS[sort](text)
    if strictly and field.personal and field.type in _WORDS and not _is_number(text):
        return HIDDEN
    if field.type in ("text", "barcode", "calculate"):
        return mask_numbers(text)
    return text


def sort_of(field: Field, label: str) -> str:
    """Return what of a person the answer is: "id", "phone" or "name"; "" if it is none of these."""
    return (field.names or sort_named(field.name, label)) if field.personal else ""


def sort_named(name: str, label: str) -> Sort:
    """Return what of a person is asked by a question of this name that is called so."""
    if _ID.search(name) or name.endswith("_id") or _ID.search(label):
        return "id"
    if _PHONE.search(name) or _PHONE.search(label):
        return "phone"
    return "name" if _NAME.search(name) or _NAME.search(label) else ""


_MASKS: Mapping[str, Callable[[str], str]] = {"id": mask_id, "phone": mask_phone, "name": mask_name}


UNMASKED = "not(contains(., '*')) and not(contains(., '＊'))"
"""What a name, a number or a phone must be to be kept: what a screen shows instead of one is no answer."""


def takes_names(field: Field) -> bool:
    """Tell whether what is written here might be a masked name, phone or ID number taken from a screen."""
    return field.type == "text" and bool(sort_of(field, ""))


def mask_choice(field: Field, value: str) -> str:
    """Return what was chosen; what is none of the choices might be anybody's name."""
    return value if field.open_choices or value in field.options else mask_name(value)


def mask_cell(header: str, text: str) -> str:
    """Return a cell of a list somebody brought as a page may show it: a column is told by its header."""
    sort = sort_named(header, header)
    return _MASKS[sort](text) if sort else mask_numbers(text)


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?\d{1,5}(\.\d+)?", text))
