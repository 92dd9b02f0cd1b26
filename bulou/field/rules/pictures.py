"""Whether a file is a picture, told from what is in it and never from its name."""

import struct
from zlib import crc32

JPEG, PNG = "image/jpeg", "image/png"
_PNG = b"\x89PNG\r\n\x1a\n"
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers of a JPEG that hold nothing


def picture_type(content: bytes) -> str:
    """Return "image/jpeg" or "image/png"; "" for anything else, and for one that is cut off before its picture."""
    if content.startswith(_PNG):
        return PNG if _is_png(content) else ""
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG if _is_jpeg(content) else ""
    return ""


def _is_png(content: bytes) -> bool:
    """Walk the chunks: a header first, data, an end, each with its checksum."""
    at, names = len(_PNG), []
    while at + 12 <= len(content):
        length, name = struct.unpack(">I4s", content[at : at + 8])
        end = at + 8 + length
        if end + 4 > len(content) or crc32(content[at + 4 : end]) != struct.unpack(">I", content[end : end + 4])[0]:
            return False
        names.append(name)
        at = end + 4
        if name == b"IEND":
            return names[0] == b"IHDR" and b"IDAT" in names
    return False


def _is_jpeg(content: bytes) -> bool:
    """Walk the segments up to the picture: a frame, then a scan."""
    at, framed = 2, False
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF or marker in _BARE:
            at += 1 if marker == 0xFF else 2
            continue
        length = struct.unpack(">H", content[at + 2 : at + 4])[0]
        if length < 2 or at + 2 + length > len(content):
            return False
        if marker == 0xDA:
            return framed
        framed |= 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)
        at += 2 + length
    return False
