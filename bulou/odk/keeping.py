"""For how long what the server knows of a phone with Collect, and what it has sent in part, is about people."""

from bulou.core.keeping import BLANK, IMPORTS, LOGS, About, After, Declared, Kept

KEPT: Declared = {
    "odk_appuser": Kept(
        nobody="county id token_hash username account area language made_at made_by expires_at revoked_at revoked_by"
        " last_contact lists waits_for_consent consented_at known_at looked_at looked_by",
        about=(
            About(
                {"name": BLANK},
                "tell phones apart",
                (After("ended", LOGS, "expires_at"), After("ended", LOGS, "revoked_at")),
            ),
        ),
    ),
    "odk_submission": Kept(
        nobody="county id digest app_user received_at",
        about=(
            About(
                {"waiting": BLANK},
                "wait for the files of a record that came in parts",
                (After("entry", IMPORTS, "received_at"),),
                index="odk_submission_kept",
            ),
        ),
    ),
    "odk_submissionfile": Kept(nobody="county submission name sha256 size received_at"),
}
