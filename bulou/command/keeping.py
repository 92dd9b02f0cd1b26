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
}
