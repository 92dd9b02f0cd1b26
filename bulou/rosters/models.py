"""The registers' tables. The county comes first in every key; areas, accounts and entries are plain numbers and ids.

What happened (who came, who fell ill, who was relieved) is in the ledger. Shift says only what was planned: it never
changes, and the duty about "shift:<id>" says what became of it.
"""

from django.db import models
from django.db.models import F, Q


class Post(models.Model):
    """A site where people stand duty."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    area = models.BigIntegerField()
    name = models.CharField(max_length=100)
    type = models.CharField(max_length=20)  # rules.posts.TYPES
    place = models.CharField(max_length=200, blank=True, default="")
    road = models.CharField(max_length=100, blank=True, default="")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    needs = models.TextField(default="[]")  # JSON: rules.posts.Need, who must stand there from when to when of a day
    opened_at = models.DateTimeField(null=True)
    opened_by = models.CharField(max_length=80, blank=True, default="")  # "entry:<uuid>", the order it stands on
    ends_at = models.DateTimeField(null=True)  # until when the order lets it stand
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True, default="")
    manned = models.TextField(
        default="", blank=True
    )  # JSON: rules.standing.Manned; "" as long as no order was followed
    since = models.DateTimeField()
    registered_by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index("county", "area", name="rosters_post_area")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(opened_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
                name="rosters_post_dates",
            )
        ]


class Responder(models.Model):
    """Somebody who stands duty. Not a person of the people register: another purpose, another list, another end."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    area = models.BigIntegerField()  # home
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=40, blank=True, default="")
    unit = models.CharField(max_length=120, blank=True, default="")
    system = models.CharField(max_length=40, blank=True, default="")  # 公安, 卫健, 政法… the county's own words
    position = models.CharField(max_length=80, blank=True, default="")
    roles = models.CharField(max_length=200, blank=True, default="")  # words with spaces between: what needs ask for
    skills = models.CharField(max_length=200, blank=True, default="")
    party = models.BooleanField(null=True)  # NULL: not asked, which is so wherever the county has not switched it on
    leave_cancelled = models.BooleanField(default=False)
    account = models.UUIDField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    registered_by = models.CharField(max_length=80)

    class Meta:
        indexes = [
            models.Index("county", "area", name="rosters_responder_area"),
            models.Index("county", "area", name="rosters_responder_kept", condition=~Q(name="")),
            models.Index("account", name="rosters_responder_account", condition=Q(account__isnull=False)),
        ]


class Shift(models.Model):
    """One turn of one responder at one post, as published."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    area = models.BigIntegerField()  # the post's
    post = models.UUIDField()
    responder = models.UUIDField()
    role = models.CharField(max_length=40)
    lead = models.BooleanField(default=False)  # 带班
    relief = models.BooleanField(default=False)  # sent from the reserve for some days, not one turn of a roster
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    entry = models.UUIDField()  # what published it
    replaces = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index("county", "post", "starts_at", name="rosters_shift_post"),
            models.Index("county", "responder", "starts_at", name="rosters_shift_responder"),
            models.Index("county", "starts_at", name="rosters_shift_starts"),
        ]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="rosters_shift_moments")]


class Draft(models.Model):
    """A roster being made: what was asked for, how far the solver is, what it proposes. Nothing of it is owed yet."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    area = models.BigIntegerField()
    name = models.CharField(max_length=100)
    posts = models.TextField()  # JSON: ids
    first_day = models.DateField()
    days = models.PositiveSmallIntegerField()
    pattern = models.CharField(max_length=100)  # clock windows, "00:00-08:00 08:00-16:00 16:00-24:00"
    # running (how far it is, its job says), ready, published; failed, before there were jobs
    state = models.CharField(max_length=10)
    said = models.TextField(blank=True, default="")  # JSON: what the solver says of it (status, gaps, seconds)
    turns = models.TextField(default="[]")  # JSON: rules.turns.Turn
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("county", "at", name="rosters_draft_at")]


class Team(models.Model):
    """A team with one or several labels: 先锋队(突击队) is one team of two kinds."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    area = models.BigIntegerField()
    name = models.CharField(max_length=100)
    labels = models.CharField(max_length=200)  # slugs with spaces between
    post = models.UUIDField(null=True)
    site = models.CharField(max_length=120, blank=True, default="")
    lead = models.UUIDField(null=True)  # a responder
    head_count = models.PositiveIntegerField(null=True)  # as reported, where members are not listed by name
    party_count = models.PositiveIntegerField(null=True)
    minimum = models.PositiveSmallIntegerField(null=True)  # its own, above what the rule set says of its labels
    since = models.DateField()
    until = models.DateField(null=True)
    registered_by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index("county", "area", name="rosters_team_area")]


class Member(models.Model):
    """A responder in a team. Half-open days."""

    pk = models.CompositePrimaryKey("county", "team", "responder", "since")
    county = models.IntegerField()
    team = models.UUIDField()
    responder = models.UUIDField()
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        indexes = [models.Index("county", "responder", name="rosters_member_responder")]


class Stand(models.Model):
    """A responsibility zone, pioneer post or service post (责任区, 先锋岗, 服务岗): a place or task somebody answers for."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    area = models.BigIntegerField()
    sort = models.CharField(max_length=12)  # zone, pioneer, service
    name = models.CharField(max_length=120)
    responder = models.UUIDField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)
    registered_by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index("county", "area", name="rosters_stand_area")]


class Contact(models.Model):
    """One line of the contact matrix: a leader answers for a department or a township (包联), true as of a date."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    leader = models.CharField(max_length=60)
    position = models.CharField(max_length=80, blank=True, default="")
    department = models.CharField(max_length=120, blank=True, default="")
    area = models.BigIntegerField(null=True)  # the township, where it is one
    since = models.DateField()
    until = models.DateField(null=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("county", "since", name="rosters_contact_since")]
        constraints = [
            models.CheckConstraint(
                condition=Q(department="", area__isnull=False) | (~Q(department="") & Q(area__isnull=True)),
                name="rosters_contact_one",
            )
        ]


class Setting(models.Model):
    """What a county has declared about its rosters: whether party membership is kept, its own team labels."""

    pk = models.CompositePrimaryKey("county", "name")
    county = models.IntegerField()
    name = models.CharField(max_length=40)
    value = models.TextField()  # JSON
    basis = models.CharField(max_length=200, blank=True, default="")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
