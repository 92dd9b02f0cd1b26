"""What is asked about a county's own form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bulou.office.forms.sheets import Words


class WithdrawForm(forms.Form):
    why = Words(label=_("Why it is withdrawn"), max_length=200)
