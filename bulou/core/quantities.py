"""Counts as reports state them: a number, its unit, and how exact it claims to be.

人 (people) is not 人次 (attendances), and 近300 is not 300: a quantity keeps its unit and its qualifier, refuses to be
added to one of another unit, and prints the way it was written.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Bound(StrEnum):
    """How the true number stands to the stated one."""

    EXACT = "="
    AT_LEAST = ">="  # 余, 多, 以上, 不少于
    BELOW = "<"  # 近, 不到: almost, never more
    ABOUT = "~"  # 约, 左右


BEFORE = {"不少于": Bound.AT_LEAST, "至少": Bound.AT_LEAST, "近": Bound.BELOW, "不到": Bound.BELOW, "约": Bound.ABOUT}
AFTER = {"以上": Bound.AT_LEAST, "余": Bound.AT_LEAST, "多": Bound.AT_LEAST, "左右": Bound.ABOUT}
MYRIAD = 10_000

_WRITTEN = re.compile(
    rf"(?P<before>{'|'.join(BEFORE)})?\s*(?P<digits>\d[\d,,]*(?:\.\d+)?)(?P<first>余|多)?(?P<myriad>万)?(?P<second>余|多)?"
    r"(?P<unit>[^\d\s,。,、;]*?)(?P<after>以上|左右)?"
)


class UnitMismatch(ValueError):
    """Two quantities of different units were about to be added or compared."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first!r} and {second!r} are different units and cannot be added")
        self.units = first, second


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in a unit ("户", "人", "人次", "元", "桶"; "" if none), and how exact it is.

    `word` is the qualifier as written. `written` is the whole text it was read from, which is how it prints; a computed
    quantity has none.
    """

    value: Decimal
    unit: str
    word: str = ""
    written: str = field(default="", compare=False)

    @property
    def bound(self) -> Bound:
        return BEFORE.get(self.word) or AFTER.get(self.word) or Bound.EXACT

    def __str__(self) -> str:
        if self.written:
            return self.written
        digits = f"{self.value:f}"
        if self.word in BEFORE:
            return f"{self.word}{digits}{self.unit}"
        if self.word in ("以上", "左右"):
            return f"{digits}{self.unit}{self.word}"
        return f"{digits}{self.word}{self.unit}"

    def __add__(self, other: "Quantity") -> "Quantity":
        """Add two of the same unit. A lower bound stays one (余); two different claims together are only 约.

        Raise UnitMismatch otherwise.
        """
        if self.unit != other.unit:
            raise UnitMismatch(self.unit, other.unit)
        bounds = {self.bound, other.bound} - {Bound.EXACT}
        word = {
            frozenset(): "",
            frozenset({Bound.AT_LEAST}): "余",
            frozenset({Bound.BELOW}): "近",
        }.get(frozenset(bounds), "约")
        return Quantity(self.value + other.value, self.unit, word)

    def allows(self, value: int | Decimal) -> bool:
        """Tell whether an exact count is compatible with what was stated: 298 with 近300, 1,431 with 1400余.

        Almost means within a tenth below, and about within a tenth around; how far more 余 may be is one more step of
        the last digit stated (1400余 stays below 1500), which 以上 and 不少于 do not promise.
        """
        match self.bound:
            case Bound.EXACT:
                return value == self.value
            case Bound.BELOW:
                return self.value * 9 <= 10 * value < self.value * 10
            case Bound.ABOUT:
                return abs(value - self.value) * 10 <= self.value
        return value >= self.value and (self.word not in ("余", "多") or value < self.value + self.step)

    @property
    def step(self) -> Decimal:
        """The worth of the last digit that is not a zero: 100 of 1400, 10,000 of 80,000."""
        exponent = self.value.normalize().as_tuple().exponent
        assert isinstance(exponent, int)
        return Decimal(1).scaleb(exponent)


def count(value: int, unit: str) -> Quantity:
    """Return an exact count."""
    return Quantity(Decimal(value), unit)


def read_quantity(text: str) -> Quantity:
    """Read a quantity as a report writes it: 1400余名, 近300辆, 1600多万元, 8万余份, 不少于10人, 15.9万元.

    Raise ValueError if the text is none.
    """
    found = _WRITTEN.fullmatch(text.strip())
    words = [w for w in (found["before"], found["first"], found["second"], found["after"]) if w] if found else []
    if found is None or len(words) > 1:
        raise ValueError(f"{text!r} is not a quantity: write a number and its unit, such as 近300辆")
    value = Decimal(re.sub("[,,]", "", found["digits"])) * (MYRIAD if found["myriad"] else 1)
    return Quantity(value, found["unit"], words[0] if words else "", text.strip())


@dataclass(frozen=True, slots=True)
class Mean:
    """A daily mean (日均) that keeps what it was made of: the total and the number of days it is spread over."""

    sum: Quantity
    days: int

    @property
    def value(self) -> Decimal:
        """The mean; 0 over no days."""
        return self.sum.value / self.days if self.days else Decimal(0)

    def __str__(self) -> str:
        return f"日均{self.value.quantize(Decimal('0.1')).normalize():f}{self.sum.unit}({self.days}天共{self.sum})"
