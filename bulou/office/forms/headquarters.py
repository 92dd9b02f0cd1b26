"""What is asked when headquarters declares something or seats somebody."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from bulou.command.rules import HIGHEST, LOWEST, STOOD_DOWN, Seat
from bulou.command.words import level_word, seat_word
from bulou.office.forms.sheets import Day, Words

_level, _seat = lazy(level_word, str), lazy(seat_word, str)
LEVELS = [(level, _level(level)) for level in (*range(HIGHEST, LOWEST + 1), STOOD_DOWN)]
SEATS = [(seat.value, _seat(seat)) for seat in Seat]


class _Basis(Words):
    """The document a declaration rests on."""

    def __init__(self, *, required: bool = True) -> None:
        super().__init__(
            label=_("The document it rests on"), max_length=200, required=required,
            help_text=_("Its number or title, such as 镇坪县指挥部令第1号."),
        )  # fmt: skip


class OpenForm(forms.Form):
    name = Words(label=_("Name of the incident"), max_length=120)
    disease = Words(label=_("Disease"), max_length=120)
    opened_on = Day(label=_("First day"))
    basis = _Basis(required=False)


class LevelForm(forms.Form):
    level = forms.TypedChoiceField(label=_("Response level"), choices=LEVELS, coerce=int, widget=forms.RadioSelect)
    since = Day(label=_("From which day"))
    basis = _Basis()


class CloseForm(forms.Form):
    closed_on = Day(label=_("Last day"))
    basis = _Basis()


class WordForm(forms.Form):
    basis = _Basis()


class ReopenForm(forms.Form):
    level = forms.TypedChoiceField(label=_("Response level"), choices=LEVELS[:-1], coerce=int)
    basis = _Basis()


class UnitForm(forms.Form):
    name = Words(label=_("Name"), max_length=80)


class AppointForm(forms.Form):
    seat = forms.ChoiceField(label=_("Seat"), choices=SEATS)
    unit = forms.ChoiceField(
        label=_("Group"), required=False, help_text=_("For a lead or a member. Commander and deputies are in no group.")
    )
    person = Words(label=_("Who"), max_length=60)
    post = Words(label=_("Post"), max_length=120, required=False, help_text=_("Such as 县委常委、副县长."))
    since = Day(label=_("From which day"))
    basis = _Basis(required=False)

    def __init__(self, *args: Any, units: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", _("The headquarters itself")), *units]  # type: ignore[attr-defined]


class EndForm(forms.Form):
    until = Day(label=_("First day on which it no longer holds"))


class RuleSetForm(forms.Form):
    name = forms.ChoiceField(label=_("Rule set"))
    since = Day(label=_("From which day"))
    basis = _Basis()

    def __init__(self, *args: Any, sets: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].choices = list(sets)  # type: ignore[attr-defined]
