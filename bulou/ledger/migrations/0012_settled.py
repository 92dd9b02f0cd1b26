"""What each day has settled of the tallies, and what was written up found by when it can have been written."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FILL = (
    "INSERT INTO ledger_settled (county, name, day, area, opens_at, due_at, closes_at, met, late, waived)"
    " SELECT county, name, day, area, opens_at, due_at, closes_at, sum(met), sum(late), sum(waived) FROM ("
    "SELECT county, name, {met} AS day, area, opens_at, due_at, closes_at,"
    " CASE WHEN met_at <= due_at THEN 1 ELSE 0 END AS met, CASE WHEN met_at > due_at THEN 1 ELSE 0 END AS late,"
    " CASE WHEN waived_at < met_at THEN -1 ELSE 0 END AS waived FROM ledger_duty WHERE met_at IS NOT NULL UNION ALL "
    "SELECT county, name, {waived}, area, opens_at, due_at, closes_at, 0, 0, 1"
    " FROM ledger_duty WHERE waived_at IS NOT NULL AND (met_at IS NULL OR waived_at < met_at)"
    ") AS one GROUP BY county, name, day, area, opens_at, due_at, closes_at"
)


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the table; on SQLite as its key alone, or each of its rows would be written twice."""
    model = apps.get_model("ledger", "Settled")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.create_model(model)
    else:
        sql, parameters = schema_editor.table_sql(model)
        schema_editor.execute(f"{sql} WITHOUT ROWID", parameters or None)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.delete_model(apps.get_model("ledger", "Settled"))


def fill(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    on_postgres = schema_editor.connection.vendor == "postgresql"
    day = "({} AT TIME ZONE INTERVAL '+08:00')::date" if on_postgres else "date({}, '+8 hours')"
    schema_editor.execute(FILL.format(met=day.format("met_at"), waived=day.format("waived_at")))


class Migration(migrations.Migration):
    dependencies = [("ledger", "0011_blanked_on_record")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    "Settled",
                    [
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "county",
                                "name",
                                "day",
                                "area",
                                "opens_at",
                                "due_at",
                                "closes_at",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("county", models.IntegerField()),
                        ("name", models.CharField(max_length=64)),
                        ("day", models.DateField()),
                        ("area", models.BigIntegerField()),
                        ("opens_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("closes_at", models.DateTimeField()),
                        ("met", models.IntegerField()),
                        ("late", models.IntegerField()),
                        ("waived", models.IntegerField()),
                    ],
                )
            ]
        ),
        migrations.RunPython(create, drop),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveIndex("entry", "ledger_entry_written_up"),
        migrations.AddIndex(
            "entry",
            models.Index(
                models.F("county"),
                models.F("written_from"),
                condition=models.Q(("happened_at__lt", models.F("written_from"))),
                name="ledger_entry_written_up",
            ),
        ),
    ]
