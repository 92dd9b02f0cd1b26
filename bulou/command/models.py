"""What headquarters has declared, dated, with the document it rests on. The county comes first in every key.

A declaration made for a province or a prefecture stands under that area's own six digits. Nothing here is overwritten
but the name of a unit and an end date: what was declared, by whom and when stays.
"""

from django.db import models


class Incident(models.Model):
    """An outbreak an area responds to."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    area = models.BigIntegerField()
    name = models.CharField(max_length=120)
    disease = models.CharField(max_length=120)  # text: the list of diseases changes by decree
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)  # the last day
    basis = models.CharField(max_length=200, blank=True, default="")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()


class ResponseLevel(models.Model):
    """Level I to IV (1 to 4) from a day on; 0 is the response stood down."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    incident = models.UUIDField()
    level = models.PositiveSmallIntegerField()
    since = models.DateField()
    basis = models.CharField(max_length=200)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("county", "incident", "since", name="command_level_since")]


class RuleSetInForce(models.Model):
    """The rule set an area works under from a day on."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    area = models.BigIntegerField()
    name = models.CharField(max_length=64)
    since = models.DateField()
    basis = models.CharField(max_length=200)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("county", "since", name="command_ruleset_since")]


class HeadquartersUnit(models.Model):
    """The office or a group of an incident's headquarters, in the order of the template."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    incident = models.UUIDField()
    place = models.PositiveSmallIntegerField()
    sort = models.CharField(max_length=12)  # office, group
    name = models.CharField(max_length=80)
    named = models.BooleanField()  # false while it carries the template's number instead of a name
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("county", "incident", "place", name="command_unit_place")]


class Appointment(models.Model):
    """Who sits where, from a day on, until the day somebody else does. Without a unit it is the headquarters itself."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    incident = models.UUIDField()
    unit = models.UUIDField(null=True)
    seat = models.CharField(max_length=16)
    person = models.CharField(max_length=60)
    post = models.CharField(max_length=120, blank=True, default="")  # 县委书记
    account = models.UUIDField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)  # the first day it no longer holds
    basis = models.CharField(max_length=200, blank=True, default="")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("county", "incident", "since", name="command_appointment_since")]


class Destruction(models.Model):
    """One person's word that what counts from the close of an incident may be destroyed. Two different people's begin it.

    It speaks of one close: reopening the incident withdraws it, and nothing is deleted.
    """

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    incident = models.UUIDField()
    area = models.BigIntegerField()
    closed_on = models.DateField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    basis = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "county", "incident", "by", name="command_destruction_once",
                condition=models.Q(withdrawn_at__isnull=True),
            )
        ]  # fmt: skip
