"""The fields the office's own sheets are made of, and how an order is carried out from one."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bulou.access.forms import Day, Moment
from bulou.command.rules import Refused as OrderRefused
from bulou.command.words import say
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
    """What a list that leaves is needed for."""

    purpose = Words(
        label=_("What is it needed for?"), max_length=200, help_text=_("Your name and this purpose go on record.")
    )


def carried_out(form: forms.Form, order: Callable[[dict[str, Any]], object]) -> bool:
    """Tell whether the form was filled in rightly and the order given could be carried out. What was wrong stands on
    the form, in the language of the page."""
    if not form.is_valid():
        return False
    try:
        order(form.cleaned_data)
    except OrderRefused as refused:
        form.add_error(None, say(refused))
    except Refused as refused:
        form.add_error(None, refusal(refused.code))
    except RosterRefused as refused:
        form.add_error(None, explain(refused))
    except (ValueError, LookupError) as problem:  # the areas' own say it in words
        form.add_error(None, str(problem))
    else:
        return True
    return False
