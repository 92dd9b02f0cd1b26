"""What the pages of checkpoints look up: a value by its key, the county of an area."""

from collections.abc import Mapping
from typing import Any

from django import template

from bulou.core import divisions

register = template.Library()


@register.filter
def item(values: Mapping[Any, Any], key: Any) -> Any:
    """Return the value of the key, or None."""
    return values.get(key)


@register.filter
def county_of(area: int) -> int:
    return divisions.county_of(area)
