"""Which built-in roles a role of a county's own does the work of. Those made before go on with what they could do."""

from typing import Any

from django.db import migrations, models

from bulou.access.roles import built_in_roles

LATER = {"record_for"}  # no role made before could carry it
PROFESSIONS = {"village_doctor"}  # no set of permissions makes one a doctor


def keep_what_they_did(apps: Any, schema_editor: Any) -> None:
    for made in apps.get_model("access", "MadeRole").objects.all():
        held = set(made.permissions.split())
        does = [
            role.name
            for role in built_in_roles().values()
            if role.name not in PROFESSIONS and role.permissions - LATER <= held
        ]
        made.stands_for = " ".join(sorted(does))
        made.save(update_fields=["stands_for"])


class Migration(migrations.Migration):
    dependencies = [("access", "0005_sealed")]

    operations = [
        migrations.AddField("maderole", "stands_for", models.TextField(default="")),
        migrations.RunPython(keep_what_they_did, migrations.RunPython.noop),
    ]
