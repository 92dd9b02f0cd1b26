"""What is asked when posts, responders, teams and rosters are kept."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bulou.office.forms import behalf
from bulou.office.forms.sheets import Day, Moment, Words
from bulou.office.words import between
from bulou.rosters.rules.registers import TYPES, Demand
from bulou.rosters.words import ROLES, role_word, type_word

_type, _role = lazy(type_word, str), lazy(role_word, str)
PATTERNS = (
    ("07:00-15:00 15:00-23:00 23:00-07:00", _("Three turns of 8 hours: 07, 15, 23")),
    ("08:00-16:00 16:00-00:00 00:00-08:00", _("Three turns of 8 hours: 00, 08, 16")),
    ("08:00-20:00 20:00-08:00", _("Two turns of 12 hours: 08, 20")),
)


NEED = re.compile(r"(?P<role>\S.*?)(?:\s+(?P<count>\d+)(?:\s+(?P<hours>\S+))?)?")


def need_words() -> dict[str, str]:
    """Return what may stand in front of a need in the language of the page, by code: anybody, a leader on duty, a role."""
    return {"any": role_word(""), "lead": role_word("leader")} | {
        each: role_word(each) for each in ROLES if each != "leader"
    }


class PostForm(forms.Form):
    name = Words(label=pgettext_lazy("of a thing", "Name"), max_length=100)
    type = forms.ChoiceField(label=_("Type"), choices=[(each, _type(each)) for each in TYPES])
    place = Words(label=_("Place"), max_length=200, required=False)
    road = Words(label=_("Road"), max_length=100, required=False)


class NeedsForm(forms.Form):
    """One line a need: role, how many, from, to; leader."""

    needs = forms.CharField(
        label=_("Who must stand there, one line each"), required=False,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        help_text=_("Role, how many, from–to, as it stands here. Roles: %(roles)s."
                    " Without a line the post needs one person round the clock."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["needs"]
        field.help_text = str(field.help_text) % {"roles": between().join(need_words().values())}

    def clean_needs(self) -> tuple[Demand, ...]:
        found, codes = [], {word: code for code, word in need_words().items()}
        for number, line in enumerate(self.cleaned_data["needs"].splitlines(), 1):
            if not line.strip():
                continue
            parts = NEED.fullmatch(line.strip())
            # A county's own role is one word; what Bulou calls a role may be several.
            if parts is None or (" " in parts["role"] and parts["role"] not in codes):
                raise forms.ValidationError(
                    _("Line %(number)d is not “role, how many, from–to”."), params={"number": number}
                )
            role = codes.get(parts["role"], parts["role"])
            start, _dash, end = (parts["hours"] or "00:00-00:00").replace("–", "-").partition("-")
            leads = role == "lead"
            found.append(Demand("" if role == "any" or leads else role, int(parts["count"] or 1), start, end, leads))
        return tuple(found)


def needs_text(needs: Sequence[Demand]) -> str:
    """Return needs as NeedsForm reads them."""
    words = need_words()
    called = (words["lead"] if each.leads else words.get(each.role or "any", each.role) for each in needs)
    return "\n".join(f"{name} {each.count} {each.start}-{each.end}" for name, each in zip(called, needs, strict=True))


class ResponderForm(forms.Form):
    name = Words(label=_("Name"), max_length=60)
    phone = Words(label=_("Phone"), max_length=40, required=False)
    unit = Words(label=_("Unit"), max_length=120, required=False)
    system = Words(label=_("System"), max_length=40, required=False, help_text=_("Such as 公安, 卫健 or 政法."))
    position = Words(label=_("Position"), max_length=80, required=False)
    roles = forms.MultipleChoiceField(
        label=_("Can serve as"), required=False, choices=[(each, _role(each)) for each in ROLES],
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )  # fmt: skip
    party = forms.NullBooleanField(
        label=_("Party member"), required=False,
        widget=forms.Select(choices=[("unknown", _("Not known")), ("true", _("Yes")), ("false", _("No"))]),
    )  # fmt: skip

    def __init__(self, *args: Any, party: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not party:  # the column is not there at all until the county declares it
            del self.fields["party"]


class DraftForm(forms.Form):
    name = Words(label=_("Name of the roster"), max_length=100, required=False)
    first = Day(label=_("First day"))
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=31, initial=7)
    pattern = forms.ChoiceField(label=_("Turns"), choices=PATTERNS)
    posts = forms.MultipleChoiceField(
        label=_("Posts"), help_text=_("All of them, unless you choose."), required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )  # fmt: skip

    def __init__(self, *args: Any, posts: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["posts"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(posts)


class WhoForm(forms.Form):
    """Another responder for a turn. Without one, the turn is taken out, unless somebody is `needed`."""

    who = forms.ChoiceField(label=_("Who stands it"), required=False)

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]], needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["who"]
        assert isinstance(field, forms.ChoiceField)
        field.required = needed
        field.choices = [("", "–" if needed else _("Nobody: take the turn out")), *people]


class MusterForm(forms.Form):
    title = Words(label=_("Who is called back"), max_length=120)
    basis = Words(label=_("The document it rests on"), max_length=200)
    deadline = Moment(label=_("By when"))
    system = forms.ChoiceField(label=_("Whom"), required=False)

    def __init__(self, *args: Any, systems: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["system"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(systems)


class ContactForm(forms.Form):
    leader = Words(label=_("Leader"), max_length=60)
    position = Words(label=_("Position"), max_length=80, required=False)
    department = Words(label=_("Department"), max_length=120, required=False)
    township = forms.ChoiceField(label=_("or township"), required=False)
    since = Day(label=_("From which day"))

    def __init__(self, *args: Any, townships: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["township"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *townships]


class ReasonForm(forms.Form):
    reason = Words(
        label=_("Why it is published all the same"), max_length=200,
        help_text=_("It goes on record with the roster. Gaps stay listed until somebody fills them."),
    )  # fmt: skip


class ArrivedForm(forms.Form):
    why_not = Words(label=_("If they do not come: why"), max_length=200, required=False,
                    help_text=_("Leave it empty if they have arrived: only whoever leads at the post says so."))  # fmt: skip
    source = forms.ChoiceField(label=_("From what you know it"), choices=behalf.sources)


class OpenForm(forms.Form):
    """The order a post stands on."""

    basis = Words(label=_("The document it rests on"), max_length=200)
    place = Words(label=_("Place"), max_length=200)
    until = Day(label=_("Last day it may stand"))


class CloseForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[("lifted", _("Lifted")), ("order_ended", _("Its order has ended")), ("moved", _("Moved")),
                 ("merged", _("Merged with another"))],
    )  # fmt: skip
    basis = Words(label=_("The document it rests on"), max_length=200)
    road_open = forms.BooleanField(label=_("The road is open"), required=False, initial=True)
