"""Reads: phones with Collect, the forms they are offered, the lists they choose from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from bulou.core.divisions import county_of
from bulou.core.scope import visible
from bulou.odk.models import AppUser as AppUserTable
from bulou.odk.models import Submission, SubmissionFile


@dataclass(frozen=True, slots=True)
class AppUser:
    """One phone with Collect. Its secrets are not in here: there are none to keep."""

    county: int
    id: UUID
    username: str
    name: str
    account: UUID
    area: int
    language: str
    made_at: datetime
    made_by: str
    expires_at: datetime
    revoked_at: datetime | None
    last_contact: datetime | None
    lists: str
    waits_for_consent: bool
    consented_at: datetime | None
    known_at: datetime | None
    looked_at: datetime | None

    @property
    def by(self) -> str:
        """How what it sends is signed: the worker's account."""
        return f"account:{self.account}"

    @property
    def device(self) -> str:
        return f"odk:{self.id}"

    def usable(self, now: datetime) -> bool:
        return self.is_live(now) and not self.waits_for_consent

    def is_live(self, now: datetime) -> bool:
        """Whether it is in use, or will be once its worker says that it is theirs."""
        return self.revoked_at is None and now < self.expires_at


COLUMNS = tuple(AppUser.__dataclass_fields__)


def find_by_token(token_hash: str) -> AppUser | None:
    """Return whose token it is, also of one that was revoked. Not scoped: scope follows from it."""
    return _one(Q(token_hash=token_hash))


def find_by_username(username: str) -> AppUser | None:
    """Return whose name it is, also of one that was revoked. Not scoped: scope follows from it."""
    return _one(Q(username=username))


def _one(condition: Q) -> AppUser | None:
    row = AppUserTable.objects.filter(condition).values_list(*COLUMNS).first()
    return AppUser(*row) if row else None


def _in_scope() -> Q:
    where = Q(county__in=[])
    for low, high in visible():
        where |= Q(county__range=(county_of(low), county_of(high)), area__range=(low, high))
    return where


def app_users() -> list[AppUser]:
    """Return the phones of the bound scope, those in use first, the latest made first."""
    rows = AppUserTable.objects.filter(_in_scope()).order_by("revoked_at", "-made_at").values_list(*COLUMNS)
    found = [AppUser(*row) for row in rows]
    return sorted(found, key=lambda user: user.revoked_at is not None)


def app_users_of(account: UUID) -> list[AppUser]:
    """Return the phones in the worker's name, the latest made first, whatever the scope: they are the worker's own."""
    rows = AppUserTable.objects.filter(account=account).order_by("-made_at").values_list(*COLUMNS)
    return [AppUser(*row) for row in rows]


def app_users_unseen(now: datetime) -> list[AppUser]:
    """Return the phones of the bound scope in use that the township has not looked at."""
    rows = AppUserTable.objects.filter(_in_scope(), looked_at=None, revoked_at=None, expires_at__gt=now)
    return [AppUser(*row) for row in rows.order_by("-made_at").values_list(*COLUMNS)]


def find_app_user(user: UUID) -> AppUser | None:
    """Return the phone if it is in the bound scope."""
    row = AppUserTable.objects.filter(_in_scope(), id=user).values_list(*COLUMNS).first()
    return AppUser(*row) if row else None


@dataclass(frozen=True, slots=True)
class Sent:
    """What a phone has sent: how many instances, and how many of them still wait for files."""

    instances: int
    waiting: int


def sent_by(users: Iterable[AppUser]) -> dict[UUID, Sent]:
    """Return what each of the phones has sent."""
    wanted = list(users)
    rows = (
        Submission.objects.filter(county__in={u.county for u in wanted}, app_user__in=[u.id for u in wanted])
        .values_list("app_user")
        .annotate(n=Count("id"), waiting=Count("id", filter=~Q(waiting="")))
    )
    found = {user: Sent(n, waiting) for user, n, waiting in rows}
    return {user.id: found.get(user.id, Sent(0, 0)) for user in wanted}


def files_of(county: int, instance: UUID) -> dict[str, str]:
    """Return name → sha256 of every file that has come with an instance, whenever it came.

    An answer that names a file which came later than the record stands in the entry under that name.
    """
    return dict(SubmissionFile.objects.filter(county=county, submission=instance).values_list("name", "sha256"))
