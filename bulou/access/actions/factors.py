"""The second factor: set up with a code somebody else handed over, moved by itself, taken off by two people.

A password alone never comes near it. What ends here ends every session of the account.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.db.models import F

from bulou.access.actions.audit import audit
from bulou.access.actions.authority import author_of, check_may_manage
from bulou.access.actions.second import is_watching, need, need_for_account
from bulou.access.models import Account, Ask, FactorCode
from bulou.access.queries.accounts import has_second_factor, is_usable
from bulou.access.queries.authors import account_of
from bulou.access.queries.factors import approvers_of, codes_left, managers_of, open_resets
from bulou.access.queries.holdings import history_of
from bulou.access.queries.second import fitting
from bulou.access.rules import NeedsSecond, Refusal, Wanted
from bulou.access.rules.second import is_powerful, watches
from bulou.core.divisions import depth_of
from bulou.core.ids import PLAIN, new_secret

CODE_LASTS = timedelta(hours=12)  # a shift: whoever gets it on paper is at their own machine within it
CODE_LENGTH = 16  # letters and digits, 79 bits: a hash of it in a stolen copy is not guessed while it lasts
CONSOLE = "system:console"


def _locked(account: UUID) -> Account:
    found = Account.objects.select_for_update().filter(id=account).first()
    if found is None:
        raise LookupError("there is no such account")
    return found


def _digest(account: UUID, code: str) -> str:
    plain = "".join(letter for letter in code.lower() if letter in PLAIN)
    return sha256(f"{account}:{plain}".encode()).hexdigest()


def _check_stands(by: str, at: datetime, target: Account) -> None:
    """Raise Refusal unless who did something about the account before could still do it now."""
    author = account_of(by)
    if author is not None and not is_usable(author, at):
        raise Refusal("area_not_held")
    check_may_manage(by, at, target)


def _write(action: str, target: Account, by: str, at: datetime, purpose: str = "", **detail: object) -> None:
    audit(by=by, at=at, action=action, area=target.area, subject=author_of(target.id), purpose=purpose, detail=detail)


def _end_sessions(target: Account) -> None:
    Account.objects.filter(id=target.id).update(sessions_ended=F("sessions_ended") + 1)


@transaction.atomic
def make_factor_code(*, account: UUID, by: str, at: datetime) -> str:
    """Make the code with which the account may set its second factor up, once and within CODE_LASTS; return it.

    Whoever makes it hands it over in person: it is shown once and kept as a hash. Codes made before are void. For an
    auditor's account it takes two people: NeedsSecond. Raise Refusal `own_account`, `factor_there`, `no_outsider`, or
    those of check_manage.
    """
    target = _locked(account)
    if by == author_of(account):
        raise Refusal("own_account")
    check_may_manage(by, at, target)
    if has_second_factor(account):
        raise Refusal("factor_there")
    need_for_account("", target, by=by, at=at, asked={"does": "code"})
    code = new_secret(CODE_LENGTH)
    FactorCode.objects.filter(account=target, used_at=None).delete()
    FactorCode.objects.create(digest=_digest(account, code), account=target, made_by=by, made_at=at,
                              expires_at=at + CODE_LASTS)  # fmt: skip
    _write("make_factor_code", target, by, at, until=(at + CODE_LASTS).isoformat())
    return code


def _standing(digest: str, target: Account, at: datetime) -> FactorCode | None:
    """Return the code if it is of the account, unused, not too old, and its maker could still make it."""
    code = FactorCode.objects.filter(digest=digest, account=target, used_at=None, expires_at__gt=at).first()
    if code is None:
        return None
    try:
        _check_stands(code.made_by, at, target)
    except Refusal:
        return None
    return code


def factor_code_stands(*, account: UUID, digest: str, at: datetime) -> bool:
    """Tell whether the account may set its second factor up with the code of this hash now."""
    target = Account.objects.filter(id=account).first()
    return target is not None and _standing(digest, target, at) is not None


def try_factor_code(*, account: UUID, code: str, at: datetime) -> str:
    """Return the hash of the code to set the factor up with. A wrong one is on record: raise Refusal `factor_code`."""
    with transaction.atomic():
        target, digest = _locked(account), _digest(account, code)
        right = _standing(digest, target, at) is not None
        if not right:
            _write("refuse_factor_code", target, author_of(account), at)
    if not right:  # said outside: what was written stays
        raise Refusal("factor_code")
    return digest


@transaction.atomic
def enrol_factor(*, account: UUID, secret: str, digest: str, at: datetime) -> list[str]:
    """Set the account's second factor up and use the code up; return its recovery codes, which are never shown again.

    `secret` is what the authenticator app was given (base32). Every session ends: keep the one at hand. Raise Refusal
    `factor_there`, or `factor_code` if the code does not stand any more. The accounts of a demonstration need none.
    """
    target = _locked(account)
    if has_second_factor(account):
        raise Refusal("factor_there")
    if not target.demo:
        code = _standing(digest, target, at)
        # Whoever marks it used wins: two browsers with one code set up one factor.
        if code is None or not FactorCode.objects.filter(digest=code.digest, used_at=None).update(used_at=at):
            raise Refusal("factor_code")
    Authenticator.objects.filter(user=target).delete()
    TOTP.activate(target, secret)
    codes = _new_codes(target)
    _end_sessions(target)
    _write("enrol_factor", target, author_of(account), at)
    return codes


@transaction.atomic
def move_factor(*, account: UUID, secret: str, at: datetime) -> None:
    """Put another authenticator app in the place of the one there is; the door asked for that one's code just before.

    Every session ends: keep the one at hand. Raise Refusal `no_factor`.
    """
    target = _locked(account)
    if not Authenticator.objects.filter(user=target, type=Authenticator.Type.TOTP).delete()[0]:
        raise Refusal("no_factor")
    TOTP.activate(target, secret)
    _end_sessions(target)
    _write("move_factor", target, author_of(account), at)


@transaction.atomic
def make_recovery_codes(*, account: UUID, at: datetime) -> list[str]:
    """Make new recovery codes and return them; the old ones stop working. Raise Refusal `no_factor`."""
    target = _locked(account)
    if not has_second_factor(account):
        raise Refusal("no_factor")
    codes = _new_codes(target)
    _write("make_recovery_codes", target, author_of(account), at)
    return codes


def _new_codes(target: Account) -> list[str]:
    Authenticator.objects.filter(user=target, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(target).generate_codes()
    return codes


def record_recovery_code(*, account: UUID, at: datetime) -> None:
    """Write into the audit, in the transaction that marks it used, that one of the account's recovery codes was used."""
    target = Account.objects.get(id=account)
    _write("use_recovery_code", target, author_of(account), at, left=codes_left(account))


