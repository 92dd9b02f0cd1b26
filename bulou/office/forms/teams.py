"""What is asked when responders, teams, zones and a county's settings are kept."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bulou.office.forms.sheets import Day, Words
from bulou.rosters.words import stand_word

_stand = lazy(stand_word, str)
Choices = Iterable[tuple[str, str]]


def _offer(form: forms.Form, name: str, choices: Choices, empty: object = None) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [*([("", empty)] if empty is not None else []), *choices]


class TeamForm(forms.Form):
    name = Words(label=pgettext_lazy("of a thing", "Name"), max_length=100)
    labels = forms.MultipleChoiceField(
        label=_("What kind of team"),
        help_text=_("Several may be right."),
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    post = forms.ChoiceField(label=_("Post it stands at"), required=False)
    site = Words(label=_("or other site"), max_length=120, required=False)
    head_count = forms.IntegerField(
        label=_("People, where they are not listed by name"), min_value=0, max_value=100_000, required=False
    )
    minimum = forms.IntegerField(label=_("Fewest it should have"), min_value=1, max_value=1000, required=False)
    since = Day(label=_("From which day"))

    def __init__(self, *args: Any, labels: Choices, posts: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "labels", labels)
        _offer(self, "post", posts, "–")


class MembersForm(forms.Form):
    people = forms.MultipleChoiceField(label=_("Who joins"), widget=forms.SelectMultiple(attrs={"size": 10}))
    since = Day(label=_("From which day"))

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "people", people)


class LeadForm(forms.Form):
    lead = forms.ChoiceField(label=_("Who leads it"), required=False)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "lead", people, _("Nobody"))


class EndForm(forms.Form):
    until = Day(label=_("The first day it does not hold any more"))


class StandForm(forms.Form):
    sort = forms.ChoiceField(
        label=_("What it is"), choices=[(each, _stand(each)) for each in ("zone", "pioneer", "service")]
    )
    name = Words(label=pgettext_lazy("of a thing", "Name"), max_length=120)
    who = forms.ChoiceField(label=_("Who answers for it"), required=False)
    since = Day(label=_("From which day"))

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "who", people, "–")


class ResponderChangeForm(forms.Form):
    account = forms.ChoiceField(
        label=_("Account"), required=False,
        help_text=_("Rosters published from now on are owed by it. Without one the leader on duty checks them in."),
    )  # fmt: skip
    leave_cancelled = forms.BooleanField(label=_("Leave cancelled"), required=False)
    ended = forms.BooleanField(label=_("No longer in the register"), required=False)

    def __init__(self, *args: Any, accounts: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "account", accounts, _("None"))


class PartyForm(forms.Form):
    party = forms.BooleanField(label=_("Party membership is kept"), required=False)
    basis = Words(label=_("On what basis"), max_length=200)


class LabelsForm(forms.Form):
    """The county's own kinds of teams, one a line: a word, Chinese, English."""

    labels = forms.CharField(
        label=_("Own kinds of teams, one line each"), required=False,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        help_text=_("A short word, the Chinese name, the English name, such as: patrol 巡逻队 Patrol"),
    )  # fmt: skip
    basis = Words(label=_("On what basis"), max_length=200)

    def clean_labels(self) -> list[list[str]]:
        found = []
        for number, line in enumerate(self.cleaned_data["labels"].splitlines(), 1):
            parts = line.split(maxsplit=2)
            if not parts:
                continue
            if len(parts) < 2 or not parts[0].isascii() or not parts[0].replace("_", "").isalnum():
                raise forms.ValidationError(
                    _("Line %(number)d is not “word, Chinese name, English name”."), params={"number": number}
                )
            found.append([parts[0].lower()[:20], parts[1][:30], (parts[2] if len(parts) > 2 else parts[1])[:40]])
        return found
