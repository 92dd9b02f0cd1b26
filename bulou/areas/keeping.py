"""For how long the area tree keeps who answers for an area."""

from bulou.core.keeping import BLANK, END, LEFT, About, After, Declared, Kept

KEPT: Declared = {
    "areas_area": Kept(nobody="number name kind parent depth since until registered_at"),
    "areas_change": Kept(nobody="id number at by what before after"),
    "areas_responsibility": Kept(
        nobody="county id area household tier role account since until assigned_by assigned_at ended_by ended_at",
        about=(
            About(
                {"person": BLANK, "unit": BLANK, "phone": BLANK},
                "know and reach who answers for an area or a household",
                (After("incident", END, "assigned_at", area="area"), After("ended", LEFT, "ended_at")),
            ),
        ),
    ),
}
