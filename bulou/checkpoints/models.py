"""What a county has declared about its posts. What happened at them is in the ledger, and only there."""

from django.db import models


class AdoptedTable(models.Model):
    """A decision table a county has taken into use from a day on, whole, so that what a post was told can be shown."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    name = models.CharField(max_length=100)
    since = models.DateField()
    text = models.TextField()  # TOML as it was given
    basis = models.CharField(max_length=200)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("county", "since", name="checkpoints_table_since")]