@transaction.atomic
def reset_factor(*, account: UUID, by: str, at: datetime, reason: str) -> None:
    """Take the second factor off somebody whose phone is lost: asked for by one, approved by another, never by one alone.

    Where nobody could approve, the ask waits for the machine's console (stand_in). Raise NeedsSecond, or Refusal
    `own_account`, `no_factor`, `no_word`, `no_outsider`, or those of check_manage.
    """
    target = _locked(account)
    if by == author_of(account):
        raise Refusal("own_account")
    check_may_manage(by, at, target)
    if not has_second_factor(account):
        raise Refusal("no_factor")
    if not (said := " ".join(reason.split())):
        raise Refusal("no_word")
    wanted = _wanted(target, said, by, at)
    if not wanted.outside and not fitting(wanted, at):
        raise NeedsSecond(wanted)
    need(wanted.act, area=wanted.area, asked=wanted.asked, by=by, at=at, outside=wanted.outside)
    _take_off(target, by, at, said)


def _wanted(target: Account, reason: str, by: str, at: datetime) -> Wanted:
    """Return what is asked for: over the widest area of what the account may do to others; of an auditor, from outside."""
    history = history_of(target.id)
    held = [holding for holding in history if holding.ends_at > at]
    watching = [holding for holding in history if watches(holding, at)]
    wide = [holding.area for holding in watching or held if watching or is_powerful(holding)]
    said = {"account": str(target.id), "username": target.username, "name": target.display_name, "does": "factor",
            "reason": reason}  # fmt: skip
    area = min(wide, key=depth_of, default=target.area)
    return Wanted("change_auditor" if watching else "reset_factor", area, by, said, bool(watching))


@transaction.atomic
def refuse_own_reset(*, account: UUID, at: datetime) -> None:
    """Let the account, signed in with its second factor, refuse that it be taken off. Raise LookupError if nobody asks."""
    target, by = _locked(account), author_of(account)
    asked = [one.id for one in open_resets(account, at)]
    changed = Ask.objects.filter(id__in=asked, done_at=None).update(
        answered_at=at, answered_by=by, approved=False, until=at, word=""
    )
    if not changed:
        raise LookupError("nobody asks for this")
    _write("refuse_factor_reset", target, by, at)


def _take_off(target: Account, by: str, at: datetime, reason: str = "") -> None:
    Authenticator.objects.filter(user=target).delete()
    FactorCode.objects.filter(account=target, used_at=None).delete()
    _end_sessions(target)
    _write("forget_second_factor", target, by, at, reason)


@transaction.atomic
def stand_in(*, account: UUID, at: datetime) -> str:
    """Be, at the machine's console, the person who is missing; return a code to set the second factor up with.

    Without a factor, that is whoever could make the code. With one, it is the second person of a reset: one manager
    asks on the page and nobody there could approve, so the console does; where there is no other manager at all, and
    for an auditor, it does both. Raise Refusal `ask_managers` where there are people enough.
    """
    target = _locked(account)
    # Nobody whom an auditor watches is asked about them.
    others = {} if is_watching(account, at) else managers_of(account, at)
    if has_second_factor(account):
        asked = open_resets(account, at)
        alone = [one for one in asked if account_of(one.by) in others and not approvers_of(one, at)]
        if others and not alone:
            raise Refusal("ask_managers", names="、".join(others.values()))
        Ask.objects.filter(id__in=[one.id for one in asked]).update(
            answered_at=at, answered_by=CONSOLE, approved=True, done_at=at
        )
        _take_off(target, CONSOLE, at)
    elif others:
        raise Refusal("ask_managers", names="、".join(others.values()))
    return make_factor_code(account=account, by=CONSOLE, at=at)
