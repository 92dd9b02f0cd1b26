"""What is asked before a list leaves as a file."""

from typing import TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from bulou.office.forms.sheets import PurposeForm

FORMS = (("xlsx", _("Excel (.xlsx)")), ("csv", _("Text (.csv)")))


class ListForm(PurposeForm):
    full = forms.BooleanField(
        label=_("Names, numbers and phones in full"),
        required=False,
        help_text=_("Otherwise they are masked. That they are in full goes on record too."),
    )


class RegisterForm(ListForm):
    form = forms.ChoiceField(label=_("Kind of file"), choices=FORMS, initial="xlsx")


F = TypeVar("F", bound=ListForm)


def offered(form: F, *, full: bool) -> F:
    """Return the form, asking for names in full only of whoever may see them so."""
    if not full:
        del form.fields["full"]
    return form
