from django.apps import AppConfig


class OwnFormsConfig(AppConfig):
    name = "bulou.own_forms"
    label = "own_forms"
