"""Faults a server or a phone like ours could have. The simulator must find each, or its silence means nothing."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from tests.faults.simulator import Rules

RECEIVING = "bulou.field.actions.receiving"
LEDGER = "bulou.ledger.actions"
Fault = Callable[[Rules], AbstractContextManager[None]]
FAULTS: dict[str, Fault] = {}


def fault(words: str, mood: str = "") -> Callable[[Callable[[Rules], Iterator[None]]], Fault]:
    """Name a fault, and the kind of day on which it shows soon."""

    def add(plant: Callable[[Rules], Iterator[None]]) -> Fault:
        @contextmanager
        def planted(rules: Rules) -> Iterator[None]:
            rules.mood = mood
            yield from plant(rules)

        FAULTS[words] = planted
        return planted

    return add


def _rule(words: str, name: str, mood: str = "") -> None:
    @fault(words, mood)
    def plant(rules: Rules) -> Iterator[None]:
        setattr(rules, name, True)
        yield


_rule("the server answers before it commits", "answers_before_commit", "failing")
_rule("what a backup holds is asked after it was made", "asks_late", "restored")
_rule("a restored server begins no new epoch", "silent_restore", "restored")


@fault("a restored server does not know the phones enrolled since the copy", "restored")
def _strangers(rules: Rules) -> Iterator[None]:
    with patch("bulou.field.actions.readmit", lambda **more: None):
        yield


_rule("the phone does not listen to the epoch", "deaf_to_epochs", "restored")
_rule("the phone forgets what was applied at once", "forgets_at_once")
_rule("the phone gives out numbers before its disk has them", "counts_in_memory")


@fault("an entry is known by its number alone, whoever's it is")
def _by_number(rules: Rules) -> Iterator[None]:
    from bulou.field.actions import receiving
    from bulou.ledger.actions import Outcome, Receipt

    original = receiving._append

    def append(batch, doubts, at):  # type: ignore[no-untyped-def]
        from tests.faults.simulator import rows

        known = {seq for (seq,) in rows("SELECT seq FROM ledger_entry WHERE device <> ''")}
        new = [i for i, one in enumerate(batch) if one.seq not in known]
        done = original([batch[i] for i in new], {n: doubts[i] for n, i in enumerate(new) if i in doubts}, at)
        receipts = dict(zip(new, done, strict=True))
        return [receipts.get(i, Receipt(one.entry.id, Outcome.DUPLICATE)) for i, one in enumerate(batch)]

    with patch(f"{RECEIVING}._append", append):
        yield


@fault("half of a batch is applied and all of it acknowledged")
def _half(rules: Rules) -> Iterator[None]:
    from bulou.field.actions import receiving
    from bulou.ledger.actions import Outcome, Receipt

    original = receiving._append

    def append(batch, doubts, at):  # type: ignore[no-untyped-def]
        half = (len(batch) + 1) // 2
        done = original(batch[:half], {i: why for i, why in doubts.items() if i < half}, at)
        return done + [Receipt(one.entry.id, Outcome.APPLIED) for one in batch[half:]]

    with patch(f"{RECEIVING}._append", append):
        yield


@fault("what is held is dropped")
def _dropped(rules: Rules) -> Iterator[None]:
    with patch(f"{LEDGER}._hold_all", lambda county, held, at: None):
        yield


@fault("a phone that was taken out of use is not listened to")
def _deaf(rules: Rules) -> Iterator[None]:
    from bulou.field import actions

    original = actions.push

    def push(*, phone, entries, **more):  # type: ignore[no-untyped-def]
        return original(phone=phone, entries=[] if phone.state == "revoked" else entries, **more)

    with patch("bulou.field.actions.push", push):
        yield


@fault("an entry that was seen before is held as if it were new")
def _not_quiet(rules: Rules) -> Iterator[None]:
    with patch(f"{LEDGER}.rows.digests", lambda county, ids: {}):
        yield


@fault("what a person dismissed comes back when it is sent again", "disputed")
def _comes_back(rules: Rules) -> Iterator[None]:
    with patch(f"{LEDGER}.rows.InTray.was_decided", False):
        yield


@fault("what is accepted the second time stays in the tray", "disputed")
def _stays(rules: Rules) -> Iterator[None]:
    with patch(f"{LEDGER}._leave_tray", lambda *arguments: None):
        yield


@fault("one backup is enough to forget", "restored")
def _one_backup(rules: Rules) -> Iterator[None]:
    from bulou.field import actions
    from bulou.field.models import Device

    def mark(*, held: dict[Any, int], made_at: Any, at: Any) -> None:
        for id_, seq in held.items():
            Device.objects.filter(id=id_).update(safe_seq=seq, backed_seq=seq)

    assert actions.mark_backup
    with patch("bulou.field.actions.mark_backup", mark):
        yield


@fault("the highest number received counts as all up to it", "shuffled")
def _highest(rules: Rules) -> Iterator[None]:
    with patch(
        "bulou.field.actions.marking.unbroken", lambda received, lost: max((last for _, last in received), default=0)
    ):
        yield


@fault("only the highest number received is remembered", "shuffled")
def _only_highest(rules: Rules) -> Iterator[None]:
    from bulou.field.rules import ranges

    original = ranges.merged

    def merged(*parts):  # type: ignore[no-untyped-def]
        found = original(*parts)
        return [(1, found[-1][1])] if found else found

    with patch(f"{RECEIVING}.ranges.merged", merged):
        yield


@fault("an entry from years ahead is thrown away")
def _years(rules: Rules) -> Iterator[None]:
    from bulou.field import actions

    original = actions.push

    def push(*, entries, at, **more):  # type: ignore[no-untyped-def]
        kept = [raw for raw in entries if f'"recorded_at": "{at.year + 5}'.encode() > _stamp(raw)]
        return original(entries=kept, at=at, **more)

    def _stamp(raw: bytes) -> bytes:
        at = raw.find(b'"recorded_at"')
        return raw[at : at + 20]

    with patch("bulou.field.actions.push", push):
        yield


@fault("what an entry meets is counted whether or not it is new")
def _twice(rules: Rules) -> Iterator[None]:
    from bulou.ledger.actions import projection

    original = projection.rewrite

    def rewrite(county, changes, balance):  # type: ignore[no-untyped-def]
        original(county, changes, balance)
        for old, new in changes:
            if old.met_at is not None and new.met_at is not None:
                balance.count(new, +1)

    with patch(f"{LEDGER}.projection.rewrite", rewrite):
        yield


@fault("a correction leaves what it corrects as it was", "corrected")
def _uncorrected(rules: Rules) -> Iterator[None]:
    with patch(f"{LEDGER}.refolding.refold", lambda county, entries: None):
        yield


@fault("bodies are stored as the parser wrote them again")
def _rewritten(rules: Rules) -> Iterator[None]:
    from bulou.field.actions import receiving

    original = receiving._append

    def append(batch, doubts, at):  # type: ignore[no-untyped-def]
        return original([replace(one, entry=replace(one.entry, text="")) for one in batch], doubts, at)

    with patch(f"{RECEIVING}._append", append):
        yield


@fault("what a phone says of time is believed")
def _credulous(rules: Rules) -> Iterator[None]:
    from bulou.ledger import trust

    def believe(happened_at, recorded_at, **span):  # type: ignore[no-untyped-def]
        return trust.Belief(happened_at, happened_at, happened_at, happened_at, True, trust.Doubt.NONE)

    with patch("bulou.ledger.trust.believe", believe):
        yield


@fault("how a phone's clock stood is forgotten")
def _unmeasured(rules: Rules) -> Iterator[None]:
    from bulou.field.rules import reading

    original = reading._moment
    with patch("bulou.field.rules.reading._moment", lambda text, ahead_ms: original(text, 0)):
        yield


@fault("what comes before what it puts right is lost from sight", "out of order")
def _never_released(rules: Rules) -> Iterator[None]:
    with patch(f"{LEDGER}.rows.waiting", lambda county, came: []):
        yield
