"""Who there is, within the bound scope."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet
from django.utils.translation import get_language, gettext, gettext_noop

from bulou.access.models import Account, AuditRow, Grant, SetupKey
from bulou.access.queries.holdings import all_roles
from bulou.access.rules import Refusal, Role
from bulou.access.rules.second import FRESH
from bulou.core.divisions import county_of
from bulou.core.scope import visible, visible_within

PAGE = 50
UNUSED = timedelta(days=30)  # an account nobody has used for this long is looked at again
ENDING = timedelta(days=7)  # a grant that ends this soon is extended or let go


@dataclass(frozen=True, slots=True)
class GrantRow:
    id: UUID
    role: str
    area: int
    starts_at: datetime
    ends_at: datetime
    given_by: str
    revoked_by: str

    def live(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as a list shows it. The phone is whole: the page masks it. `grants` are the live ones."""

    id: UUID
    username: str
    display_name: str
    phone: str
    area: int
    is_active: bool
    expires_at: datetime
    must_change_password: bool
    created_at: datetime
    last_login: datetime | None
    second_factor: bool = False
    grants: list[GrantRow] = field(default_factory=list)

    def usable(self, now: datetime) -> bool:
        return self.is_active and now < self.expires_at


def _in_scope() -> QuerySet[Account]:
    where = Q(pk__in=[])
    for low, high in visible():
        where |= Q(area__range=(low, high))
    return Account.objects.filter(where)


def _row(grant: Grant) -> GrantRow:
    return GrantRow(grant.id, grant.role, grant.area, grant.starts_at, grant.ends_at, grant.given_by, grant.revoked_by)


def _rows(accounts: Iterable[Account], now: datetime) -> list[AccountRow]:
    """Return rows with grants and second factors: three queries, however many accounts."""
    accounts = list(accounts)
    ids = [account.id for account in accounts]
    grants: dict[UUID, list[GrantRow]] = {id_: [] for id_ in ids}
    for grant in Grant.objects.filter(account__in=ids, starts_at__lte=now, ends_at__gt=now).order_by("area", "role"):
        grants[grant.account_id].append(_row(grant))
    factors = set(
        Authenticator.objects.filter(user__in=ids, type=Authenticator.Type.TOTP).values_list("user_id", flat=True)
    )
    return [
        AccountRow(a.id, a.username, a.display_name, a.phone, a.area, a.is_active, a.expires_at, a.must_change_password,
                   a.created_at, a.last_login, a.id in factors, grants[a.id])
        for a in accounts
    ]  # fmt: skip


def list_accounts(now: datetime, *, words: str = "", role: str = "", after: str = "") -> list[AccountRow]:
    """Return up to PAGE accounts that live in the bound scope, by user name, beginning after the user name `after`.

    `words` must occur in the user name or the name; `role` must be held by a live grant.
    """
    accounts = _in_scope().filter(username__gt=after).order_by("username")
    if words:
        accounts = accounts.filter(Q(username__icontains=words) | Q(display_name__icontains=words))
    if role:
        held = Grant.objects.filter(role=role, starts_at__lte=now, ends_at__gt=now)
        accounts = accounts.filter(pk__in=held.values("account_id"))
    return _rows(accounts[:PAGE], now)


def get_account(account: UUID, now: datetime) -> AccountRow:
    """Return an account that lives in the bound scope. Raise LookupError if there is none."""
    rows = _rows(_in_scope().filter(id=account), now)
    if not rows:
        raise LookupError("there is no such account here")
    return rows[0]


WRITERS = {  # who is no account
    "system": gettext_noop("The system"),
    "import": gettext_noop("Import"),
    "drill": gettext_noop("Rehearsal"),
}
REHEARSED = {"desk": "county_desk", "doctor": "village_doctor", "post": "post_staff", "worker": "grid_worker"}


