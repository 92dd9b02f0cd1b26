"""The lists of areas shipped with the product."""

from pathlib import Path

from django.conf import settings


def division_files() -> dict[str, Path]:
    """Return the area lists shipped with the project, by place: tongwei, weixin, xinxian, xinyang, zhenping."""
    return {path.stem: path for path in sorted((settings.BLUEPRINTS / "divisions").glob("*.csv"))}
