from django.apps import AppConfig


class RostersConfig(AppConfig):
    name = "bulou.rosters"
    label = "rosters"
