from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("command", "0003_form_keep_days")]

    operations = [
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
    ]  # fmt: skip
