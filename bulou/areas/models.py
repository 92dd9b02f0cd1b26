"""The tables of areas and of who answers for them.

An area's number is its place in the tree (core.divisions), so a subtree is a range of the primary key and begins with
the county. Dates are half-open: `until` is the first day on which it no longer holds; NULL is "still".
"""

from django.db import models
from django.db.models import F, Q


class Area(models.Model):
    number = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)  # the county's own word: 县 镇 社区 组 社 片区 网格 楼
    parent = models.BigIntegerField(null=True)  # the nearest area above that exists; derived, kept for children()
    depth = models.PositiveSmallIntegerField()  # index in core.divisions.LEVELS; derived
    since = models.DateField(null=True)  # NULL: before anyone wrote it down
    until = models.DateField(null=True)
    registered_at = models.DateTimeField()  # a standing order falls due for it no sooner than some time after this

    class Meta:
        indexes = [models.Index("parent", name="areas_area_parent")]
        constraints = [
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
                                   name="areas_area_dates"),
        ]  # fmt: skip


class Change(models.Model):
    """Who changed the tree, and how. An import is one row; what it did to each area follows from the file."""

    number = models.BigIntegerField()  # 0 for an import
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    what = models.CharField(max_length=20)  # added, renamed, closed, imported
    before = models.TextField()
    after = models.TextField()

    class Meta:
        indexes = [models.Index("number", "at", name="areas_change_number")]


class Responsibility(models.Model):
    """Who answers for an area, or for one household in it, in a tier; without a tier, who works there in a role."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    area = models.BigIntegerField()
    household = models.CharField(max_length=80)  # "household:<uuid>" for 包户; empty for the area itself
    tier = models.PositiveSmallIntegerField(null=True)  # 1 第一责任, 2 直接责任, 3 具体责任
    role = models.CharField(max_length=40)  # the word of the grid template or of the county: 网格长, 乡村医生
    person = models.CharField(max_length=80)
    unit = models.CharField(max_length=120)
    phone = models.CharField(max_length=40)
    account = models.UUIDField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)
    assigned_by = models.CharField(max_length=80)
    assigned_at = models.DateTimeField()
    ended_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("county", "area", name="areas_resp_area"),
            models.Index("county", "household", name="areas_resp_household", condition=~Q(household="")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(tier__isnull=True) | Q(tier__range=(1, 3)), name="areas_resp_tier"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="areas_resp_dates"),
        ]
