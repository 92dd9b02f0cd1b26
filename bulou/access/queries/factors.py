"""The second factors of accounts: what there is, what is due, who could help."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator

from bulou.access.models import Account, Ask, AuditRow, FactorCode, Grant
from bulou.access.queries.holdings import all_roles, holdings_of
from bulou.access.queries.second import Asked, described, find_seconds
from bulou.access.rules import DEMANDS_SECOND_FACTOR, Holding, Wanted, can_manage, held_permissions
from bulou.core.divisions import ancestors_of

RESETS = ("reset_factor", "change_auditor")  # the acts of a second person that take one off


@dataclass(frozen=True, slots=True)
class Factor:
    """An account's second factor. `used_at`: when a recovery code of those it has now was last used."""

    since: datetime
    codes_left: int
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenCode:
    """A code that waits to be used: who made it, and how many wrong ones have been tried since."""

    made_by: str
    expires_at: datetime
    refused: int


def _left(data: Mapping[str, object]) -> int:
    brought = data.get("migrated_codes")
    if isinstance(brought, list):
        return len(brought)
    used = data.get("used_mask", 0)
    assert isinstance(used, int)
    return int(app_settings.RECOVERY_CODE_COUNT) - used.bit_count()


def codes_left(account: UUID) -> int:
    """Return how many recovery codes of the account are unused."""
    row = Authenticator.objects.filter(user_id=account, type=Authenticator.Type.RECOVERY_CODES).first()
    return _left(row.data) if row else 0


def find_factor(account: UUID) -> Factor | None:
    """Return the account's second factor; None if it has none."""
    rows = {row.type: row for row in Authenticator.objects.filter(user_id=account)}
    if (totp := rows.get(Authenticator.Type.TOTP)) is None:
        return None
    codes = rows.get(Authenticator.Type.RECOVERY_CODES)
    return Factor(totp.created_at, _left(codes.data) if codes else 0, codes.last_used_at if codes else None)


def must_enrol(account: UUID, now: datetime) -> bool:
    """Tell whether a role of the account demands a second factor that it has not. Demonstrations are not led there."""
    held = held_permissions(holdings_of(account, now))
    if not held & DEMANDS_SECOND_FACTOR or Account.objects.filter(id=account, demo=True).exists():
        return False
    return not Authenticator.objects.filter(user_id=account, type=Authenticator.Type.TOTP).exists()


def find_open_code(account: UUID, now: datetime) -> OpenCode | None:
    """Return the code that was made for the account and waits to be used, if there is one."""
    row = FactorCode.objects.filter(account_id=account, used_at=None, expires_at__gt=now).first()
    if row is None:
        return None
    refused = AuditRow.objects.filter(account=f"account:{account}", action="refuse_factor_code", at__gte=row.made_at)
    return OpenCode(row.made_by, row.expires_at, refused.count())


def open_resets(account: UUID, now: datetime) -> list[Asked]:
    """Return who asks for the account's second factor to be taken off and has not done it yet, the oldest first."""
    rows = Ask.objects.filter(act__in=RESETS, done_at=None, until__gt=now, asked__contains=str(account)).order_by("at")
    found = [described(row, now) for row in rows]
    this = {"account": str(account), "does": "factor"}  # other changes of an auditor's may name the account in words
    return [one for one in found if one.state in ("waits", "approved") and this.items() <= one.asked.items()]


def approvers_of(reset: Asked, now: datetime) -> frozenset[UUID]:
    """Return who can be the second person of a reset now: never whose factor it is."""
    wanted = Wanted(reset.act, reset.area, reset.by, reset.asked, reset.outside)
    return find_seconds(wanted, now).able


def managers_of(account: UUID, now: datetime) -> dict[UUID, str]:
    """Return, with their names, the others who can change the account now: usable, over it, with a second factor.

    Four queries, however many there are.
    """
    target = Account.objects.get(id=account)
    roles = all_roles()
    managing = [name for name, role in roles.items() if "manage_accounts" in role.permissions]
    over = Grant.objects.filter(role__in=managing, area__in=[*ancestors_of(target.area), target.area],
                                starts_at__lte=now, ends_at__gt=now)  # fmt: skip
    able = Account.objects.filter(
        id__in=over.values("account_id"), is_active=True, expires_at__gt=now,
        authenticator__type=Authenticator.Type.TOTP,
    ).exclude(id=account)  # fmt: skip
    names = {one.id: str(one) for one in able.order_by("username")}
    held: dict[UUID, list[Holding]] = {id_: [] for id_ in (*names, account)}
    for grant in Grant.objects.filter(account__in=list(held), starts_at__lte=now, ends_at__gt=now):
        if (role := roles.get(grant.role)) is not None:
            held[grant.account_id].append(
                Holding(grant.id, grant.role, grant.area, role.permissions, grant.starts_at, grant.ends_at)
            )
    return {id_: name for id_, name in names.items() if can_manage(held[id_], target.area, held[account])}
