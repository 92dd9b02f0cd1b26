"""For how long accounts, the audit and what the libraries beside them keep of people."""

from bulou.core.keeping import AT_ONCE, BLANK, LOGS, About, After, Declared, Kept

FORGOTTEN = "user_id IN (SELECT id FROM access_account WHERE display_name = '' AND username LIKE 'gone-%%')"

KEPT: Declared = {
    "access_account": Kept(
        nobody="id area is_active expires_at must_change_password demo sessions_ended created_at created_by last_login",
        about=(
            About(
                {"display_name": BLANK, "phone": BLANK, "username": "'gone-' || id", "password": "'!'"},
                "know who may do what, and who did it",
                (
                    After(
                        "ended",
                        LOGS,
                        where="created_at <= %s AND NOT EXISTS (SELECT 1 FROM access_grant g"
                        " WHERE g.account_id = access_account.id AND g.ends_at > %s)",
                    ),
                ),
                holds="NOT (display_name = '' AND phone = '')",
            ),
        ),
    ),
    "access_maderole": Kept(nobody="name zh en permissions days area made_at made_by stands_for"),
    "access_grant": Kept(nobody="id account role area starts_at ends_at given_by given_at revoked_by"),
    "access_auditrow": Kept(
        nobody="county id at account action subject area",
        about=(
            About(
                {"purpose": BLANK, "detail": BLANK},
                "show who looked at whom, and why",
                (After("entry", LOGS, "at"),),
                index="access_audit_kept",
            ),
        ),
    ),
    "access_alert": Kept(
        nobody="id at last_at account action audience area looks minutes others seen_at seen_by",
        about=(
            About({"note": BLANK}, "settle why somebody looked at so many people", (After("entry", LOGS, "last_at"),)),
        ),
    ),
    "access_ask": Kept(
        nobody="id at by act area digest outside until answered_at answered_by approved done_at",
        about=(
            About(
                {"asked": BLANK, "form": BLANK, "path": BLANK, "word": BLANK},
                "let a second person see exactly what they approve",
                (After("entry", LOGS, "at"),),
            ),
        ),
    ),
    "access_tries": Kept(
        nobody="wrong at forgotten_at",
        about=(
            About(
                {"name": BLANK, "place": BLANK},
                "slow down whoever guesses at passwords",
                (After("expired", AT_ONCE, "forgotten_at"),),
                rows=True,
                holds="wrong >= 0",
            ),
        ),
    ),
    "access_setupkey": Kept(nobody="digest made_at expires_at used_at"),
    "access_factorcode": Kept(nobody="digest account made_by made_at expires_at used_at"),
    "account_emailaddress": Kept(
        nobody="id user verified primary",
        about=(
            About(
                {"email": BLANK},
                "reach whoever has the account",
                (After("ended", AT_ONCE, where=FORGOTTEN),),
                rows=True,
                holds="email <> ''",
            ),
        ),
    ),
    "account_emailconfirmation": Kept(nobody="id email_address created sent key"),
    "mfa_authenticator": Kept(
        nobody="id user type created_at last_used_at",
        about=(
            About(
                {"data": BLANK},
                "prove who signs in",
                (After("ended", AT_ONCE, where=FORGOTTEN),),
                rows=True,
                holds="type <> ''",
            ),
        ),
    ),
    "django_session": Kept(
        nobody="session_key expire_date",
        about=(
            About(
                {"session_data": BLANK},
                "keep somebody signed in",
                (After("expired", AT_ONCE, "expire_date"),),
                rows=True,
                holds="session_key <> ''",
            ),
        ),
    ),
    "auth_permission": Kept(nobody="id name content_type codename"),
    "auth_group": Kept(nobody="id name"),
    "auth_group_permissions": Kept(nobody="id group permission"),
    "django_content_type": Kept(nobody="id app_label model"),
}
