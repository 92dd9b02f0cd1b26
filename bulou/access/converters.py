"""How an area stands in an address: as the code people read."""

from bulou.core.divisions import code_of, number_of


class Area(int):
    """An area number that came from an address, so that `page` can check every one of them, whatever it is called."""


class AreaConverter:
    """Turns `<area:area>` into an area number. What is no code at all is no address: the answer is a plain 404."""

    regex = "[0-9]{12}(?:[0-9]{6})?"

    def to_python(self, value: str) -> Area:
        return Area(number_of(value))

    def to_url(self, value: int | str) -> str:
        return code_of(value) if isinstance(value, int) else value
