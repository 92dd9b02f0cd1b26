from django.apps import AppConfig
from django.urls import register_converter

from bulou.access.converters import AreaConverter


class AccessConfig(AppConfig):
    name = "bulou.access"
    label = "access"

    def ready(self) -> None:
        """Let every address of the product say `<area:area>`."""
        register_converter(AreaConverter, "area")
