"""Entity lists: the households, persons, areas and tasks of a worker, as CSV that Collect keeps and searches offline.

Of a household the list also says what an order has answered already for a form about it, such as a look-back date.

Collect takes a row over only if its `__version` is higher than the one it has, so a list has one version, which goes up
whenever any of its rows changes. `name` is the id of the entity, as ODK calls it.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from hashlib import md5, sha256

HOUSEHOLDS, PERSONS, AREAS, TASKS = "households", "persons", "areas", "tasks"
LISTS: Mapping[str, str] = {"household": HOUSEHOLDS, "person": PERSONS, "area": AREAS, "entry": TASKS}
"""Type of subject → the list it is chosen from."""
COLUMNS: Mapping[str, tuple[str, ...]] = {
    HOUSEHOLDS: ("name", "label", "number", "address", "area"),
    PERSONS: ("name", "label", "person_name", "household", "phone", "area"),
    AREAS: ("name", "label", "level"),
    TASKS: ("name", "label", "duty", "due", "area"),
}
Rows = Sequence[Sequence[str]]


def rows_digest(rows: Rows) -> str:
    """Return a hash of what the list says, whatever its version."""
    hashed = sha256()
    for row in rows:
        hashed.update("\x1f".join(row).encode("utf-8", "replace") + b"\x1e")
    return hashed.hexdigest()[:32]


def make_csv(columns: Sequence[str], rows: Rows, version: int) -> bytes:
    """Return the list as Collect reads it: name, label, __version, then the properties."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*columns[:2], "__version", *columns[2:]])
    writer.writerows([*row[:2], version, *row[2:]] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def md5_of(data: bytes) -> str:
    return md5(data, usedforsecurity=False).hexdigest()