def grants_of(account: UUID) -> list[GrantRow]:
    """Return every grant the account ever had, newest first. Ask get_account first: this does not look at scope."""
    return [_row(grant) for grant in Grant.objects.filter(account_id=account).order_by("-given_at", "-id")]


def find_account(username: str) -> UUID | None:
    """Return the account of this user name, whatever the scope: signing in comes before any."""
    return Account.objects.filter(username=username.strip().lower()).values_list("id", flat=True).first()


@dataclass(frozen=True, slots=True)
class Signing:
    """An account that signs in; `sessions` changes whenever all its sessions end."""

    pk: UUID
    sessions: str


def find_signing(username: str) -> Signing | None:
    """Return the account of this user name as a browser that knows it does. Not scoped."""
    account = Account.objects.filter(username=username).first()
    return Signing(account.id, account.get_session_auth_hash()) if account else None


def is_usable(account: UUID, now: datetime) -> bool:
    """Tell whether the account is neither closed nor over. Not scoped: scope follows from it."""
    return Account.objects.filter(id=account, is_active=True, expires_at__gt=now).exists()


def has_second_factor(account: UUID) -> bool:
    return bool(Authenticator.objects.filter(user_id=account, type=Authenticator.Type.TOTP).exists())


def names_of(authors: Iterable[str]) -> dict[str, str]:
    """Return what a person reads for these authors and owners, by author, in the language of the page. Not scoped: who
    wrote an entry one may read is part of the entry. At most two queries.

    An account has its name, "role:<name>" the role's title; what this program wrote itself (system, import, rehearsal)
    says so. Others, and accounts that are not there, are left out.
    """
    ids, named, authors = {}, {}, set(authors)
    roles = role_names(get_language() or "zh-hans") if any(not a.startswith("account:") for a in authors) else {}
    for author in authors:
        sort, _colon, rest = author.partition(":")
        if sort == "account":
            with suppress(ValueError):
                ids[UUID(rest)] = author
        elif sort == "role" and rest in roles:
            named[author] = roles[rest]
        elif sort in WRITERS:
            plays = rest.partition("-")[0] if sort == "drill" else ""
            role = roles.get(REHEARSED.get(plays, plays), "")
            named[author] = f"{gettext(WRITERS[sort])} · {role}" if role else gettext(WRITERS[sort])
    rows = Account.objects.filter(id__in=list(ids)).values_list("id", "display_name", "username") if ids else ()
    return named | {ids[id_]: display_name or username for id_, display_name, username in rows}


def recertification(now: datetime) -> list[tuple[AccountRow, list[str]]]:
    """Return the accounts of the bound scope that somebody should look at this week, each with the reasons as codes.

    never_used, unused (30 days), grant_ending (7 days), expiring (7 days), no_grant.
    """
    soon = now + ENDING
    ending = Grant.objects.filter(starts_at__lte=now, ends_at__gt=now, ends_at__lte=soon).values("account_id")
    held = Grant.objects.filter(starts_at__lte=now, ends_at__gt=now).values("account_id")
    due = _in_scope().filter(is_active=True, expires_at__gt=now).filter(
        Q(last_login__isnull=True, created_at__lte=now - ENDING) | Q(last_login__lte=now - UNUSED)
        | Q(expires_at__lte=soon) | Q(pk__in=ending) | ~Q(pk__in=held)
    )  # fmt: skip
    return [(row, _reasons(row, now)) for row in _rows(due.order_by("username")[: 10 * PAGE], now)]


def _reasons(row: AccountRow, now: datetime) -> list[str]:
    found = []
    if row.last_login is None and row.created_at <= now - ENDING:
        found.append("never_used")
    if row.last_login is not None and row.last_login <= now - UNUSED:
        found.append("unused")
    if any(grant.ends_at <= now + ENDING for grant in row.grants):
        found.append("grant_ending")
    if row.expires_at <= now + ENDING:
        found.append("expiring")
    if not row.grants:
        found.append("no_grant")
    return found


