from django.apps import AppConfig


class OdkConfig(AppConfig):
    name = "bulou.odk"
    label = "odk"
