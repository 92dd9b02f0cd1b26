"""Phones and what they need to be trusted. Of every secret only a hash is kept.

A phone is found by its id alone when it signs in, and there are thousands, not millions: only what grows with the
records (attachments) and what a phone has been told (one row a phone) would ever need more, and both carry the county.
"""

from django.db import models

from bulou.core.ids import new_id


class Device(models.Model):
    """A phone: one key, bound to one worker, some areas and a last day.

    `area` is the smallest area that holds all it is bound to: whoever manages phones there manages this one. `areas`
    is JSON, [[code, since, until or null]…], and only grows: what was recorded before a move was recorded in its area.
    `received` and `lost` are JSON ranges of sequence numbers, first and last inclusive; `lost` is what the phone itself
    says it no longer has. `last_hash` is the hash of the entry numbered `last_seq`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.UUIDField()
    area = models.BigIntegerField()
    areas = models.TextField()
    label = models.CharField(max_length=80)
    public_key = models.TextField()  # SPKI, base64url
    code = models.CharField(max_length=6)
    state = models.CharField(max_length=10)  # waiting, active, refused, revoked
    enrolled_at = models.DateTimeField()
    enrolled_by = models.CharField(max_length=80)  # who issued the token
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, blank=True)
    revoke_reason = models.TextField(blank=True)
    consented_at = models.DateTimeField(null=True)  # when its worker said, signed in, that it is theirs
    known_at = models.DateTimeField(null=True)  # the worker knows of it as it stands; null: the notice to them stands
    looked_at = models.DateTimeField(null=True)  # so does the township
    looked_by = models.CharField(max_length=80, blank=True)
    last_contact = models.DateTimeField(null=True)
    last_seq = models.BigIntegerField(default=0)
    last_hash = models.CharField(max_length=64, blank=True)
    received = models.TextField(default="[]")
    lost = models.TextField(default="[]")
    photos = models.TextField(
        default="[]"
    )  # JSON [[seq, hash]…]: photographs its entries name that may not be here yet
    backed_seq = models.BigIntegerField(default=0)  # without a gap up to here, all is in the latest backup
    safe_seq = models.BigIntegerField(default=0)  # … and in the one before it too
    suspect_entries = models.IntegerField(default=0)  # how many were stamped by a clock that cannot be right
    clock_off = models.BigIntegerField(default=0)  # seconds, the worst of them; positive is ahead
    persisted = models.BooleanField(null=True)  # whether the browser promised to keep what is stored
    waiting = models.IntegerField(null=True)  # how many entries it said it had not sent yet
    app = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index("area", name="field_device_area"),
            models.Index("account", name="field_device_account"),
        ]


class Token(models.Model):
    """A single-use permission to enrol one phone, shown as a QR code."""

    digest = models.CharField(max_length=64, primary_key=True)
    account = models.UUIDField()
    areas = models.TextField()  # JSON, area codes
    days = models.PositiveSmallIntegerField()  # how long the phone will be good for
    issued_by = models.CharField(max_length=80)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    device = models.UUIDField(null=True)


class Spent(models.Model):
    """A challenge that was answered, until it could no longer be answered again anyway."""

    digest = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("expires_at", name="field_spent_expires")]


class Session(models.Model):
    """A phone that has proved who it is, for half a day."""

    digest = models.CharField(max_length=64, primary_key=True)
    device = models.ForeignKey(Device, on_delete=models.CASCADE)
    expires_at = models.DateTimeField()


class Attachment(models.Model):
    """A photograph, known by the hash of its content; the content is a file."""

    pk = models.CompositePrimaryKey("county", "digest")
    county = models.IntegerField()
    digest = models.CharField(max_length=64)
    size = models.IntegerField()
    device = models.UUIDField()
    by = models.CharField(max_length=80)
    received_at = models.DateTimeField()
    named = models.BooleanField(default=True)  # a record names it; what none does is kept for some weeks only

    class Meta:
        indexes = [
            models.Index("device", "received_at", name="field_attachment_device"),
            models.Index("received_at", name="field_attachment_unnamed", condition=models.Q(named=False)),
        ]


class Told(models.Model):
    """What a phone has been told, as hashes: the next answer says only what differs.

    `state` is the hash of `items`, and the cursor the phone holds. At most two a device: the one it has shown it holds,
    and the one sent since.
    """

    pk = models.CompositePrimaryKey("device", "state")
    device = models.UUIDField()
    state = models.CharField(max_length=64)
    items = models.BinaryField()
    told_at = models.DateTimeField()


class Epoch(models.Model):
    """One life of this database. A restored one begins another, so that phones send again what they still hold."""

    id = models.CharField(max_length=40, primary_key=True)
    began_at = models.DateTimeField()
    because = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index("began_at", name="field_epoch_began")]


class BackupMark(models.Model):
    """A backup that was completed, and how many phones' entries it covers."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    made_at = models.DateTimeField()
    marked_at = models.DateTimeField()
    devices = models.IntegerField()
