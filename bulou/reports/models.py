"""What was known of a day when its cut-off had come. Numbers only, written once, never changed."""

from django.db import models


class Kept(models.Model):
    pk = models.CompositePrimaryKey("county", "area", "day")
    county = models.IntegerField()
    area = models.BigIntegerField()
    day = models.DateField()
    cut_off = models.DateTimeField()
    taken_at = models.DateTimeField()
    numbers = models.TextField()  # JSON: [the area's numbers by name, those of each area directly below by its number]

    class Meta:
        db_table = "reports_kept"
        indexes = [models.Index("county", "day", name="reports_kept_day")]
