"""The ledger's tables. The county comes first in every key, so that PostgreSQL can become Citus without a rewrite.

A moment that never comes is core.moments.FAR rather than NULL: one comparison, one index. Bodies are kept as the text
that was received, so that a signature over it can be checked for as long as the body is kept whole (Erasure).
"""

from django.db import models
from django.db.models import F, Q


class Entry(models.Model):
    """Append-only, by trigger on both databases and by grant on PostgreSQL (migrations 0002 and 0008).

    One thing may change, once: a body becomes what the erasure on record says is left of it.
    """

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    position = models.BigIntegerField()
    txid = models.BigIntegerField(
        default=0
    )  # the writing transaction on PostgreSQL, by which feeds miss no late commit
    kind = models.CharField(max_length=64)  # no choices: a new kind is not a migration
    version = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=80)
    area = models.BigIntegerField()
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    received_at = models.DateTimeField()
    by = models.CharField(max_length=80)
    device = models.CharField(max_length=64)
    seq = models.BigIntegerField(null=True)
    prev_hash = models.CharField(max_length=64)
    signature = models.TextField()
    body = models.TextField()
    amends = models.UUIDField(null=True)
    rules = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    written_from = models.DateTimeField(null=True)  # trust.py; NULL: received before anybody asked (ADR 0018)
    marked = models.BooleanField(null=True)  # whether a phone's mark says so

    class Meta:
        constraints = [
            models.UniqueConstraint("county", "device", "seq", name="ledger_entry_device_seq", condition=~Q(device=""))
        ]
        indexes = [
            models.Index("county", "subject", "happened_at", name="ledger_entry_subject"),
            models.Index("county", "kind", "happened_at", name="ledger_entry_kind"),
            models.Index("txid", "position", name="ledger_entry_feed"),
            models.Index("county", "amends", name="ledger_entry_amends", condition=Q(amends__isnull=False)),
            models.Index(
                "county", "written_from", name="ledger_entry_written_up", condition=Q(happened_at__lt=F("written_from"))
            ),
        ]


class Evidence(models.Model):
    """Projection: what each entry meets or waives."""

    pk = models.CompositePrimaryKey("county", "subject", "duty", "happened_at", "entry")
    county = models.IntegerField()
    subject = models.CharField(max_length=80)
    duty = models.CharField(max_length=64)
    happened_at = models.DateTimeField()
    entry = models.UUIDField()
    until = models.DateTimeField()
    waives = models.BooleanField()
    reported_at = models.DateTimeField()
    counts_at = models.DateTimeField(null=True)  # never NULL; a column added to a table that had rows

    class Meta:
        indexes = [models.Index("county", "entry", name="ledger_evidence_entry")]


UNMET = Q(met_by__isnull=True, waived_by__isnull=True)


class Duty(models.Model):
    """Projection: what is owed. States are not stored; they follow from these columns and now."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    name = models.CharField(max_length=64)
    subject = models.CharField(max_length=80)
    area = models.BigIntegerField()
    owed_by = models.CharField(max_length=80)
    opened_by = models.UUIDField()
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    met_by = models.UUIDField(null=True)
    met_at = models.DateTimeField(null=True)
    met_reported_at = models.DateTimeField(null=True)
    waived_by = models.UUIDField(null=True)
    waived_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("county", "subject", "name", name="ledger_duty_subject"),
            models.Index("county", "opened_by", name="ledger_duty_opened_by"),
            models.Index("county", "area", "due_at", name="ledger_duty_unmet", condition=UNMET),
        ]


class Tally(models.Model):
    """Projection: how many duties of one name, area and window are owed, met, met late and waived.

    Kept in the transaction that changes the duties, so that no board ever counts them.
    """

    pk = models.CompositePrimaryKey("county", "area", "name", "opens_at", "due_at", "closes_at")
    county = models.IntegerField()
    area = models.BigIntegerField()
    name = models.CharField(max_length=64)
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    owed = models.IntegerField()
    met = models.IntegerField()
    late = models.IntegerField()
    waived = models.IntegerField()

    class Meta:
        indexes = [  # each holds all that its question reads: a board never leaves the index
            models.Index(
                "county", "due_at", "area", "name", "owed", "met", "late", "waived", name="ledger_tally_due_area"
            ),
            models.Index(
                *("county", "closes_at", "area", "name", "opens_at", "due_at", "owed", "met", "late", "waived"),
                name="ledger_tally_unmet",
                condition=Q(owed__gt=F("met") + F("late") + F("waived")),
            ),
        ]


class Settled(models.Model):
    """Projection: how many duties of a tally were settled on a day in China, so that a day that is over is counted by
    taking back what the days since have settled. A duty waived first and met later is waived on the one day, and on the
    other met and waived no longer.
    """

    pk = models.CompositePrimaryKey("county", "name", "day", "area", "opens_at", "due_at", "closes_at")
    county = models.IntegerField()
    name = models.CharField(max_length=64)
    day = models.DateField()
    area = models.BigIntegerField()
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    met = models.IntegerField()
    late = models.IntegerField()
    waived = models.IntegerField()


class Held(models.Model):
    """What was received and could not be applied, kept whole with the reason, until a person resolves it."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    entry = models.UUIDField(null=True)
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=40)
    detail = models.TextField()
    sent = models.TextField()  # the entry as received
    area = models.BigIntegerField()
    by = models.CharField(max_length=80)
    device = models.CharField(max_length=64)
    seq = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=80)
    resolution = models.CharField(max_length=20)  # applied, corrected or dismissed
    note = models.TextField()
    waits_for = models.UUIDField(null=True)  # the entry with which it is judged again, by itself, when that comes
    watched_at = models.DateTimeField(null=True)  # when it was asked whether what it says of people has an end

    class Meta:
        constraints = [models.UniqueConstraint("county", "entry", "digest", name="ledger_held_once")]
        indexes = [
            models.Index("county", "area", name="ledger_held_open", condition=Q(resolved_at__isnull=True)),
            models.Index("county", "device", "seq", name="ledger_held_device", condition=~Q(device="")),
            models.Index(
                "county",
                "waits_for",
                name="ledger_held_waiting",
                condition=Q(resolved_at__isnull=True, waits_for__isnull=False),
            ),
            models.Index("received_at", name="ledger_held_unwatched", condition=Q(watched_at__isnull=True)),
        ]


