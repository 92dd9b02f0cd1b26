"""What is asked about a household and a person. What is typed is read as a list's row is read: doubts are told, kept
and never a reason to refuse (people.rules.rows)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from bulou.core.masks import mask_id, mask_phone
from bulou.office.forms.sheets import Day, Words
from bulou.people.queries import Household, Person
from bulou.people.rules.columns import Field
from bulou.people.rules.rows import LIMITS, Problem, masked, read, value_of
from bulou.people.words import describe

DWELLINGS = (
    ("", _("Not said")),
    ("owner", _("Lived in by the owner")),
    ("rented", _("Rented out")),
    ("vacant", _("Vacant")),
    ("unassigned", _("Unassigned")),
)
SEXES = (("", _("Not said")), ("male", _("Male")), ("female", _("Female")))
AWAY = (("", _("Not said")), ("no", _("At home")), ("yes", _("Away")))
KEPT = gettext_noop("Now: %(now)s. Leave it empty to keep that; write 无 to clear it.")

_PERSON = {"name": Field.NAME, "sex": Field.SEX, "birth": Field.BIRTH, "id_number": Field.ID_NUMBER,
           "phone": Field.PHONE, "relation": Field.RELATION, "resident": Field.RESIDENT, "away": Field.AWAY,
           "away_to": Field.AWAY_TO, "note": Field.NOTE}  # fmt: skip
_HOUSEHOLD = {"number": Field.NUMBER, "address": Field.ADDRESS, "household_class": Field.CLASS,
              "dwelling": Field.DWELLING, "latitude": Field.LATITUDE, "longitude": Field.LONGITUDE,
              "note": Field.HOUSEHOLD_NOTE}  # fmt: skip
_HIDDEN = ("name", "id_number", "phone", "birth", "note")  # never sent to the page: it would be a reveal not on record


class _Read(forms.Form):
    """`values` are columns of the register, `doubts` what somebody should look at again."""

    cells: Mapping[str, Field] = {}
    part = "person"

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.values: dict[str, Any] = {}
        self.doubts: list[Problem] = []
        self.is_head = False

    def kept(self, column: str) -> bool:
        """Tell whether an empty answer means that what stands is kept."""
        return False

    def clean(self) -> dict[str, Any]:
        said = {column: str(self.cleaned_data.get(column) or "") for column in self.cells if column in self.fields}
        for column, text in said.items():
            if masked(text):
                self.add_error(column, _("This is masked (with *). Write it in full, or leave it empty."))
        heard = read({self.cells[column]: text for column, text in said.items()}, on=self.today)
        values: dict[str, Any] = getattr(heard, self.part)
        self.is_head = heard.is_head
        for problem in heard.errors:
            if problem.column in said and problem.code not in ("no name", "masked name"):
                self.add_error(problem.column, describe(problem))
        self.doubts = [one for one in heard.warnings if one.column in said]
        for column, text in said.items():
            if column in values:
                self.values[column] = values[column]
            elif not (self.kept(column) and not text):
                self.values[column] = None  # said to be nothing, or emptied
        self.values |= {column: values[column] for column in ("sex", "birth") if column in values}
        return self.cleaned_data

    def told(self) -> list[str]:
        """Return the doubts in words, with numbers masked: they stand in a message, which the browser keeps."""
        masks = {"id_number": mask_id, "phone": mask_phone}
        return [
            describe(replace(one, value=masks[one.column](one.value)) if one.column in masks else one)
            for one in self.doubts
        ]


class HouseholdForm(_Read):
    """A household; `known` is the one that is changed. `places` are the grids to choose from when one is added."""

    cells = _HOUSEHOLD
    part = "household"

    place = forms.ChoiceField(label=_("In which grid"))
    head = Words(
        label=_("Name of the head of household"),
        max_length=LIMITS["name"],
        required=False,
        help_text=_("Leave it empty for a house nobody lives in. The others are added afterwards."),
    )
    number = Words(label=_("Household number"), max_length=LIMITS["number"], required=False)
    address = Words(label=_("Address or door"), max_length=LIMITS["address"], required=False)
    household_class = Words(
        label=_("Class"), max_length=LIMITS["household_class"], required=False,
        help_text=_("In your county's words: 农户, 商业小区住户."),
    )  # fmt: skip
    dwelling = forms.ChoiceField(label=_("Dwelling"), choices=DWELLINGS, required=False)
    latitude = Words(label=_("Latitude"), max_length=20, required=False)
    longitude = Words(label=_("Longitude"), max_length=20, required=False)
    note = Words(label=_("Note"), max_length=500, required=False)

    def __init__(
        self, *args: Any, known: Household | None = None, places: Iterable[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        if known is not None:
            kwargs["initial"] = {column: getattr(known, column) for column in _HOUSEHOLD if column != "note"}
        super().__init__(*args, **kwargs)
        self.known, choices = known, list(places)
        if known is not None:
            del self.fields["place"], self.fields["head"]
            if known.note:
                self.fields["note"].help_text = _(KEPT) % {"now": known.note}
        elif len(choices) > 1:
            self.fields["place"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]
        else:
            del self.fields["place"]

    def kept(self, column: str) -> bool:
        return self.known is not None and column == "note"

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if self.known is None and not any(said.get(column) for column in ("head", "number", "address")):
            self.add_error(None, _("Say at least its number, its address or its head, or nobody could find it."))
        if masked(str(said.get("head", ""))):
            self.add_error("head", _("This is masked (with *). Write it in full, or leave it empty."))
        return said


class PersonForm(_Read):
    """A person; `known` is the one that is changed, masked."""

    cells = _PERSON

    name = Words(label=_("Name"), max_length=LIMITS["name"])
    relation = Words(
        label=_("Relation to the head of household"), max_length=LIMITS["relation"], required=False,
        help_text=_("户主 makes this person the head."),
    )  # fmt: skip
    id_number = Words(
        label=_("ID number"), max_length=LIMITS["id_number"], required=False,
        help_text=_("A number that does not check is kept as written, and you are told."),
    )  # fmt: skip
    phone = Words(label=_("Phone"), max_length=LIMITS["phone"], required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=SEXES, required=False)
    birth = Day(label=_("Birth date"), required=False)
    resident = Words(
        label=_("Kind of resident"), max_length=LIMITS["resident"], required=False,
        help_text=_("In your county's words: 常住, 流动."),
    )  # fmt: skip
    away = forms.ChoiceField(label=_("Away"), choices=AWAY, required=False)
    away_to = Words(label=_("Where to"), max_length=LIMITS["away_to"], required=False)
    note = Words(label=_("Note"), max_length=500, required=False)
    without_id = forms.BooleanField(
        label=_("They are two different people: keep the number in the note and enter this person without it"),
        required=False,
    )

    def __init__(self, *args: Any, known: Person | None = None, **kwargs: Any) -> None:
        if known is not None:
            away = {None: "", True: "yes", False: "no"}[known.away]
            kwargs["initial"] = {c: getattr(known, c) for c in _PERSON if c not in _HIDDEN} | {"away": away}
        super().__init__(*args, **kwargs)
        self.known = known
        if not self.data.get("without_id"):
            self.ask_without_id(False)
        if known is not None:
            self.fields["name"].required = False
            for column in _HIDDEN:
                now = getattr(known, column)
                if isinstance(now, date):
                    self.fields[column].help_text = _("Now: %(now)s. Leave it empty to keep that.") % {"now": now.year}
                elif now:
                    self.fields[column].help_text = _(KEPT) % {"now": now}

    def ask_without_id(self, ask: bool = True) -> None:
        """Offer, or do not, to enter somebody whose number another person has already."""
        self.fields["without_id"].widget = forms.CheckboxInput() if ask else forms.HiddenInput()

    def kept(self, column: str) -> bool:
        return self.known is not None and column in _HIDDEN

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        name = str(said.get("name") or "")
        if name and not value_of(name):
            self.add_error("name", _("A person needs a name."))
        if said.get("without_id") and self.values.get("id_number"):
            number, note = self.values.pop("id_number"), self.values.get("note") or ""
            self.values["note"] = f"{note} 证件号与他人相同:{number}".strip()
        return said


class MoveForm(forms.Form):
    place = forms.ChoiceField(label=_("To which grid"))

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [("", "–"), *places]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = Words(label=_("Why"), max_length=200)


class MergeForm(forms.Form):
    """`others`: those who may be the same person, as (id, said in a line)."""

    STANDS = (("this", _("What stands on this page")), ("other", _("What stands on the other")))

    other = forms.ChoiceField(label=_("Who is the same person"), widget=forms.RadioSelect)
    stands = forms.ChoiceField(
        label=_("Where the two differ"), choices=STANDS, initial="this", widget=forms.RadioSelect
    )
    reason = Words(label=_("How it is known"), max_length=200)

    def __init__(self, *args: Any, others: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = list(others)  # type: ignore[attr-defined]
