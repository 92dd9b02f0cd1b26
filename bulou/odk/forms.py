"""What the office is asked when it sets up a phone with Collect."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bulou.access.forms import AreaField
from bulou.odk.actions.app_users import LONGEST


class AppUserForm(forms.Form):
    username = forms.CharField(
        label=_("User name of the worker"),
        max_length=64,
        help_text=_("What the phone sends is recorded in this worker's name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    area = AreaField(
        help_text=_("Its households and persons go onto the phone: choose the grid or village, not the county.")
    )
    name = forms.CharField(label=_("Which phone"), max_length=80, help_text=_("Such as: 陈梅's own phone."))
    language = forms.ChoiceField(label=_("Language of the forms"), choices=[("zh_Hans", "中文"), ("en", "English")])
    days = forms.IntegerField(
        label=_("Days"), min_value=1, max_value=LONGEST.days, initial=30, help_text=_("How long the phone may be used.")
    )
