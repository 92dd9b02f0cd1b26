"""The versions of the forms a county made itself, as headquarters sees them: the file, its lists, who declared it when."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bulou.core.divisions import ancestors_of, county_of
from bulou.core.scope import may_see
from bulou.own_forms.models import CountyForm, CountyFormFile
from bulou.records.rulebook import rules_in_force


@dataclass(frozen=True, slots=True)
class FormVersion:
    """A version of a county's form. `withdrawn_at`: when it was taken out of use, which only the latest can be."""

    id: UUID
    area: int
    name: str
    version: int
    form_id: str
    label: str
    title: str
    subject: str
    sensitive: bool
    keep_days: int
    on_phones: bool
    file_name: str
    sha256: str
    by: str
    at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_why: str


_LISTED = tuple(FormVersion.__slots__)


def usual_keep_days(county: int, at: datetime) -> int:
    """Return for how many days after the end of the response personal answers are kept, by the rule set in force.

    Raise LookupError on a day before the first rule set.
    """
    rules = rules_in_force(county, at)
    return int(str(rules.get("retention.personal_data_after_end_days")))


def form_versions(area: int) -> list[FormVersion]:
    """Return the versions of the forms of the area and of the areas above it, the latest of each first."""
    areas = {area, *ancestors_of(area)}
    rows = CountyForm.objects.filter(county__in={county_of(each) for each in areas}, area__in=areas)
    return [FormVersion(**row) for row in rows.order_by("title", "name", "-version").values(*_LISTED)]


def find_form(county: int, form: UUID) -> FormVersion | None:
    """Return one version, if it may be seen."""
    row = CountyForm.objects.filter(county=county, id=form).values(*_LISTED).first()
    return FormVersion(**row) if row and may_see(row["area"]) else None


def latest_version(name: str) -> FormVersion | None:
    """Return the latest version of a kind, withdrawn or not."""
    row = CountyForm.objects.filter(name=name).order_by("-version").values(*_LISTED).first()
    return FormVersion(**row) if row else None


def form_file(county: int, form: UUID) -> tuple[str, bytes]:
    """Return the name and the bytes of the file as it was uploaded. Raise LookupError if it may not be seen."""
    found = find_form(county, form)
    if found is None:
        raise LookupError(f"there is no form {form} in {county}")
    content = CountyForm.objects.filter(county=county, id=form).values_list("file", flat=True).get()
    return found.file_name, bytes(content)


def form_lists(county: int, form: UUID) -> dict[str, bytes]:
    """Return the lists that came with a version, name → CSV as it was brought. Raise LookupError if it may not be seen."""
    if find_form(county, form) is None:
        raise LookupError(f"there is no form {form} in {county}")
    return lists_of(county, form)


def lists_named(area: int) -> dict[UUID, list[str]]:
    """Return the names of the lists that came with each version of the forms of the area and of those above it."""
    counties = {county_of(each) for each in (area, *ancestors_of(area))}
    found: dict[UUID, list[str]] = {}
    for form, name in CountyFormFile.objects.filter(county__in=counties).order_by("name").values_list("form", "name"):
        found.setdefault(form, []).append(name)
    return found


def lists_of(county: int, form: UUID) -> dict[str, bytes]:
    """Return the lists of a version, name → CSV as it was brought, without asking who may see it."""
    rows = CountyFormFile.objects.filter(county=county, form=form).order_by("name").values_list("name", "content")
    return {name: bytes(content) for name, content in rows}
