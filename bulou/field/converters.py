"""How a hash stands in an address."""


class HashConverter:
    """A SHA-256 in lower-case hex, and nothing else: it becomes the name of a file."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
