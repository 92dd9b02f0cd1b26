"""Accounts, the roles headquarters made, grants, asks for a second person, the audit, and the one-time key."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from bulou.core.ids import new_id
from bulou.core.moments import FAR


class Account(AbstractBaseUser):
    """One person's way in. `area` is where the account lives: whoever manages accounts over that area manages it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=64, unique=True)  # always lower case
    display_name = models.CharField(max_length=80)
    phone = models.CharField(max_length=40, blank=True)
    area = models.BigIntegerField()
    is_active = models.BooleanField(default=True)
    expires_at = models.DateTimeField(default=FAR)
    must_change_password = models.BooleanField(default=True)
    demo = models.BooleanField(default=False)
    sessions_ended = models.PositiveIntegerField(default=0)  # how often all its sessions were
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)

    USERNAME_FIELD = "username"
    objects = BaseUserManager["Account"]()

    class Meta:
        indexes = [models.Index("area", name="access_account_area")]

    def __str__(self) -> str:
        return self.display_name or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what a session of the account carries: with another password or number it is no session any more."""
        said = f"{self.sessions_ended}:{self.password}"
        return salted_hmac("bulou.access.sessions", said, secret=secret, algorithm="sha256").hexdigest()


class MadeRole(models.Model):
    """A role made by a headquarters. The built-in ones are in roles.toml."""

    name = models.CharField(max_length=40, primary_key=True)
    zh = models.CharField(max_length=40)
    en = models.CharField(max_length=60)
    permissions = models.TextField()  # names with spaces between
    stands_for = models.TextField(default="")  # built-in roles whose work it does too, with spaces between
    days = models.PositiveSmallIntegerField()
    area = models.BigIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)


class Grant(models.Model):
    """A role given to an account over an area for a time. Taking it back sets `ends_at`; nothing is deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=40)  # no foreign key: most roles are in roles.toml
    area = models.BigIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    given_by = models.CharField(max_length=80)
    given_at = models.DateTimeField()
    revoked_by = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            models.Index("account", "ends_at", name="access_grant_account"),
            models.Index("ends_at", "area", name="access_grant_ends"),
        ]


class AuditRow(models.Model):
    """Who did or looked at what, when and why. Append-only, by trigger on both databases (migration 0002)."""

    pk = models.CompositePrimaryKey("county", "id")
    county = models.IntegerField()
    id = models.UUIDField()
    at = models.DateTimeField()
    account = models.CharField(max_length=80)  # "account:<uuid>", or "system:<what>"
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, blank=True)
    area = models.BigIntegerField()
    purpose = models.TextField(blank=True)
    detail = models.TextField(blank=True)  # JSON

    class Meta:
        indexes = [
            models.Index("county", "account", "id", name="access_audit_account"),
            models.Index("county", "subject", "id", name="access_audit_subject"),
            models.Index("county", "action", "id", name="access_audit_action"),
            models.Index("county", "at", name="access_audit_kept", condition=~models.Q(purpose="", detail="")),
            models.Index("account", "action", "at", name="access_audit_looks"),  # of an account, in whatever county
        ]


class Alert(models.Model):
    """That an account looked at more people than work explains, or that somebody guesses at passwords: of the account, or
    of many from the address `account` stands for. It stays open until its audience has looked at it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    last_at = models.DateTimeField()
    account = models.CharField(max_length=80)
    action = models.CharField(max_length=40)
    audience = models.CharField(max_length=16)  # "auditor" or "desk"
    area = models.BigIntegerField()
    looks = models.IntegerField()
    minutes = models.IntegerField()  # within which the first of them were
    others = models.IntegerField(default=0)  # from how many addresses somebody guessed, or at how many accounts
    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=80, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index("audience", "area", "seen_at", name="access_alert_audience"),
            models.Index("account", "seen_at", name="access_alert_account"),
        ]


class Ask(models.Model):
    """An act that waits for a second person, exactly as it would be carried out; their word; and that it was done."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    act = models.CharField(max_length=40)
    area = models.BigIntegerField()
    digest = models.CharField(max_length=64)  # of the act and everything asked
    asked = models.TextField()  # JSON: the parameters
    outside = models.BooleanField(default=False)  # one of the two is not of the area's headquarters
    path = models.CharField(max_length=500, blank=True)  # where it was asked, and what was sent (JSON)
    form = models.TextField(blank=True)
    until = models.DateTimeField()  # of the ask; once answered, of the answer
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    approved = models.BooleanField(default=False)
    word = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("by", "act", "digest", name="access_ask_fits"),
            models.Index("done_at", "until", name="access_ask_open"),
        ]


class Tries(models.Model):
    """How many passwords and codes were wrong for a name from a place, the last of them when; both only as marks.

    `place` is an address, or a browser that knows the name; "" for all of them. `name` is "" for every name.
    """

    pk = models.CompositePrimaryKey("name", "place")
    name = models.CharField(max_length=40)
    place = models.CharField(max_length=40)
    wrong = models.IntegerField()
    at = models.DateTimeField()
    forgotten_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index("place", name="access_tries_place"),
            models.Index("forgotten_at", name="access_tries_forgotten"),
        ]


class SetupKey(models.Model):
    """A one-time key, kept as a hash, with which the first headquarters account of an installation is made."""

    digest = models.CharField(max_length=64, primary_key=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class FactorCode(models.Model):
    """A one-time code, kept as a hash, with which one account may set its second factor up."""

    digest = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="factor_codes")
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
