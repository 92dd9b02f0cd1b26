"""Hold the audit append-only in the database itself."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = [
    f"""CREATE TRIGGER access_auditrow_no_{verb.lower()} BEFORE {verb} ON access_auditrow
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"""
    for verb in ("UPDATE", "DELETE")
]
POSTGRES = [
    """CREATE FUNCTION access_auditrow_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$""",
    """CREATE TRIGGER access_auditrow_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_auditrow
       FOR EACH STATEMENT EXECUTE FUNCTION access_auditrow_refuse()""",
    "REVOKE UPDATE, DELETE, TRUNCATE ON access_auditrow FROM PUBLIC, CURRENT_USER",
    "COMMENT ON TABLE access_auditrow IS 'Append-only. Held by trigger and grant; tested in bulou/access/tests.'",
]


def forwards(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunPython(forwards)]