class Cursor(models.Model):
    """How far a consumer of the feed has come."""

    consumer = models.CharField(max_length=64, primary_key=True)
    txid = models.BigIntegerField(default=0)
    position = models.BigIntegerField(default=0)


class Stuck(models.Model):
    """An entry that a consumer could not act upon: it has gone on, and tries this one again by itself."""

    pk = models.CompositePrimaryKey("county", "consumer", "entry")
    county = models.IntegerField()
    consumer = models.CharField(max_length=64)
    entry = models.UUIDField()
    kind = models.CharField(max_length=64)
    subject = models.CharField(max_length=80)
    area = models.BigIntegerField()
    why = models.CharField(max_length=300)
    tries = models.PositiveIntegerField()
    since = models.DateTimeField()
    again_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("consumer", "again_at", name="ledger_stuck_again")]


class Fading(models.Model):
    """An entry, or a copy in the held tray, whose answers about people are to be destroyed some days after `since`.

    A row goes when that is done: the table holds what is still to come, and nothing is looked for in the history.
    """

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()  # the entry's, or of its place in the tray
    held = models.BooleanField()
    kind = models.CharField(max_length=64)  # by which the days are told: of a correction, what it corrects
    since = models.DateTimeField()
    area = models.BigIntegerField(default=0)
    closing = models.BooleanField(default=False)  # counted from the close of the incident in the area, if that is later

    class Meta:
        indexes = [
            models.Index("county", "kind", "since", name="ledger_fading_entry", condition=Q(closing=False)),
            models.Index("county", "kind", "area", name="ledger_fading_closing", condition=Q(closing=True)),
        ]


class Erasure(models.Model):
    """What an entry said of people was destroyed: when, why, and what is left. Append-only, as the entries are.

    `hash` is that of the entry as its device signed it, by which the chain of the device is still checked; "" where
    there is none. `did` is what the entry opened and met, as JSON, so that a rebuild needs nothing of what is gone.
    """

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()  # as in Fading
    held = models.BooleanField()
    kind = models.CharField(max_length=64)
    day = models.DateField()  # on which it happened, in China
    erased_at = models.DateTimeField()
    basis = models.CharField(max_length=200)
    hash = models.CharField(max_length=64)
    remains = models.TextField()
    did = models.TextField()

    class Meta:
        indexes = [models.Index("county", "erased_at", name="ledger_erasure_when")]


class Blanked(models.Model):
    """Columns about people that were emptied in a table: of how many rows, when, after which event and why. Append-only.

    `before`: the event lay no later. By it the triggers of tables that are append-only themselves let a text go.
    """

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()  # 0: of no county, such as a session
    id = models.UUIDField()
    name = models.CharField(max_length=64)  # the table's
    columns = models.CharField(max_length=300)  # with spaces between
    event = models.CharField(max_length=16)  # core.keeping.Event
    before = models.DateTimeField()
    erased_at = models.DateTimeField()
    basis = models.CharField(max_length=200)
    number = models.IntegerField()  # of rows

    class Meta:
        indexes = [models.Index("county", "erased_at", name="ledger_blanked_when")]
