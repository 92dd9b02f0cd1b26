"""Let a body become what an erasure on record says is left of it, and nothing else, in the database itself."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REFUSED = "the ledger is append-only: write a correction"
COLUMNS = [
    "county",
    "id",
    "position",
    "txid",
    "kind",
    "version",
    "subject",
    "area",
    "happened_at",
    "recorded_at",
    "received_at",
    "by",
    "device",
    "seq",
    "prev_hash",
    "signature",
    "amends",
    "rules",
    "digest",
]
SAME = " AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in COLUMNS)
ON_RECORD = (
    "EXISTS (SELECT 1 FROM ledger_erasure e WHERE e.county = OLD.county AND e.id = OLD.id AND NOT e.held"
    " AND e.remains = NEW.body)"
)
SQLITE = [
    "DROP TRIGGER ledger_entry_no_update",
    f"""CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry WHEN NOT ({SAME} AND {ON_RECORD})
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    *(
        f"""CREATE TRIGGER ledger_erasure_no_{verb.lower()} BEFORE {verb} ON ledger_erasure
            BEGIN SELECT RAISE(ABORT, 'the record of erasures is append-only'); END"""
        for verb in ("UPDATE", "DELETE")
    ),
]
# The trigger on updates keeps its name: a restore lifts it (actions/restoring.py), whatever the copy's age.
POSTGRES = [
    "DROP TRIGGER ledger_entry_append_only ON ledger_entry",
    """CREATE TRIGGER ledger_entry_never_deleted BEFORE DELETE OR TRUNCATE ON ledger_entry
       FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_refuse()""",
    f"""CREATE FUNCTION ledger_entry_erased() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF to_jsonb(NEW) - 'body' = to_jsonb(OLD) - 'body' AND {ON_RECORD} THEN RETURN NEW; END IF;
            RAISE EXCEPTION '{REFUSED}';
        END $$""",
    """CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE ON ledger_entry
       FOR EACH ROW EXECUTE FUNCTION ledger_entry_erased()""",
    "GRANT UPDATE (body) ON ledger_entry TO CURRENT_USER",
    """CREATE FUNCTION ledger_erasure_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'the record of erasures is append-only'; END $$""",
    """CREATE TRIGGER ledger_erasure_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_erasure
       FOR EACH STATEMENT EXECUTE FUNCTION ledger_erasure_refuse()""",
    "REVOKE UPDATE, DELETE, TRUNCATE ON ledger_erasure FROM PUBLIC, CURRENT_USER",
    "COMMENT ON TABLE ledger_erasure IS 'Append-only. Held by trigger and grant; tested in bulou/ledger/tests.'",
]


def forwards(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_erasures")]
    operations = [migrations.RunPython(forwards)]
