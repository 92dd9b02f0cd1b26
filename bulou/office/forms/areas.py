"""What is asked when the tree of areas, or who answers for it, is changed."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bulou.areas.rules.tree import KIND_LENGTH, NAME_LENGTH
from bulou.office.forms.sheets import Day, Words

TIERS = (
    (1, _("First responsibility")),
    (2, _("Direct responsibility")),
    (3, _("Specific responsibility")),
    ("", _("None: works here in a role")),
)


class AddAreaForm(forms.Form):
    name = Words(label=_("Name"), max_length=NAME_LENGTH)
    kind = Words(
        label=_("What your county calls it"),
        max_length=KIND_LENGTH,
        help_text=_("For example 村, 社区, 组, 片区, 网格 or 楼."),
    )
    code = Words(
        label=_("Official code"),
        max_length=18,
        required=False,
        help_text=_("12 digits, if it has one. Leave it empty below the village: the next free number is given."),
    )


class RenameForm(forms.Form):
    name = Words(label=_("Name"), max_length=NAME_LENGTH)
    kind = Words(label=_("What your county calls it"), max_length=KIND_LENGTH)


class CloseForm(forms.Form):
    until = Day(label=_("First day on which it is no more"))


class AssignForm(forms.Form):
    """`roles` are offered beside what is typed: the words of the staffing templates."""

    tier = forms.TypedChoiceField(
        label=_("In which tier"), choices=TIERS, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    person = Words(label=_("Who"), max_length=80)
    role = Words(
        label=_("Role"),
        max_length=40,
        help_text=_(
            "As in the staffing template: 网格员, 小组长, 乡村医生. Duties of the village doctor go to 乡村医生."
        ),
    )
    unit = Words(label=_("Unit and post"), max_length=120, required=False)
    phone = Words(label=_("Phone"), max_length=40, required=False)
    since = Day(label=_("From which day"))


class EndForm(forms.Form):
    until = Day(label=_("First day on which they no longer answer"))


def starting(day: date) -> dict[str, Any]:
    """Return what a form about who answers begins with."""
    return {"since": day, "until": day, "tier": 3}
