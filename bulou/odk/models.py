"""Phones with ODK Collect, what each of them has sent, and the files that came with it."""

from django.db import models
from django.db.models import Q


class AppUser(models.Model):
    """One phone's way in: whose it is, for which area, until when. The token itself is nowhere, only its hash."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    token_hash = models.CharField(max_length=64, unique=True)
    username = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    account = models.UUIDField()  # the worker in whose name it writes
    area = models.BigIntegerField()
    language = models.CharField(max_length=10)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, blank=True, default="")
    waits_for_consent = models.BooleanField(default=False)  # those made before the worker was asked wait for nothing
    consented_at = models.DateTimeField(null=True)  # when its worker said, signed in, that it is theirs
    known_at = models.DateTimeField(null=True)  # null: the notice to the worker stands
    looked_at = models.DateTimeField(null=True)  # null: the notice to the township stands
    looked_by = models.CharField(max_length=80, blank=True, default="")
    last_contact = models.DateTimeField(null=True)
    lists = models.TextField(default="{}")  # JSON: list → [hash of its rows, version told to the phone]

    class Meta:
        indexes = [models.Index("county", "area", name="odk_appuser_area")]


class Submission(models.Model):
    """What came under an instance's id, by a hash of its bytes: it tells a retry from a clash."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    digest = models.CharField(max_length=64)
    app_user = models.UUIDField()
    received_at = models.DateTimeField()
    waiting = models.TextField(blank=True, default="")  # the XML, until the last of its files has come

    class Meta:
        indexes = [
            models.Index("county", "app_user", name="odk_submission_waiting", condition=~Q(waiting="")),
            models.Index("county", "received_at", name="odk_submission_kept", condition=~Q(waiting="")),
        ]


class SubmissionFile(models.Model):
    """A file that came with an instance, under the name the instance calls it by."""

    pk = models.CompositePrimaryKey("county", "submission", "name")
    county = models.IntegerField()
    submission = models.UUIDField()
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()
    received_at = models.DateTimeField()
