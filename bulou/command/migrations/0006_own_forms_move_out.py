from django.db import migrations


class Migration(migrations.Migration):
    """The two tables of own forms go to `own_forms` as they stand: renamed, never made anew, so that every form stays."""

    dependencies = [("command", "0005_destruction")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AlterModelTable("CountyForm", "own_forms_countyform"),
                migrations.AlterModelTable("CountyFormFile", "own_forms_countyformfile"),
            ],
            state_operations=[migrations.DeleteModel("CountyForm"), migrations.DeleteModel("CountyFormFile")],
        ),
    ]
