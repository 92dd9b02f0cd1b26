"""Since when an entry can have been written, when evidence counts, and what a held entry waits for (ADR 0018).

Entries there already keep the moments they were believed with: their `written_from` stays NULL.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REFUSED = "the ledger is append-only: write a correction"
COLUMNS = [
    "county", "id", "position", "txid", "kind", "version", "subject", "area", "happened_at", "recorded_at", "received_at",
    "by", "device", "seq", "prev_hash", "signature", "amends", "rules", "digest", "written_from", "marked",
]  # fmt: skip
SAME = " AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in COLUMNS)
ON_RECORD = (
    "EXISTS (SELECT 1 FROM ledger_erasure e WHERE e.county = OLD.county AND e.id = OLD.id AND NOT e.held"
    " AND e.remains = NEW.body)"
)
SQLITE = [  # PostgreSQL's trigger compares whole rows
    "DROP TRIGGER ledger_entry_no_update",
    f"""CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry WHEN NOT ({SAME} AND {ON_RECORD})
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
]


def guard(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor != "postgresql":
        for statement in SQLITE:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0008_erase_on_record")]
    operations = [
        migrations.AddField("entry", "written_from", models.DateTimeField(null=True)),
        migrations.AddField("entry", "marked", models.BooleanField(null=True)),
        migrations.AddField("evidence", "counts_at", models.DateTimeField(null=True)),
        migrations.AddField("held", "waits_for", models.UUIDField(null=True)),
        migrations.RunSQL("UPDATE ledger_evidence SET counts_at = happened_at"),
        migrations.RunPython(guard),
        migrations.AddIndex(
            "entry",
            models.Index(
                models.F("county"),
                models.F("received_at"),
                condition=models.Q(("happened_at__lt", models.F("written_from"))),
                name="ledger_entry_written_up",
            ),
        ),
        migrations.AddIndex(
            "held",
            models.Index(
                models.F("county"),
                models.F("waits_for"),
                condition=models.Q(("resolved_at__isnull", True), ("waits_for__isnull", False)),
                name="ledger_held_waiting",
            ),
        ),
    ]