def role_names(language: str) -> dict[str, str]:
    """Return what each role is called in the language ("zh-hans" or "en")."""
    return {name: _title(role, language) for name, role in all_roles().items()}


def _title(role: Role, language: str) -> str:
    return role.zh if language.startswith("zh") else role.en


def setup_is_open(now: datetime) -> bool:
    """Tell whether nobody can manage accounts here, so that the first account must be made from the console."""
    managing = {name for name, role in all_roles().items() if "manage_accounts" in role.permissions}
    return not Grant.objects.filter(
        role__in=managing, ends_at__gt=now, account__is_active=True, account__expires_at__gt=now
    ).exists()


def find_setup_key(digest: str, now: datetime) -> bool:
    return SetupKey.objects.filter(digest=digest, used_at__isnull=True, expires_at__gt=now).exists()


def find_usable(account: UUID, now: datetime) -> str | None:
    """Return the name of an account that may act at the moment, None if it was disabled, ended or never was. Unscoped."""
    row = Account.objects.filter(id=account, is_active=True, expires_at__gt=now).first()
    return str(row) if row else None


@dataclass(frozen=True, slots=True)
class Recorder:
    """An account with live grants of a permission: its roles that carry it, and their areas within the bound scope."""

    account: UUID
    name: str
    roles: tuple[str, ...]
    areas: tuple[int, ...]


def recorders(area: int, now: datetime, permission: str = "record") -> list[Recorder]:
    """Return the usable accounts that hold the permission somewhere under the area, by name. Two queries."""
    carrying = {name for name, role in all_roles().items() if permission in role.permissions}
    where = Q(pk__in=[])
    for low, high in visible_within(area):
        where |= Q(area__range=(low, high))
    live = Grant.objects.filter(where, role__in=carrying, starts_at__lte=now, ends_at__gt=now)
    found: dict[UUID, tuple[str, set[str], set[int]]] = {}
    for grant in live.filter(account__is_active=True, account__expires_at__gt=now).select_related("account"):
        _name, roles, areas = found.setdefault(grant.account_id, (str(grant.account), set(), set()))
        roles.add(grant.role)
        areas.add(grant.area)
    rows = [
        Recorder(id_, name, tuple(sorted(roles)), tuple(sorted(areas))) for id_, (name, roles, areas) in found.items()
    ]
    return sorted(rows, key=lambda row: (row.name, row.account.int))


RESETS = ("set_password", "forget_second_factor", "reset_second_factor")
TOLD = timedelta(days=30)  # for so long an account reads that somebody else reset it


@dataclass(frozen=True, slots=True)
class Reset:
    """That somebody else gave the account a password, or took its second factor away."""

    at: datetime
    by: str
    action: str


def resets_of(account: UUID, now: datetime) -> list[Reset]:
    """Return what others reset of the account of late, the latest first. Not scoped: it is told to the account itself."""
    home = Account.objects.filter(id=account).values_list("area", flat=True).first()
    author = f"account:{account}"
    if home is None:
        return []
    rows = AuditRow.objects.filter(county=county_of(home), subject=author, action__in=RESETS, at__gt=now - TOLD)
    return [Reset(*row) for row in rows.exclude(account=author).order_by("-at").values_list("at", "account", "action")]


def check_own_word(account: UUID, by: str, now: datetime) -> None:
    """Raise Refusal unless what the account says, signed in, is its person's word and not somebody else's, over `by`.

    `password_given`: they sign in with a password that a manager gave them. `reset_by_same`: `by`, whom it speaks for or
    against (who enrolled the phone), reset it within FRESH, and can have signed in instead of them.
    """
    if Account.objects.filter(id=account, must_change_password=True).exists():
        raise Refusal("password_given")
    if any(one.by == by and one.at > now - FRESH for one in resets_of(account, now)):
        raise Refusal("reset_by_same")
