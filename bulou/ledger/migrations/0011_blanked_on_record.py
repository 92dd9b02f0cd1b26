"""Hold the record of what was emptied in tables append-only in the database itself."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = [
    f"""CREATE TRIGGER ledger_blanked_no_{verb.lower()} BEFORE {verb} ON ledger_blanked
        BEGIN SELECT RAISE(ABORT, 'the record of erasures is append-only'); END"""
    for verb in ("UPDATE", "DELETE")
]
POSTGRES = [
    """CREATE TRIGGER ledger_blanked_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_blanked
       FOR EACH STATEMENT EXECUTE FUNCTION ledger_erasure_refuse()""",
    "REVOKE UPDATE, DELETE, TRUNCATE ON ledger_blanked FROM PUBLIC, CURRENT_USER",
    "COMMENT ON TABLE ledger_blanked IS 'Append-only. Held by trigger and grant; tested in bulou/ledger/tests.'",
]


def forwards(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0010_fading_by_close")]
    operations = [migrations.RunPython(forwards)]
