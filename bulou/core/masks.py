"""What of a name, a phone or an ID number may stand on a screen nobody asked to see the whole of.

Registers hold what people write: 不详, two phones in one cell, a passport, a foreign name of one letter. The three
formats everybody knows (张*明, 138****5678, 4115**********123X) are kept; of anything else at most half is shown. Only
letters and digits are counted, so that a dot or an invisible character never stands in for something hidden.
"""

import re
import unicodedata

_NUMBERS = re.compile(r"(?<![\d-])(?!\d{4}-\d\d-\d\d(?!\d))\+?\d[\d -]{5,}[\dXx]")  # a date is not a number


def _core(text: str) -> str:
    """Return the letters and digits of the text, full-width ones made plain; one star for a text that has none."""
    if text.isalnum() and unicodedata.is_normalized("NFKC", text):  # as nearly all are
        return text
    core = "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())
    return core or ("*" if text.strip() else "")


def _shown(text: str, head: int, tail: int) -> str:
    """Return the text with all but `head` characters before and `tail` behind starred; at most half is shown."""
    while head + tail > len(text) // 2:
        if tail >= head:
            tail -= 1
        else:
            head -= 1
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


def mask_name(name: str) -> str:
    """Return 张*明 for 张小明, 张* for 张明, * for a single character, M********z for Maria Lopez."""
    letters = _core(name)
    if len(letters) == 3:  # nearly every Chinese name: the one case in which more than half is shown
        return letters[0] + "*" + letters[2]
    return _shown(letters, 1, 1)


def mask_phone(phone: str) -> str:
    """Return 138****5678 for a mobile number, written in whatever way; less of anything else."""
    digits = _core(phone)
    for prefix in ("86", "0086"):
        if digits.startswith(prefix + "1") and len(digits) == 11 + len(prefix):
            digits = digits[len(prefix) :]
    if len(digits) == 11 and digits.isdigit() and digits.startswith("1"):
        return digits[:3] + "****" + digits[7:]
    return _shown(digits, 3, 2)


def mask_id(number: str) -> str:
    """Return 4115**********123X for a citizen ID number of 18 places; less of 15 places, a passport or a note."""
    characters = _core(number).upper()
    if len(characters) == 18 and characters[:17].isdigit():
        return characters[:4] + "*" * 10 + characters[14:]
    return _shown(characters, 2, 2)


def mask_numbers(text: str) -> str:
    """Return the text with whatever looks like a phone or an ID number in it masked."""
    return text and _NUMBERS.sub(lambda m: mask_id(m[0]) if len(m[0]) > 13 else mask_phone(m[0]), text)
