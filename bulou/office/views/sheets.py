"""A sheet: one form on a page of its own, drawn again with what was wrong."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from bulou.access.views import Request


def draw_sheet(
    request: Request, form: forms.Form, context: Mapping[str, Any], *, heading: str, submit: str, back: str,
    lead: str = "", danger: bool = False,
) -> HttpResponse:  # fmt: skip
    """Draw the form under its heading; `lead` says what will happen, `danger` colours what is hard to take back."""
    form.use_required_attribute = False  # what is missing is said in our words, beside the field
    drawn = {
        **context,
        "form": form,
        "heading": heading,
        "submit": submit,
        "back": back,
        "lead": lead,
        "danger": danger,
    }
    return render(request, "office/sheet.html", drawn, status=422 if form.is_bound and form.errors else 200)
