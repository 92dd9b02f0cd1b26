from django.db import migrations, models


def follow_orders_again(apps, editor):
    """Let the orders of posts be followed from the first one: what they say of when somebody has to be there is new."""
    apps.get_model("ledger", "Cursor").objects.filter(consumer="checkpoints.orders").delete()


class Migration(migrations.Migration):
    dependencies = [("rosters", "0001_initial"), ("ledger", "0001_initial")]

    operations = [
        migrations.AddField(model_name="post", name="manned", field=models.TextField(blank=True, default="")),
        migrations.RunPython(follow_orders_again, migrations.RunPython.noop),
    ]
