from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "bulou.areas"
    label = "areas"
