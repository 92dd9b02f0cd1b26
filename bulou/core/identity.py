"""ID numbers and phones as people write them. Every function returns what to keep and what is doubtful about it.

Nothing is ever refused: a row with a wrong digit is a person who still has to be visited. A `Flaw` is a stable
code; the screens put it into words.
"""

import re
import unicodedata
from datetime import date
from enum import StrEnum

from stdnum.iso7064 import mod_11_2


class Flaw(StrEnum):
    """What is doubtful about a value that was kept."""

    ID_DIGITS_LOST = "id digits lost"  # Excel turned it into a number: 1.10105E+17
    ID_LENGTH = "id length"
    ID_REGION = "id region"
    ID_BIRTH = "id birth"
    ID_CHECK = "id check"
    ID_OTHER = "id other"  # a passport or a permit: kept as it is, nothing to check
    PHONE_UNKNOWN = "phone unknown"
    PHONE_SEVERAL = "phone several"  # more than one in the cell; the first is kept


PROVINCES = frozenset({*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66),
                       71, 81, 82, 83, 91})  # fmt: skip

_BLANKS = re.compile(r"[\s\u200b-\u200f\ufeff]+")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_DOCUMENT = re.compile(
    r"[A-Z]{1,3}\(?\d{6,10}\)?[A-Z0-9]?|\d{8}"
)  # passports; 港澳台 permits: letter and digits, or eight digits


def plain(text: str) -> str:
    """Return the text with full-width letters, digits and signs made half-width and every blank taken out."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return text if text.isalnum() else _BLANKS.sub("", text)


def normal_id_number(text: str, *, on: date | None = None) -> tuple[str, Flaw | None]:
    """Return the ID number as GB 11643-1999 writes it (15-digit ones upgraded) and what is doubtful about it.

    `on` is the day of asking: nobody is born after it.
    """
    number = plain(text).strip("'’‘`\"").replace("-", "").upper()
    if not number:
        return "", None
    if _SCIENTIFIC.fullmatch(number):
        return number, Flaw.ID_DIGITS_LOST
    if re.fullmatch(r"\d{15}", number):
        number = _upgraded(number)
    elif not re.fullmatch(r"\d{17}[\dX]", number):
        return number, Flaw.ID_OTHER if _DOCUMENT.fullmatch(number) else Flaw.ID_LENGTH
    if mod_11_2.calc_check_digit(number[:17]) != number[17]:
        # Excel keeps fifteen digits of a number: three zeros at the end that do not check are its mark.
        return number, Flaw.ID_DIGITS_LOST if number.endswith("000") else Flaw.ID_CHECK
    if int(number[:2]) not in PROVINCES:
        return number, Flaw.ID_REGION
    born = birth_of(number)
    if born is None or born.year < 1880 or (on is not None and born > on):
        return number, Flaw.ID_BIRTH
    return number, None


def _upgraded(old: str) -> str:
    """Return the 18-digit form of a number issued before 1999; sequences 996 to 999 were kept for those born before
    1900."""
    century = "18" if old[12:] in ("996", "997", "998", "999") else "19"
    longer = old[:6] + century + old[6:]
    return longer + str(mod_11_2.calc_check_digit(longer))


def birth_of(id_number: str) -> date | None:
    """Return the birth date an 18-digit ID number carries, or None if it carries no date."""
    if not re.fullmatch(r"\d{17}[\dX]", id_number):
        return None
    try:
        return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    except ValueError:
        return None


def sex_of(id_number: str) -> str:
    """Return "male" or "female" as an 18-digit ID number says, "" if it is not one."""
    if not re.fullmatch(r"\d{17}[\dX]", id_number):
        return ""
    return "male" if int(id_number[16]) % 2 else "female"


_SEPARATORS = re.compile(r"[/、,，;；|]+|\s{2,}|或|\n")


def normal_phone(text: str) -> tuple[str, Flaw | None]:
    """Return the phone number without country code or signs (a landline as area-number) and what is doubtful about
    it."""
    parts = [part for part in _SEPARATORS.split(unicodedata.normalize("NFKC", text).strip()) if part.strip()]
    if len(parts) == 1 and " " in parts[0]:
        halves = parts[0].split()
        if all(re.fullmatch(r"1\d{10}", half) for half in halves):
            parts = halves
    if not parts:
        return "", None
    first, flaw = _one_phone(parts[0])
    if len(parts) == 1:
        return first, flaw
    if flaw is None and len(parts[1]) < 6:  # "0915-8822123/8822124" and extensions: the first is whole
        return first, None
    return first, flaw or Flaw.PHONE_SEVERAL


def _one_phone(text: str) -> tuple[str, Flaw | None]:
    kept = plain(text).strip("'’‘`\"")
    digits = re.sub(r"[-().·—–]", "", kept)
    if abroad := re.fullmatch(r"(?:\+86|0086|86(?=1\d{10}$))(\d{9,12})", digits):
        national = abroad[1].removeprefix("0")
        digits = national if re.fullmatch(r"1\d{10}", national) else f"0{national}"  # an area code written from abroad
    if re.fullmatch(r"1\d{10}", digits):
        return digits, None
    if match := re.fullmatch(r"(010|02\d)(\d{8})", digits) or re.fullmatch(r"(0[3-9]\d{2})(\d{7,8})", digits):
        return f"{match[1]}-{match[2]}", None
    if re.fullmatch(r"[2-8]\d{6,7}", digits):
        return digits, None
    if re.fullmatch(r"\+\d{7,15}", kept):
        return kept, None
    return kept, Flaw.PHONE_UNKNOWN
