"""Mathematics of expressions: IEEE 754's answers where Python's own would be an error. What is no number is NaN."""

import math
from collections.abc import Callable, Sequence


def _never_an_error(work_out: Callable[[float], float]) -> Callable[[float], float]:
    def worked(number: float) -> float:
        try:
            return work_out(number)
        except OverflowError:
            return math.inf
        except ValueError:
            return math.nan

    return worked


def whole(number: float) -> float:
    return math.trunc(number) if math.isfinite(number) else number


def floor(number: float) -> float:
    return math.floor(number) if math.isfinite(number) else number


def ceiling(number: float) -> float:
    return math.ceil(number) if math.isfinite(number) else number


def rounded(number: float, places: float = 0) -> float:
    if not math.isfinite(number) or places != places:
        return number if places == places else math.nan
    scale = power(10, places)
    shifted = abs(number) * scale
    return math.copysign(math.floor(shifted + 0.5) / scale, number) if 0 < scale < math.inf else math.nan


def power(base: float, exponent: float) -> float:
    if base != base or exponent != exponent or (abs(base) == 1 and math.isinf(exponent)):
        return math.nan
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf
    except ValueError:  # nothing to a negative power, or a root of something negative
        return math.nan if base else math.inf


def logarithm(number: float) -> float:
    return math.log(number) if number > 0 else -math.inf if number == 0 else math.nan


def logarithm10(number: float) -> float:
    return math.log10(number) if number > 0 else -math.inf if number == 0 else math.nan


sqrt = _never_an_error(math.sqrt)
exp = _never_an_error(math.exp)
sin = _never_an_error(math.sin)
cos = _never_an_error(math.cos)
tan = _never_an_error(math.tan)
asin = _never_an_error(math.asin)
acos = _never_an_error(math.acos)


def exp10(number: float) -> float:
    return power(10, number)


def extreme(pick: Callable[[Sequence[float]], float], numbers: Sequence[float]) -> float:
    return pick(numbers) if numbers and not any(number != number for number in numbers) else math.nan


def between(fewest: float, most: float, met: float) -> bool:
    """Tell whether so many are met: at least `fewest` and at most `most`, -1 for however many."""
    if most == -1:
        return fewest < 1 or met >= fewest
    return fewest <= met <= most


PROVIDED = {
    "whole": whole, "floor": floor, "ceiling": ceiling, "rounded": rounded, "power": power, "logarithm": logarithm,
    "logarithm10": logarithm10, "sqrt": sqrt, "exp": exp, "exp10": exp10, "sin": sin, "cos": cos, "tan": tan,
    "asin": asin, "acos": acos, "atan": math.atan, "atan2": math.atan2, "pi": math.pi, "extreme": extreme,
    "between": between,
}  # fmt: skip
"""By the names compiled source calls them."""
