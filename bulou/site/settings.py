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
        "OPTIONS": {
            # One writer at a time, told at BEGIN; WAL with FULL loses no acknowledged entry in a power cut.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;",
        },
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""))}

SECRET_KEY = os.environ.get("BULOU_SECRET_KEY", "")
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
    "bulou.areas",
    "bulou.ledger",
    "bulou.command",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
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
