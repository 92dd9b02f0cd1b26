"""Tries of passwords and codes: counted before anybody looks whether they are right, by name and place (docs/adr/0020).

So hundreds sent at once are as many as hundreds one after the other. What was right is taken back; a whole sign-in
clears the name at that place. A try before its time is refused without a look, and costs one read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Greatest

from bulou.access.actions.alerts import tell
from bulou.access.actions.audit import audit
from bulou.access.actions.authority import author_of
from bulou.access.models import Account, AuditRow, Grant, Tries
from bulou.access.rules import Pace, Slowing, TooSoon, Tried, check_try, forgotten_at, one_more, rates_on
from bulou.access.trying import mark, paces
from bulou.core.divisions import county_area, county_of
from bulou.core.moments import day_of

Place = tuple[str, str]  # the marks of a name and of where it is tried from; "" for all
NOBODY = UUID(int=0)
WRONG = ("sign_in_failed", "code_failed")


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was counted and may be looked at. `before`: how the name stood at this place; None: never tried."""

    own: Place
    address: str  # its mark
    known: bool  # in a browser that knows the name
    before: Tried | None
    counted: int  # how many wrong ones it makes, should it be one
    at: datetime


def _own(name: str, source: str, browser: str) -> Place:
    return mark("name", name), mark("browser", browser) if browser else mark("address", source)


def _around(own: Place, browser: str, pace: Pace) -> dict[Place, Slowing]:
    """Return what else is counted; nobody but the browser itself slows down one that knows the name."""
    name, place = own
    return {} if browser else {("", place): pace.address, (name, ""): pace.account}


def _rows(places: Iterable[Place]) -> Q:
    where = Q()
    for name, place in places:
        where |= Q(name=name, place=place)
    return where


def _standing(places: Iterable[Place], *, lock: bool = False) -> dict[Place, Tried]:
    rows = Tries.objects.filter(_rows(places)).order_by("name", "place")
    if lock:
        rows = rows.select_for_update()
    return {(name, place): Tried(n, at) for name, place, n, at in rows.values_list("name", "place", "wrong", "at")}


def begin_try(*, name: str, source: str, browser: str = "", at: datetime) -> Try:
    """Count a try of the name (whether anybody has it or not) from the address, or in a browser that knows it.

    Say afterwards what it was: `take_back` if it was right, `note_wrong` if not. Raise TooSoon, and count nothing, if the
    last one is not long enough ago: then nobody may look whether it is right.
    """
    pace = rates_on(paces(), day_of(at))
    own = _own(name, source, browser)
    slowing = pace.browser if browser else pace.pair
    around = _around(own, browser, pace)
    asked = sorted([own, *around])
    _check(_standing(asked), own, slowing, around, at)
    with transaction.atomic():
        Tries.objects.bulk_create(
            [_none_yet(place, at, {own: slowing, **around}[place]) for place in asked], ignore_conflicts=True
        )
        held = _standing(asked, lock=True)  # one after the other, whichever worker serves them
        if held.get(own) == Tried(0, at):
            del held[own]  # it was written just now
        before = held.get(own)
        try:
            _check(held, own, slowing, around, at)
        except TooSoon as refused:
            late = refused
        else:
            for key, theirs in {own: slowing, **around}.items():
                after = one_more(held.get(key), theirs, at)
                Tries.objects.filter(_rows([key])).update(
                    wrong=after.wrong, at=at, forgotten_at=forgotten_at(after, theirs)
                )
            counted = one_more(before, slowing, at).wrong
            return Try(own, mark("address", source), bool(browser), before, counted, at)
    raise late


def _check(held: dict[Place, Tried], own: Place, slowing: Slowing, around: dict[Place, Slowing], at: datetime) -> None:
    """Raise TooSoon; who was never here before is written down, so that their waiting begins now and not every time."""
    try:
        check_try(held.get(own), slowing, [(held.get(key), theirs) for key, theirs in around.items()], at)
    except TooSoon:
        if own not in held:
            Tries.objects.bulk_create([_none_yet(own, at, slowing)], ignore_conflicts=True)
        raise


def _none_yet(place: Place, at: datetime, slowing: Slowing) -> Tries:
    return Tries(name=place[0], place=place[1], wrong=0, at=at, forgotten_at=forgotten_at(Tried(0, at), slowing))


def take_back(tried: Try) -> None:
    """Let a try that was right count for nothing, as if it had not been."""
    own, before = Tries.objects.filter(_rows([tried.own])), tried.before
    with transaction.atomic():
        alone = own.filter(at=tried.at, wrong=tried.counted)  # nobody else has tried meanwhile
        done = alone.update(wrong=before.wrong, at=before.at) if before else alone.delete()[0]
        if not done:
            own.update(wrong=Greatest(F("wrong") - 1, 0))
        if not tried.known:
            _fewer(tried.own, 1)


def clear_tries(*, name: str, source: str, browser: str = "") -> None:
    """Forget the wrong tries of a name at this place: it has signed in, second factor and all."""
    own = _own(name, source, browser)
    with transaction.atomic():
        gone = Tries.objects.select_for_update().filter(_rows([own])).values_list("wrong", flat=True).first()
        if gone is not None:
            Tries.objects.filter(_rows([own])).delete()
            if not browser:
                _fewer(own, gone)


def _fewer(own: Place, by: int) -> None:
    around = _rows([("", own[1]), (own[0], "")])
    Tries.objects.filter(around).update(wrong=Greatest(F("wrong") - by, 0))


def note_wrong(tried: Try, *, account: UUID | None, at: datetime, code: bool = False) -> None:
    """Write down that the try was wrong: on record if it is an account's, and told to those who watch over it above a rate.

    What was typed as a name and is none is nowhere; as much is asked and written for it, so that the time tells nothing.
    """
    with transaction.atomic():
        Tries.objects.filter(_rows([tried.own])).update(wrong=F("wrong"))
        account = account or NOBODY
        person = Account.objects.filter(id=account).values_list("id", "area").first()
        top = Grant.objects.filter(account_id=account, starts_at__lte=at, ends_at__gt=at).order_by("area").first()
        if person is None:
            return
        area = top.area if top else person[1]
        audit(by=author_of(person[0]), at=at, action=WRONG[code], area=area, subject=author_of(person[0]))
        _tell(tried, person[0], area, at)


def _tell(tried: Try, account: UUID, area: int, at: datetime) -> None:
    pace = rates_on(paces(), day_of(at))
    name, _place = tried.own
    window, who = pace.told_account, author_of(account)
    within = AuditRow.objects.filter(account=who, action__in=WRONG, at__gt=at - window.span).count()
    if within > window.most:
        Account.objects.select_for_update().filter(id=account).values_list("id").first()
        places = Tries.objects.filter(name=name, wrong__gt=0, at__gt=at - window.span).exclude(place="").count()
        tell([area], account=who, action="sign_in_failed", within=within, more=1, minutes=window.minutes, at=at,
             others=places)  # fmt: skip
    window = pace.told_address
    names = Tries.objects.filter(place=tried.address, wrong__gt=0, at__gt=at - window.span).exclude(name="")
    wrong, many = names.aggregate(wrong=Sum("wrong", default=0), many=Count("name")).values()
    if wrong > window.most:
        Tries.objects.select_for_update().filter(_rows([("", tried.address)])).values_list("wrong").first()
        tell([county_area(county_of(area))], account=f"address:{tried.address[:12]}", action="sign_in_spread",
             within=wrong, more=1, minutes=window.minutes, at=at, others=many)  # fmt: skip
