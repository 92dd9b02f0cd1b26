from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = [
    f"""CREATE TRIGGER reports_kept_no_{verb.lower()} BEFORE {verb} ON reports_kept
        BEGIN SELECT RAISE(ABORT, 'what was kept of a day stays'); END"""
    for verb in ("UPDATE", "DELETE")
]
POSTGRES = [
    """CREATE FUNCTION reports_kept_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'what was kept of a day stays'; END $$""",
    """CREATE TRIGGER reports_kept_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON reports_kept
       FOR EACH STATEMENT EXECUTE FUNCTION reports_kept_refuse()""",
    "REVOKE UPDATE, DELETE, TRUNCATE ON reports_kept FROM PUBLIC, CURRENT_USER",
    "COMMENT ON TABLE reports_kept IS 'Append-only. Held by trigger and grant; tested in bulou/reports/tests.'",
]


def hold_append_only(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.CreateModel(
            name="Kept",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "county", "area", "day", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("county", models.IntegerField()),
                ("area", models.BigIntegerField()),
                ("day", models.DateField()),
                ("cut_off", models.DateTimeField()),
                ("taken_at", models.DateTimeField()),
                ("numbers", models.TextField()),
            ],
            options={
                "db_table": "reports_kept",
                "indexes": [models.Index("county", "day", name="reports_kept_day")],
            },
        ),
        migrations.RunPython(hold_append_only),
    ]
