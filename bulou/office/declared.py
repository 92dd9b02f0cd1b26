"""What every table keeps of people, put together from what each context declares beside its models, and checked."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from django.apps import apps
from django.db import connection
from django.db.models import Model

from bulou.access.keeping import KEPT as ACCESS
from bulou.areas.keeping import KEPT as AREAS
from bulou.checkpoints.keeping import KEPT as CHECKPOINTS
from bulou.command.keeping import KEPT as COMMAND
from bulou.core.keeping import Kept
from bulou.field.keeping import KEPT as FIELD
from bulou.jobs.keeping import KEPT as JOBS
from bulou.ledger.actions import Sheet, holding
from bulou.ledger.keeping import KEPT as LEDGER
from bulou.odk.keeping import KEPT as ODK
from bulou.own_forms.keeping import KEPT as OWN_FORMS
from bulou.people.keeping import KEPT as PEOPLE
from bulou.reports.keeping import KEPT as REPORTS
from bulou.rosters.keeping import KEPT as ROSTERS

DECLARED: Mapping[str, Kept] = {
    **ACCESS, **AREAS, **CHECKPOINTS, **COMMAND, **FIELD, **JOBS, **LEDGER, **ODK, **OWN_FORMS, **PEOPLE, **REPORTS,
    **ROSTERS,
}  # fmt: skip


def undeclared(models: Iterable[type[Model]], declared: Mapping[str, Kept] = DECLARED) -> Iterator[str]:
    """Yield every column that is declared neither as about a person, with purpose, days and starting event, nor as about
    nobody; and every one that is declared twice or is not there."""
    for model in models:
        table = model._meta.db_table
        columns = [field.name for field in model._meta.concrete_fields if field.column]
        said = declared[table].columns() if table in declared else []
        for name in columns:
            if name not in said:
                yield f"{table}.{name}: say in keeping.py beside the model whom it is about, why, and for how long"
        yield from (f"{table}.{name}: is declared, and is no column" for name in sorted(set(said) - set(columns)))
        yield from (f"{table}.{name}: is declared twice" for name in sorted({n for n in said if said.count(n) > 1}))


def check_declared() -> None:
    """Raise ValueError, listing every column, unless all tables of the program are declared."""
    faults = list(undeclared(apps.get_models(include_auto_created=True)))
    if faults:
        raise ValueError("what these columns say of people has no end:\n  " + "\n  ".join(faults))


@cache
def sheets() -> tuple[Sheet, ...]:
    """Return everything in tables that is emptied some day. `holds` is the very text of the index that finds it."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        kept = DECLARED[model._meta.db_table]
        for about in kept.about:
            found.append(
                Sheet(model._meta.db_table, kept, about, about.holds or _of_index(model, about.index) or holding(about))
            )
    return tuple(found)


def _of_index(model: type[Model], name: str) -> str:
    if not name:
        return ""
    index = next(each for each in model._meta.indexes if each.name == name)
    return f"({index._get_condition_sql(model, connection.schema_editor())})"
