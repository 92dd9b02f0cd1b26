"""For how long the registers keep what they say of people."""

from bulou.core.keeping import BLANK, END, IMPORTS, LEFT, NOTHING, About, After, Declared, Kept

REGISTER = "know every household and person that may be missed, by one record each"
GONE = (After("incident", END, "since", area="area"), After("left", LEFT, "ended_at"))

KEPT: Declared = {
    "people_household": Kept(
        nobody="county id area household_class dwelling head since ended_at",
        about=(
            About(
                dict.fromkeys(("key", "number", "address", "note"), BLANK)
                | dict.fromkeys(("latitude", "longitude"), NOTHING),
                REGISTER,
                GONE,
                index="people_household_kept",
            ),
        ),
    ),
    "people_person": Kept(
        nobody="county id household area since ended_at merged_into",
        about=(
            About(
                dict.fromkeys(("name", "sex", "id_number", "phone", "relation", "resident", "away_to", "note"), BLANK)
                | dict.fromkeys(("birth", "away"), NOTHING)
                | {"id_sure": "FALSE"},
                REGISTER,
                GONE,
                index="people_person_kept",
            ),
        ),
    ),
    "people_source": Kept(
        nobody="county subject list_name at by run",
        about=(
            About(
                {"data": "'{}'", "ref": BLANK},
                "show what a list said of somebody while its import is settled",
                (After("settled", IMPORTS, "at"),),
                index="people_source_kept",
            ),
        ),
    ),
    "people_merge": Kept(
        nobody="county id kept gone by at undone_at undone_by",
        about=(
            About(
                {"changed": BLANK, "reason": BLANK},
                "undo a merge of two persons that were not one",
                (After("settled", IMPORTS, "at"),),
            ),
        ),
    ),
    "people_importmapping": Kept(nobody="county fingerprint mapping at by"),
    "people_importrun": Kept(
        nobody="county id area sha256 by at state total read added changed unchanged bad households doubtful differing"
        " finished_at list_name",
        about=(
            About(
                {"file_name": BLANK, "failure": BLANK, "notes": "'[]'", "report": NOTHING},
                "give back the rows of a list that must be corrected",
                (After("settled", IMPORTS, "at"),),
            ),
        ),
    ),
}
