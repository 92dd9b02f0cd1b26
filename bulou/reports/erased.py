"""What reports count of an entry, written down before its answers are destroyed, so that every number stays what it was."""

from bulou.ledger.rules import Entry
from bulou.records.counting import key_of
from bulou.records.law import get_kind
from bulou.reports.queries import compiled, plan
from bulou.reports.rules import by_kind


def counts_of(entry: Entry) -> list[tuple[str, str]]:
    """Return which conditions of the indicators an entry answers to as it stands (records.counting), and whom it counts.

    Two indicators with one condition are one.
    """
    names_and_conditions = by_kind(plan().indicators).get(entry.kind)
    if names_and_conditions is None:
        return []
    conditions = names_and_conditions[1]
    keys = [key_of(condition) for condition in conditions]
    counted = compiled(get_kind(entry.kind), entry.rules, conditions)(entry)
    return [(keys[i], whom) for i, whom in counted if keys.index(keys[i]) == i]
