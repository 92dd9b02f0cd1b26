from django.db import migrations, models


class Migration(migrations.Migration):
    """Takes over the tables `command` renamed. What stands in them is not touched; only the names of keys follow."""

    initial = True
    dependencies = [("command", "0006_own_forms_move_out")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="CountyForm",
                    fields=[
                        ("pk", models.CompositePrimaryKey("county", "id", blank=True, editable=False,
                                                          primary_key=True, serialize=False)),
                        ("county", models.IntegerField()),
                        ("id", models.UUIDField()),
                        ("area", models.BigIntegerField()),
                        ("name", models.CharField(max_length=80)),
                        ("version", models.PositiveIntegerField()),
                        ("form_id", models.CharField(max_length=200)),
                        ("label", models.CharField(blank=True, default="", max_length=100)),
                        ("title", models.CharField(max_length=200)),
                        ("subject", models.CharField(max_length=16)),
                        ("sensitive", models.BooleanField(default=False)),
                        ("keep_days", models.PositiveIntegerField(default=180)),
                        ("on_phones", models.BooleanField(default=True)),
                        ("file_name", models.CharField(max_length=200)),
                        ("file", models.BinaryField()),
                        ("sha256", models.CharField(max_length=64)),
                        ("xform", models.TextField()),
                        ("by", models.CharField(max_length=80)),
                        ("at", models.DateTimeField()),
                        ("changed_at", models.DateTimeField()),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        ("withdrawn_by", models.CharField(blank=True, default="", max_length=80)),
                        ("withdrawn_why", models.CharField(blank=True, default="", max_length=200)),
                    ],
                    options={
                        "indexes": [models.Index(models.F("changed_at"), name="command_form_changed")],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("county"), models.F("name"), models.F("version"), name="command_form_version"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CountyFormFile",
                    fields=[
                        ("pk", models.CompositePrimaryKey("county", "form", "name", blank=True, editable=False,
                                                          primary_key=True, serialize=False)),
                        ("county", models.IntegerField()),
                        ("form", models.UUIDField()),
                        ("name", models.CharField(max_length=120)),
                        ("content", models.BinaryField()),
                        ("sha256", models.CharField(max_length=64)),
                    ],
                ),
            ],
        ),
        migrations.RenameIndex("CountyForm", new_name="own_form_changed", old_name="command_form_changed"),
        migrations.RemoveConstraint("CountyForm", "command_form_version"),
        migrations.AddConstraint(
            "CountyForm", models.UniqueConstraint("county", "name", "version", name="own_form_version")
        ),
    ]  # fmt: skip
