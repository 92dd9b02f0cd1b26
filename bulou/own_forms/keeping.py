"""A form names nobody: what is kept of people is in the records it made, and for as long as it said at its upload."""

from bulou.core.keeping import Declared, Kept

KEPT: Declared = {
    "own_forms_countyform": Kept(
        nobody="county id area name version form_id label title subject sensitive keep_days on_phones file_name file"
        " sha256 xform by at changed_at withdrawn_at withdrawn_by withdrawn_why"
    ),
    "own_forms_countyformfile": Kept(
        nobody="county form name sha256",
        stays={"content": "a list its form chooses from: without it, what was recorded with the form cannot be read"},
    ),
}
