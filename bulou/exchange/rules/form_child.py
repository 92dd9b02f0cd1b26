"""The child process that turns an XLSForm into an XForm: little memory and time, nothing else to open, no secret.

Started as `python -m bulou.exchange.rules.form_child PATH FORMAT NAME MEMORY SECONDS`; writes one frame, as `child` does.
"""

import sys
from pathlib import Path

from bulou.exchange.rules.child import limit, say

WRITTEN = 16 * 2**20  # pyxform writes the XForm to a temporary file before it gives it back


def main(path: str, kind: str, name: str, memory: str, seconds: str) -> None:
    """Write what became of the file: ["form", what pyxform made of it] or ["refused", code, what]."""
    limit(int(memory), int(seconds), WRITTEN)
    try:
        import msgspec

        from bulou.records.uploaded.workbook import convert_workbook

        say(["form", msgspec.to_builtins(convert_workbook(Path(path).read_bytes(), f".{kind}", name))])
    except MemoryError:
        say(["refused", "too much memory", ""])
    except BaseException as error:
        say(["refused", "damaged", f"{type(error).__name__}: {error}"[:200]])
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
