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
from bulou.access.models import Account, Grant, Tries
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
        _lock(tried.own, tried.known)
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
        if gone := _lock(own, bool(browser)).get(own):
            Tries.objects.filter(_rows([own])).delete()
            if not browser:
                _fewer(own, gone.wrong)


def _lock(own: Place, known: bool) -> dict[Place, Tried]:
    """Hold what is counted of a try, always in the same order: two that held each other's would wait for ever."""
    return _standing([own] if known else [own, ("", own[1]), (own[0], "")], lock=True)


def _fewer(own: Place, by: int) -> None:
    around = _rows([("", own[1]), (own[0], "")])
    Tries.objects.filter(around).update(wrong=Greatest(F("wrong") - by, 0))


def note_wrong(tried: Try, *, account: UUID | None, at: datetime, code: bool = False) -> None:
    """Write down that the try was wrong: on record if it is an account's, and told to those who watch over it above a rate.

    What was typed as a name and is none is nowhere; all the same is asked and written for it, and taken back, so that the
    time tells nothing.
    """
    with transaction.atomic():
        _lock(tried.own, tried.known)
        Tries.objects.filter(_rows([tried.own])).update(wrong=F("wrong"))
        person, home = Account.objects.filter(id=account or NOBODY).values_list("id", "area").first() or (NOBODY, 0)
        top = Grant.objects.filter(account_id=person, starts_at__lte=at, ends_at__gt=at).order_by("area").first()
        area, who = top.area if top else home, author_of(person)
        with transaction.atomic():
            audit(by=who, at=at, action=WRONG[code], area=area, subject=who)
            _tell(tried, person, area, at)
            if person == NOBODY:
                transaction.set_rollback(True)


def _tell(tried: Try, account: UUID, area: int, at: datetime) -> None:
    """Tell those who watch over it, above a rate; counted from the tries, where names that nobody has stand too."""
    pace = rates_on(paces(), day_of(at))
    name, _place = tried.own
    window = pace.told_account
    wrong, places = _lately(Q(name=name) & ~Q(place=""), "place", at - window.span)
    if wrong > window.most:
        Account.objects.select_for_update().filter(id=account).values_list("id").first()  # one at a time
        tell([area], account=author_of(account), action="sign_in_failed", within=wrong, more=1, minutes=window.minutes,
             at=at, others=places)  # fmt: skip
    window = pace.told_address
    wrong, names = _lately(Q(place=tried.address) & ~Q(name=""), "name", at - window.span)
    if wrong > window.most:
        Tries.objects.select_for_update().filter(_rows([("", tried.address)])).values_list("wrong").first()
        tell([county_area(county_of(area))], account=f"address:{tried.address[:12]}", action="sign_in_spread",
             within=wrong, more=1, minutes=window.minutes, at=at, others=names)  # fmt: skip


def _lately(where: Q, each: str, since: datetime) -> tuple[int, int]:
    """Return how many tries were wrong since then, and from how many places, or of how many names."""
    rows = Tries.objects.filter(where, wrong__gt=0, at__gt=since)
    found = rows.aggregate(wrong=Sum("wrong", default=0), many=Count(each))
    return found["wrong"], found["many"]
