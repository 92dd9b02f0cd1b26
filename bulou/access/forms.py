"""The forms of accounts, grants, roles and the first set-up."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.forms import ChangePasswordForm
from allauth.core import context
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from bulou.access import guessing
from bulou.access.rules import PERMISSIONS, USERNAME, Role
from bulou.access.words import permission_word
from bulou.core.divisions import number_of
from bulou.core.moments import at_midnight
from bulou.core.reading import FAULTS, Unread, read_day, read_moment

USERNAME_RULE = RegexValidator(USERNAME, _("Use two or more lower-case letters, digits, dots or dashes."))
ROLE_NAME = RegexValidator(r"^[a-z][a-z0-9_]{1,39}\Z", _("Use lower-case letters, digits and underscores."))


class AreaField(forms.CharField):
    """An area by its code, alone or with its name behind it, as the list offers it. Cleans to an area number."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Area"))
        kwargs.setdefault("help_text", _("The code of the area: 6 digits for a county, 12, or 18 below a village."))
        super().__init__(max_length=120, **kwargs)
        self.widget.attrs.update({"list": "areas", "autocomplete": "off", "inputmode": "search"})

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        code = re.match(r"\s*(\d*)", text)
        digits = code.group(1) if code else ""
        try:
            return number_of(digits.ljust(12, "0") if len(digits) == 6 else digits)
        except ValueError as error:
            raise ValidationError(
                _("This is not an area code. Write 6, 12 or 18 digits, such as 610927000000.")
            ) from error


class Day(forms.DateField):
    """A day, picked in the browser's own calendar, or written in any way people write one (core.reading)."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def to_python(self, value: Any) -> date | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        try:
            return read_day(value)
        except Unread as error:
            raise ValidationError(_(FAULTS[error.code]) % {"said": error.said}, code="invalid") from error


class Moment(forms.DateTimeField):
    """A moment, picked in the browser or written (core.reading); without an offset it is China's."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})

    def to_python(self, value: Any) -> datetime | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        try:
            return read_moment(value)
        except Unread as error:
            raise ValidationError(_(FAULTS[error.code]) % {"said": error.said}, code="invalid") from error


def _role_choices(roles: Mapping[str, Role]) -> list[tuple[str, str]]:
    chinese = (get_language() or "").startswith("zh")
    return [("", "—"), *((role.name, role.zh if chinese else role.en) for role in roles.values())]


class GrantForm(forms.Form):
    """A role over an area until the end of a day."""

    role = forms.ChoiceField(label=_("Role"))
    area = AreaField()
    until = Day(
        label=_("Last day"),
        required=False,
        help_text=_("If you leave this empty, the role ends by itself after the number of days set for it."),
    )

    def __init__(self, *args: Any, roles: Mapping[str, Role], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["role"].choices = _role_choices(roles)  # type: ignore[attr-defined]

    def clean_until(self) -> datetime | None:
        day: date | None = self.cleaned_data["until"]
        if day is None:
            return None
        if day < self.today:
            raise ValidationError(gettext("The last day lies in the past."))
        return at_midnight(day + timedelta(days=1))


class AccountForm(GrantForm):
    """A new account with its first role. The password is made by the server and shown once."""

    username = forms.CharField(
        label=_("User name"),
        max_length=64,
        validators=[USERNAME_RULE],
        help_text=_("For signing in. It cannot be changed."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    display_name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As others will see it."))
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    field_order = ("username", "display_name", "phone", "role", "area", "until")

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()


class RoleForm(forms.Form):
    """A role of one's own."""

    name = forms.CharField(
        label=_("Identifier"), max_length=40, validators=[ROLE_NAME], help_text=_("Such as night_desk.")
    )
    zh = forms.CharField(label=_("Name in Chinese"), max_length=40)
    en = forms.CharField(label=_("Name in English"), max_length=60)
    days = forms.IntegerField(
        label=_("Days"), min_value=1, max_value=366, initial=30, help_text=_("How long the role is given for.")
    )
    permissions = forms.MultipleChoiceField(label=_("Permissions"), widget=forms.CheckboxSelectMultiple)
    stands_for = forms.MultipleChoiceField(
        label=_("Does the work of"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Whose records its holders write. Of a role marked with none, nothing that belongs to a role is taken."),
    )  # fmt: skip

    def __init__(self, *args: Any, offered: frozenset[str], roles: Mapping[str, Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stands_for"].choices = _role_choices(roles)[1:]  # type: ignore[attr-defined]
        self.fields["permissions"].choices = [  # type: ignore[attr-defined]
            (permission, permission_word(permission)) for permission in PERMISSIONS if permission in offered
        ]


class Code:
    """Says what to type in our own words, and brings up the number keys."""

    fields: dict[str, forms.Field]
    user: Any
    said = _("Six digits, or a recovery code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = self.said
        code.widget.attrs.pop("placeholder", None)
        code.widget.attrs.update({"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "12"})

    def clean_code(self) -> Any:
        """Count the code by the same law as passwords: six digits are guessed soonest of all."""
        with guessing.counted(context.request, self.user.username, refused=ValidationError, code=True):
            return super().clean_code()  # type: ignore[misc]


class FirstCodeForm(Code, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app."""

    said = _("Six digits")


class OwnPasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """A new password of one's own; the old one is counted like any other."""

    def clean_oldpassword(self) -> Any:
        with guessing.counted(context.request, self.user.username, refused=ValidationError):
            return super().clean_oldpassword()


class HandedCodeForm(forms.Form):
    """The code another manager made and handed over."""

    handed = forms.CharField(
        label=_("Code you were handed"), max_length=40,
        help_text=_("Sixteen letters and digits, with or without the spaces between."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip


class SetupForm(forms.Form):
    """The first headquarters account of an installation."""

    key = forms.CharField(
        label=_("Key"), max_length=80, help_text=_("The server printed it when it started. It works once."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    area = AreaField(label=_("County or city of the headquarters"))
    username = forms.CharField(
        label=_("User name"),
        max_length=64,
        validators=[USERNAME_RULE],
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    display_name = forms.CharField(label=_("Your name"), max_length=80)
    password = forms.CharField(
        label=_("Password"), strip=False, help_text=_("Ten characters or more, not a common word, not only digits."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=_("Password again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", gettext("The two passwords differ."))
        if password:
            try:
                validate_password(password)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class AuditForm(forms.Form):
    """What to look for in the audit. Anything that cannot be read is left out, not refused."""

    account = forms.CharField(label=_("User name"), max_length=64, required=False)
    action = forms.ChoiceField(label=_("Act"), required=False)
    since = Day(label=_("From"), required=False)
    until = Day(label=_("To"), required=False)
    subject = forms.CharField(label=_("About"), max_length=80, required=False, help_text=_("Such as person:0190…"))

    def __init__(self, *args: Any, actions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = [("", gettext("All")), *actions]  # type: ignore[attr-defined]
