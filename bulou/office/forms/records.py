"""Which records, and what is asked before they leave as a file."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from bulou.office.forms.exports import ListForm
from bulou.office.forms.sheets import Day

KINDS_OF_FILE = (("xlsx", _("Excel (.xlsx)")), ("csv", _("Text (.csv, several in a .zip)")))
MOST_DAYS = 3660


class WhichRecords(forms.Form):
    """A kind and the days, both included, on which it happened."""

    kind = forms.ChoiceField(label=_("Kind of record"))
    first = Day(label=_("From"))
    last = Day(label=_("To"))

    def __init__(self, *given: object, kinds: list[tuple[str, str]], **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = kinds

    def clean(self) -> dict[str, object]:
        said: dict[str, object] = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        if isinstance(first, date) and isinstance(last, date):
            if last < first:
                self.add_error("last", str(_("The last day is before the first.")))
            elif (last - first).days > MOST_DAYS or not 2000 <= first.year <= 2999 or last.year > 2999:
                self.add_error("last", str(_("At most ten years at a time.")))
        return said


class RecordsForm(WhichRecords, ListForm):
    """What is asked before records leave."""

    form = forms.ChoiceField(label=_("Kind of file"), choices=KINDS_OF_FILE, initial="xlsx")
    field_order = ("kind", "first", "last", "form", "full", "purpose", "words")
