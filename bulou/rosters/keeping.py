"""For how long the rosters keep who stands duty and who answers for what."""

from bulou.core.keeping import BLANK, END, LEFT, NOTHING, About, After, Declared, Kept

DUTY = "call and relieve whoever stands duty"

KEPT: Declared = {
    "rosters_post": Kept(
        nobody="county id area name type place road latitude longitude needs opened_at opened_by ends_at closed_at manned"
        " closed_by since registered_by"
    ),
    "rosters_responder": Kept(
        nobody="county id area roles skills leave_cancelled account since ended_at registered_by",
        about=(
            About(
                dict.fromkeys(("name", "phone", "unit", "system", "position"), BLANK)
                | dict.fromkeys(("party", "latitude", "longitude"), NOTHING),
                DUTY,
                (After("incident", END, "since", area="area"), After("left", LEFT, "ended_at")),
                index="rosters_responder_kept",
            ),
        ),
    ),
    "rosters_shift": Kept(nobody="county id area post responder role lead relief starts_at ends_at entry replaces"),
    "rosters_draft": Kept(nobody="county id area name posts first_day days pattern state said turns by at changed_at"),
    "rosters_team": Kept(
        nobody="county id area name labels post site lead head_count party_count minimum since until registered_by"
    ),
    "rosters_member": Kept(nobody="county team responder since until"),
    "rosters_stand": Kept(nobody="county id area sort name responder since until registered_by"),
    "rosters_contact": Kept(
        nobody="county id department area since until by at",
        about=(
            About(
                {"leader": BLANK, "position": BLANK},
                "know which leader answers for a department or a township",
                (After("incident", END, "at"), After("ended", LEFT, "until")),
            ),
        ),
    ),
    "rosters_setting": Kept(nobody="county name value basis by at"),
}
