"""The registers' tables. The county comes first in every key; areas and accounts are plain numbers and names."""

from django.db import models
from django.db.models import Q

LIVE = Q(merged_into__isnull=True)
HOLDS = ~Q(key="") | ~Q(address="") | ~Q(number="") | ~Q(note="") | Q(latitude__isnull=False)


class Household(models.Model):
    """A door that can be knocked at, lived in or not."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    area = models.BigIntegerField()
    key = models.CharField(
        max_length=260, blank=True, default=""
    )  # what lists know it by inside its area (rules.matching)
    number = models.CharField(max_length=40, blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")
    household_class = models.CharField(
        max_length=40, blank=True, default=""
    )  # the county's own words: 农户, 商业小区住户…
    dwelling = models.CharField(max_length=12, blank=True, default="")  # owner, rented, vacant, unassigned
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    head = models.UUIDField(null=True)
    note = models.TextField(blank=True, default="")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("county", "area", "id", name="people_household_area"),
            models.Index("county", "key", name="people_household_key"),
            models.Index("county", "area", name="people_household_kept", condition=HOLDS),
        ]


class Person(models.Model):
    """One person, however many lists have found them."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    household = models.UUIDField(null=True)
    area = models.BigIntegerField()
    name = models.CharField(max_length=60)
    sex = models.CharField(max_length=6, blank=True, default="")
    birth = models.DateField(null=True)
    id_number = models.CharField(max_length=40, blank=True, default="")
    id_sure = models.BooleanField(default=False)  # it passes its check digit, so it names one person
    phone = models.CharField(max_length=40, blank=True, default="")
    relation = models.CharField(max_length=40, blank=True, default="")  # to the head, in the list's words
    resident = models.CharField(max_length=40, blank=True, default="")  # 常住, 流动…
    away = models.BooleanField(null=True)
    away_to = models.CharField(max_length=120, blank=True, default="")
    note = models.TextField(blank=True, default="")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    merged_into = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "county", "id_number", name="people_person_one_id", condition=LIVE & Q(id_sure=True)
            )
        ]
        indexes = [
            models.Index("county", "area", "id", name="people_person_area"),
            models.Index("county", "id_number", name="people_person_id_number", condition=~Q(id_number="")),
            models.Index("county", "phone", name="people_person_phone", condition=~Q(phone="")),
            models.Index("county", "name", name="people_person_name"),
            models.Index("county", "household", name="people_person_household"),
            models.Index("county", "area", name="people_person_kept", condition=~Q(name="")),
            models.Index("county", "merged_into", name="people_person_merged", condition=Q(merged_into__isnull=False)),
        ]


class Source(models.Model):
    """A list that speaks of a person or a household, and what it said, as it said it. One row a subject and list."""

    pk = models.CompositePrimaryKey("county", "subject", "list_name")
    county = models.IntegerField()
    subject = models.CharField(max_length=80)
    list_name = models.CharField(max_length=120)
    ref = models.CharField(max_length=120, blank=True, default="")  # sheet and row
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    data = models.TextField()  # JSON: header → text
    run = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index("county", "at", name="people_source_kept", condition=~Q(data="{}"))]


class Merge(models.Model):
    """Two persons found to be one: who was kept, what it took over, and whether it was undone."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    kept = models.UUIDField()
    gone = models.UUIDField()
    changed = models.TextField()  # JSON: what undoing puts back
    reason = models.TextField(blank=True, default="")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        indexes = [
            models.Index("county", "kept", name="people_merge_kept"),
            models.Index("county", "gone", name="people_merge_gone"),
        ]


class ImportMapping(models.Model):
    """Which column is what, in lists with these headers, as somebody last confirmed it."""

    pk = models.CompositePrimaryKey("county", "fingerprint")
    county = models.IntegerField()
    fingerprint = models.CharField(max_length=64)  # a hash of rules.columns.fingerprint
    mapping = models.TextField()  # JSON: compared header → field
    at = models.DateTimeField()
    by = models.CharField(max_length=80)


class ImportRun(models.Model):
    """One list read: when, by whom, and where every row of it went. read = added + changed + unchanged + bad."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    area = models.BigIntegerField()
    list_name = models.CharField(max_length=120)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    state = models.CharField(max_length=10)  # running, done, failed
    failure = models.TextField(blank=True, default="")
    total = models.IntegerField(null=True)  # rows in the file, once counted
    read = models.IntegerField(default=0)
    added = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    bad = models.IntegerField(default=0)
    households = models.IntegerField(default=0)  # new ones
    doubtful = models.IntegerField(default=0)  # rows kept with a warning
    differing = models.IntegerField(default=0)  # rows that disagree with what is known
    finished_at = models.DateTimeField(null=True)
    notes = models.TextField(default="[]")  # JSON: rows and sheets left out, and why
    report = models.BinaryField(null=True)  # an .xlsx of the rows to correct, while there are any

    class Meta:
        indexes = [models.Index("county", "area", "at", name="people_importrun_area")]
