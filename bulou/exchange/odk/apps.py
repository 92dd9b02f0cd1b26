from django.apps import AppConfig


class OdkConfig(AppConfig):
    name = "bulou.exchange.odk"
    label = "odk"
