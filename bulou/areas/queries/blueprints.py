"""What the project brings with it: the divisions of five places and the grid staffing templates."""

from functools import cache
from types import MappingProxyType

from django.conf import settings

from bulou.areas.rules.staffing import GridTemplate, parse_templates


@cache
def grid_templates() -> MappingProxyType[str, GridTemplate]:
    """Return the grid staffing templates by name."""
    return MappingProxyType(parse_templates((settings.BLUEPRINTS / "grid-templates.toml").read_text("utf-8")))
