"""Django settings. What differs between installations is read from the environment, with defaults for one laptop."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

DATA = Path(os.environ.get("BULOU_DATA", "data"))  # the database, the key and uploads live here
PACKAGE = Path(__file__).resolve().parent.parent
BLUEPRINTS = PACKAGE.parent / "blueprints"  # beside the package in a checkout and in a wheel alike


def database(url: str) -> dict[str, object]:
    """Return Django's settings for `postgresql://user:password@host:port/name`, or for SQLite when there is no URL."""
    if url:
        parts = urlsplit(url)
        if parts.scheme not in ("postgres", "postgresql"):
            raise ValueError(f"DATABASE_URL must begin with postgresql://, not {parts.scheme}://")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(DATA / "bulou.sqlite3"),
        "CONN_MAX_AGE": 60,  # opening the file and setting it up again for every request cost more than most requests
        "OPTIONS": {
            # One writer at a time, told at BEGIN; WAL with FULL loses no acknowledged entry in a power cut. What is
            # erased or deleted is overwritten (secure_delete), also where SQLite moves it about (docs/adr/0015). What an
            # INSERT OR REPLACE deletes fires no trigger without recursive_triggers: the ledger would be open there.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
            " PRAGMA secure_delete=ON; PRAGMA recursive_triggers=ON;",
        },
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""))}

SECRET_KEY = os.environ.get("BULOU_SECRET_KEY", "")
# Keys the installation had before (`bulou key --new`): they still open what was sealed with them.
SECRET_KEY_FALLBACKS = [
    kept.read_text("ascii").strip() for kept in sorted(DATA.glob("secret.key.until-*"), reverse=True)
]
DEBUG = False
ALLOWED_HOSTS = os.environ.get("BULOU_HOSTS", "127.0.0.1,localhost,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "bulou.site",
    "bulou.office",
    "bulou.reports",
    "bulou.exchange",
    "bulou.odk",
    "bulou.field",
    "bulou.command",
    "bulou.checkpoints",
    "bulou.rosters",
    "bulou.people",
    "bulou.own_forms",
    "bulou.areas",
    "bulou.access",
    "bulou.jobs",
    "bulou.ledger",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "bulou.access.middleware.ContentPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "bulou.access.middleware.Doors",  # last: nothing runs between it and the view
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Who may come in. Headquarters makes the accounts: nobody signs up, and there is no mail server to reset a password by.
AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["bulou.access.views.signin.OfficeBackend"]
PASSWORD_HASHERS = ["bulou.access.passwords.OfficeArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("username", "display_name", "phone")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]  # fmt: skip
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "access:start"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "bulou.access.views.signin.OfficeAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds; asked by bulou.access.views.doors
ACCOUNT_RATE_LIMITS = False  # it locks names and whole addresses; bulou.access.guessing slows down instead
ACCOUNT_FORMS = {"change_password": "bulou.access.forms.OwnPasswordForm"}
MFA_ADAPTER = "bulou.access.views.signin.OfficeMFAAdapter"
MFA_FORMS = {
    "authenticate": "bulou.access.views.codes.SignInCodeForm",
    "reauthenticate": "bulou.access.views.codes.AgainCodeForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_REAUTHENTICATION_REQUIRED = False  # bulou.access.login_urls asks itself, and counts the sign-in as proof
MFA_TOTP_TOLERANCE = 1  # village clocks are half a minute wrong
CACHES = {  # in the database, so that every worker knows which codes were used; made by access/migrations/0003
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "bulou_cache"}
}

SESSION_ENGINE = "bulou.access.sealing"  # rows are found by a hash, and sealed
SESSION_SERIALIZER = "bulou.access.sealing.SealedSerializer"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a shift
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
HTTPS = os.environ.get("BULOU_HTTPS", "") == "1"  # set it wherever the product is reached over https
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if os.environ.get("BULOU_PROXY", "") == "1":  # behind one's own proxy, which sets these headers itself
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
CSRF_FAILURE_VIEW = "bulou.office.views.errors.forbidden_csrf"

USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "bulou.site.urls"
STATIC_URL = "/static/"
STATIC_ROOT = str(DATA / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Served under names that carry the content's hash and are kept for ever; in tests nothing has been collected.
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if os.environ.get("BULOU_SERVING")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# ODK Collect sends up to a hundred photos with a record, and the record.
DATA_UPLOAD_MAX_NUMBER_FILES = 120

# What goes wrong is said on the console of whoever runs the server, without what was typed into forms.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
                "django.request": {"level": "ERROR"}},
}  # fmt: skip
