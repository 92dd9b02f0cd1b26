"""Single changes of the tree: a grid more, another name, an end."""

from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bulou.areas.actions.tables import AREA, follow
from bulou.areas.models import Area as AreaTable
from bulou.areas.models import Change
from bulou.areas.rules.rows import check_code
from bulou.areas.rules.tree import KIND_LENGTH, NAME_LENGTH, Area, NoNumberLeft, next_local, parent_of
from bulou.core.divisions import code_of, county_of, depth_of, last_of
from bulou.store import insert, writing


def _get(number: int) -> AreaTable:
    row = AreaTable.objects.filter(number=number).first()
    if row is None:
        raise LookupError(_("There is no area %(code)s.") % {"code": code_of(number)})
    return row


def _note(number: int, what: str, before: str, after: str, by: str, at: datetime) -> None:
    Change.objects.create(number=number, at=at, by=by, what=what, before=before, after=after)


def _check_words(name: str, kind: str) -> None:
    for word, limit, title in (
        (name, NAME_LENGTH, pgettext("area", "name")),
        (kind, KIND_LENGTH, pgettext("area", "kind")),
    ):
        if not word:
            raise ValueError(_("The area's %(what)s is missing.") % {"what": title})
        if len(word) > limit:
            raise ValueError(
                _("The area's %(what)s has %(length)s characters; at most %(limit)s are kept.")
                % {"what": title, "length": len(word), "limit": limit}
            )


def add_area(
    parent: int, *, name: str, kind: str, by: str, at: datetime, code: str = "", since: date | None = None
) -> Area:
    """Add an area under the parent and return it: with its official code, or with the next free local number.

    `kind` is the county's own word for the level (组, 社, 片区, 网格, 楼). Raise LookupError if there is no such
    parent, ValueError if the words or the code are wrong, the parent is closed, or no local number is left under it.
    """
    name, kind = name.strip(), kind.strip()
    _check_words(name, kind)
    with writing(county_of(parent)):
        if _get(parent).until is not None:
            raise ValueError(_("%(code)s is closed: nothing can be added under it.") % {"code": code_of(parent)})
        number = _given(parent, code) if code else _next(parent)
        if not insert(AREA, [(number, name, kind, parent, depth_of(number), since, at)], returning="number"):
            raise ValueError(_("%(code)s is in the tree already.") % {"code": code_of(number)})
        _note(number, "added", "", f"{kind} {name}", by, at)
        follow([number])
    return Area(number, name, kind, since)


def _given(parent: int, code: str) -> int:
    number, _flaw = check_code(code)
    if number is None or parent_of(number) != parent:
        raise ValueError(
            _("%(code)s is not a code directly under %(parent)s.") % {"code": code, "parent": code_of(parent)}
        )
    return number


def _next(parent: int) -> int:
    taken = AreaTable.objects.filter(parent=parent, number__range=(parent + 1, last_of(parent)))
    try:
        return next_local(parent, set(taken.values_list("number", flat=True)))
    except NoNumberLeft as error:
        if not error.used:
            raise ValueError(_("There are only three levels below the village: nothing fits under %(code)s.")
                             % {"code": code_of(parent)}) from error  # fmt: skip
        raise ValueError(
            _("All %(used)s numbers under %(code)s are used. Put a level in between, such as 片区, and add it there.")
            % {"used": error.used, "code": code_of(parent)}
        ) from error


def rename(number: int, *, name: str, by: str, at: datetime, kind: str = "") -> None:
    """Give the area another name (and another word for its kind). What it was called before is kept in the changes."""
    name, kind = name.strip(), kind.strip()
    with writing(county_of(number)):
        row = _get(number)
        kind = kind or row.kind
        _check_words(name, kind)
        if (row.name, row.kind) != (name, kind):
            _note(number, "renamed", f"{row.kind} {row.name}", f"{kind} {name}", by, at)
            AreaTable.objects.filter(number=number).update(name=name, kind=kind)


def close(number: int, *, until: date, by: str, at: datetime) -> None:
    """End the area as of `until`, the first day on which it is no more. Its number is never used again.

    Raise ValueError if something under it is still open: whoever lives there must first have another place.
    """
    with writing(county_of(number)):
        row = _get(number)
        if row.until == until:
            return
        if row.since is not None and until < row.since:
            raise ValueError(_("%(name)s began on %(since)s and cannot end before it.")
                             % {"name": row.name, "since": row.since})  # fmt: skip
        still = Q(until__isnull=True) | Q(until__gt=until)
        below = AreaTable.objects.filter(still, number__range=(number + 1, last_of(number))).count()
        if below:
            raise ValueError(_("%(name)s still has %(count)s areas under it. Close them first.")
                             % {"name": row.name, "count": below})  # fmt: skip
        _note(number, "closed", str(row.until or ""), str(until), by, at)
        AreaTable.objects.filter(number=number).update(until=until)
        follow([number])
