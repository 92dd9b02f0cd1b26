"""What an installation is like when nobody thinks of security: asked of Django, and of what stands in the repository."""

import os
import re
import subprocess
import sys

from django.conf import settings

from tests.architecture.tree import PACKAGE, ROOT, tracked


def _check(**environment: str) -> str:
    """Run Django's own questions about a deployment and return its findings."""
    env = os.environ | {"BULOU_SECRET_KEY": "x" * 20 + "abcdefghijklmnopqrstuvwxyz0123456789-_", **environment}
    run = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--settings", "bulou.site.settings"],
        cwd=ROOT, env=env | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return run.stdout + run.stderr


def test_served_over_https_django_finds_nothing_to_say() -> None:
    assert "no issues" in _check(BULOU_HTTPS="1")


def test_on_a_laptop_it_misses_only_what_https_would_give() -> None:
    found = set(re.findall(r"security\.(W\d+)", _check(BULOU_HTTPS="")))
    assert found == {"W004", "W008", "W012", "W016"}


def test_a_fresh_installation_tells_strangers_nothing() -> None:
    assert settings.DEBUG is False
    assert "*" not in settings.ALLOWED_HOSTS
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


def test_no_secret_stands_in_the_repository() -> None:
    told = re.compile(r"""(?i)\b(?:secret_key|password|api_key|token)\b["']?\s*[:=]\s*["'][^"'{}\s]{6,}["']""")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in tracked()
        if path.suffix in (".py", ".toml", ".html", ".ts", ".json", ".sh") and path.is_relative_to(PACKAGE)
        if "tests" not in path.parts
        for line in path.read_text("utf-8").splitlines()
        if told.search(line)
    ]
    assert found == []
