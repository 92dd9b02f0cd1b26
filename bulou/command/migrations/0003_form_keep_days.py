from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("command", "0002_own_forms")]

    operations = [
        migrations.AddField(
            "countyform", "keep_days", models.PositiveIntegerField(default=180)
        ),  # as it was until then
    ]
