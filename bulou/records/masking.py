"""Answers that name or describe a person, as they may be shown to whoever did not ask to see the whole of them.

What an answer is, is told from the name of its question and, in a form a county made itself, from what it is called.
"""

import re

from bulou.core.masks import mask_id, mask_name, mask_phone
from bulou.records.fields import Field

HIDDEN = "***"
_NUMBERS = re.compile(r"\+?\d[\d -]{5,}[\dXx]")
_ID = re.compile("id_?(number|card)|id_?no|idcard|passport|身份证|证件", re.IGNORECASE)
_PHONE = re.compile("phone|mobile|telephone|电话|手机|联系方式", re.IGNORECASE)
_NAME = re.compile(
    r"姓名|名字|(^|_| )(name|informant)$|(^|\b)(full|contact|first|last|family|given)[_ ]name", re.IGNORECASE
)
_WORDS = ("text", "barcode", "geopoint", "calculate")


def mask_answer(field: Field, label: str, text: str, *, strictly: bool = False) -> str:
    """Return the answer as it may be shown. `label`: what the question is called, in whatever language.

    `strictly`: as a file that leaves may hold it: other words of a person's (an address, a place) are hidden too, and
    numbers as long as a phone's are masked wherever they stand. Choices, counts and days stay as they are.
    """
    if field.options or field.open_choices:
        return text
    if field.personal:
        if _ID.search(field.name) or field.name.endswith("_id") or _ID.search(label):
            return mask_id(text)
        if _PHONE.search(field.name) or _PHONE.search(label):
            return mask_phone(text)
        if _NAME.search(field.name) or _NAME.search(label):
            return mask_name(text)
        if strictly and (field.type in _WORDS and not _is_number(text)):
            return HIDDEN
    if strictly and field.type in ("text", "barcode", "calculate"):
        return mask_numbers(text)
    return text


def mask_numbers(text: str) -> str:
    """Return the text with whatever looks like a phone or an ID number in it masked."""
    return _NUMBERS.sub(lambda m: mask_id(m[0]) if len(m[0]) > 13 else mask_phone(m[0]), text)


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?\d{1,5}(\.\d+)?", text))
