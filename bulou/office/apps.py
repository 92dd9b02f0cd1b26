from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "bulou.office"
    label = "bulou_office"
