"""For how long headquarters' declarations name people."""

from bulou.core.keeping import BLANK, END, LEFT, About, After, Declared, Kept

KEPT: Declared = {
    "command_incident": Kept(nobody="county id area name disease opened_on closed_on basis by at"),
    "command_responselevel": Kept(nobody="county id incident level since basis by at"),
    "command_rulesetinforce": Kept(nobody="county id area name since basis by at"),
    "command_headquartersunit": Kept(nobody="county id incident place sort name named by at"),
    "command_appointment": Kept(
        nobody="county id incident unit seat account since until basis by at",
        about=(
            About(
                {"person": BLANK, "post": BLANK},
                "know who commands and who leads which group",
                (After("incident", END, "at"), After("ended", LEFT, "until")),
            ),
        ),
    ),
    "command_destruction": Kept(nobody="county id incident area closed_on by at basis withdrawn_at"),
    "command_countyform": Kept(
        nobody="county id area name version form_id label title subject sensitive keep_days on_phones file_name file"
        " sha256 xform by at changed_at withdrawn_at withdrawn_by withdrawn_why"
    ),
    "command_countyformfile": Kept(
        nobody="county form name sha256",
        stays={"content": "a list its form chooses from: without it, what was recorded with the form cannot be read"},
    ),
}
