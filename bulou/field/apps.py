from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "bulou.field"
    label = "field"
