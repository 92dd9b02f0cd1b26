"""Ask Django whether settings, models and migrations agree."""

import os
import sys

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulou.site.settings")
os.environ.setdefault("BULOU_SECRET_KEY", "only for this check")

if __name__ == "__main__":
    sys.path.insert(0, ".")
    django.setup()
    call_command("check", fail_level="WARNING")
    call_command("makemigrations", check=True, dry_run=True)
