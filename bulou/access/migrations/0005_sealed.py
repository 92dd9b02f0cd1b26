"""Seal the second factors that are there, and end the sessions: their rows are found by a hash from now on."""

from typing import Any

from django.db import migrations

from bulou.access.actions.sealing import seal_rows
from bulou.access.sealing import keys


def seal(apps: Any, _schema_editor: object) -> None:
    seal_rows(apps.get_model("mfa", "Authenticator").objects.order_by("pk"), keys())
    apps.get_model("sessions", "Session").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_alerts"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("sessions", "0001_initial"),
    ]
    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
