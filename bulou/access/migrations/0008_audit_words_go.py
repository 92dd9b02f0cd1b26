"""Let the words of an audit row go once a record says so, and nothing else, in the database itself."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REFUSED = "the audit is append-only"
SAME = " AND ".join(
    f'NEW."{name}" IS OLD."{name}"' for name in ("county", "id", "at", "account", "action", "subject", "area")
)
EMPTIED = (
    "NEW.purpose = '' AND NEW.detail = '' AND EXISTS (SELECT 1 FROM ledger_blanked b WHERE b.county = OLD.county"
    " AND b.name = 'access_auditrow' AND b.\"before\" >= OLD.at)"
)
SQLITE = [
    "DROP TRIGGER access_auditrow_no_update",
    f"""CREATE TRIGGER access_auditrow_no_update BEFORE UPDATE ON access_auditrow WHEN NOT ({SAME} AND {EMPTIED})
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
]
POSTGRES = [
    "DROP TRIGGER access_auditrow_append_only ON access_auditrow",
    """CREATE TRIGGER access_auditrow_never_deleted BEFORE DELETE OR TRUNCATE ON access_auditrow
       FOR EACH STATEMENT EXECUTE FUNCTION access_auditrow_refuse()""",
    f"""CREATE FUNCTION access_auditrow_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF to_jsonb(NEW) - 'purpose' - 'detail' = to_jsonb(OLD) - 'purpose' - 'detail' AND {EMPTIED} THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION '{REFUSED}';
        END $$""",
    """CREATE TRIGGER access_auditrow_append_only BEFORE UPDATE ON access_auditrow
       FOR EACH ROW EXECUTE FUNCTION access_auditrow_emptied()""",
    "GRANT UPDATE (purpose, detail) ON access_auditrow TO CURRENT_USER",
]


def forwards(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("access", "0007_kept"), ("ledger", "0011_blanked_on_record")]
    operations = [migrations.RunPython(forwards)]
