"""The fields the office's own sheets are made of, and how an order is carried out from one."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bulou.access.forms import Day, Moment
from bulou.access.rules import Refusal
from bulou.access.words import refusal_text
from bulou.command.rules import Refused as OrderRefused
from bulou.command.words import say
from bulou.office.forms.purposes import choices, offered_purposes, read_purpose
from bulou.own_forms.rules import Refused as FormRefused
from bulou.own_forms.words import say as say_of_form
from bulou.people.actions import Refused
from bulou.people.words import refusal
from bulou.rosters.rules.registers import Refused as RosterRefused
from bulou.rosters.words import explain

__all__ = ["Day", "Moment", "PurposeForm", "Words", "carried_out"]


class Words(forms.CharField):
    """A line of text. Browsers do not offer what somebody else typed here before."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"autocomplete": "off"}


class PurposeForm(forms.Form):
    """What a list that leaves is needed for: by the law of looking at one person in full. `purpose` is what goes on
    record."""

    purpose = forms.ChoiceField(label=_("What is it needed for?"), choices=lambda: choices(offered_purposes()))
    words = Words(
        label=_("In words"), max_length=200, required=False,
        help_text=_("Your name and this purpose go on record. A purpose with … asks for words."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "purpose" in cleaned:
            try:
                cleaned["purpose"] = read_purpose(cleaned)
            except Refusal as refused:
                self.add_error("words", refusal_text(refused))
        return cleaned


def carried_out(form: forms.Form, order: Callable[[dict[str, Any]], object]) -> bool:
    """Tell whether the form was filled in rightly and the order given could be carried out. What was wrong stands on
    the form, in the language of the page."""
    if not form.is_valid():
        return False
    try:
        order(form.cleaned_data)
    except OrderRefused as refused:
        form.add_error(None, say(refused))
    except FormRefused as refused:
        form.add_error(None, say_of_form(refused))
    except Refused as refused:
        form.add_error(None, refusal(refused.code))
    except RosterRefused as refused:
        form.add_error(None, explain(refused))
    except (ValueError, LookupError) as problem:  # the areas' own say it in words
        form.add_error(None, str(problem))
    else:
        return True
    return False
