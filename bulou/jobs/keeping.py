"""For how long work that nobody finished keeps what was brought for it."""

from bulou.core.keeping import BLANK, IMPORTS, NOTHING, About, After, Declared, Kept

KEPT: Declared = {
    "jobs_job": Kept(
        nobody="county id work area scope language by at state tries due_at token changed_at changed_by",
        about=(
            About(
                {"given": "'{}'", "why": BLANK, "file": NOTHING},
                "do what was asked for on a page, also after a crash",
                (After("settled", IMPORTS, "at"),),
                rows=True,
                holds="state <> ''",
            ),
        ),
    ),
}
