"""What a new version of a form changes: what is gone, renamed, of another type, with fewer choices, or new."""

from collections.abc import Iterator

from bulou.records.declaration import Declaration
from bulou.records.uploaded.findings import Finding


def changes(old: Declaration, new: Declaration) -> tuple[Finding, ...]:
    """Return what is different, the grave first. Records made with the old version stay as they are."""
    return tuple(sorted(_changes(old, new), key=lambda finding: finding.weight == "notes"))


def _changes(old: Declaration, new: Declaration) -> Iterator[Finding]:
    before, after = old.keys(), new.keys()
    called = {_label(new, key): key for key in after if key not in before}
    last = {key.rpartition(".")[2]: key for key in after if key not in before}
    same = True
    for key, field in before.items():
        if field.type == "note":
            continue
        label, now = _label(old, key), after.get(key)
        if now is None:
            same = False
            if key.rpartition(".")[2] in last:
                yield Finding("warns", "moved", label)
            elif label in called:
                yield Finding("warns", "perhaps renamed", label, called[label])
            else:
                yield Finding("warns", "removed", label)
            continue
        if now.type != field.type:
            same = False
            yield Finding("warns", "retyped", label, f"{field.type} → {now.type}")
        gone = [_choice(old, key, value) for value in field.options if value not in now.options and now.options]
        if gone:
            same = False
            yield Finding("warns", "choices gone", label, "、".join(gone[:10]))
    for key, field in after.items():
        if key not in before and field.type != "note":
            same = False
            yield Finding("notes", "added", _label(new, key))
    if same:
        yield Finding("notes", "same", detail=str(old.version))


def _label(kind: Declaration, key: str) -> str:
    words = next(iter(kind.words.values()), None)
    return words.label(key) if words else key


def _choice(kind: Declaration, key: str, value: str) -> str:
    words = next(iter(kind.words.values()), None)
    return words.choice(key, value) if words else value
