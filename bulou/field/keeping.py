"""For how long what the server knows of a phone says whose it is."""

from bulou.core.keeping import BLANK, LOGS, About, After, Declared, Kept

KEPT: Declared = {
    "field_device": Kept(
        nobody="id account area areas public_key code state enrolled_at enrolled_by decided_at decided_by expires_at"
        " revoked_at revoked_by last_contact last_seq last_hash received lost photos backed_seq safe_seq"
        " suspect_entries clock_off persisted waiting app consented_at known_at looked_at looked_by",
        about=(
            About(
                {"label": BLANK, "revoke_reason": BLANK},
                "tell phones apart and know why one was taken out of use",
                (After("ended", LOGS, "expires_at"), After("ended", LOGS, "revoked_at")),
            ),
        ),
    ),
    "field_token": Kept(nobody="digest account areas days issued_by issued_at expires_at used_at device"),
    "field_spent": Kept(nobody="digest expires_at"),
    "field_session": Kept(nobody="digest device expires_at"),
    "field_attachment": Kept(nobody="county digest size device by received_at named"),
    "field_told": Kept(nobody="device state items told_at"),
    "field_epoch": Kept(nobody="id began_at because"),
    "field_backupmark": Kept(nobody="id made_at marked_at devices"),
}
