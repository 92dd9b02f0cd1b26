"""A county's own forms, version by version, with the lists they choose from. The county comes first in every key."""

from django.db import models


class CountyForm(models.Model):
    """One version of a form a county made itself (an XLSForm or XForm): the file as it came and the form phones get.

    A version is never changed: entries name the one they were made with. Only its withdrawal is written into it.
    """

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    area = models.BigIntegerField()
    name = models.CharField(max_length=80)  # of the kind: own_411523_daily
    version = models.PositiveIntegerField()
    form_id = models.CharField(max_length=200)
    label = models.CharField(max_length=100, blank=True, default="")  # the version as the form calls it
    title = models.CharField(max_length=200)
    subject = models.CharField(max_length=16)
    sensitive = models.BooleanField(default=False)
    keep_days = models.PositiveIntegerField(default=180)  # what is personal in it, after the end of the response
    on_phones = models.BooleanField(default=True)  # our own app draws all of it; if not, ODK Collect does
    file_name = models.CharField(max_length=200)
    file = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    xform = models.TextField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    changed_at = models.DateTimeField()  # when it was uploaded, withdrawn or taken up again: other processes look here
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True, default="")
    withdrawn_why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint("county", "name", "version", name="own_form_version")]
        indexes = [models.Index("changed_at", name="own_form_changed")]


class CountyFormFile(models.Model):
    """A list (CSV) that a version of a county's form chooses from or looks into, as it came. It never changes."""

    pk = models.CompositePrimaryKey("county", "form", "name")
    county = models.IntegerField()
    form = models.UUIDField()
    name = models.CharField(max_length=120)  # as the form calls it
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
