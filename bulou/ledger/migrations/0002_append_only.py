"""Hold the ledger append-only in the database itself, and number entries on PostgreSQL."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = [
    f"""CREATE TRIGGER ledger_entry_no_{verb.lower()} BEFORE {verb} ON ledger_entry
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: write a correction'); END"""
    for verb in ("UPDATE", "DELETE")
]
POSTGRES = [
    "CREATE SEQUENCE ledger_entry_position",
    """CREATE FUNCTION ledger_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'the ledger is append-only: write a correction'; END $$""",
    """CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
       FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_refuse()""",
    "REVOKE UPDATE, DELETE, TRUNCATE ON ledger_entry FROM PUBLIC, CURRENT_USER",
    "COMMENT ON TABLE ledger_entry IS 'Append-only. Held by trigger and grant; tested in bulou/ledger/tests.'",
]


def forwards(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(forwards)]
