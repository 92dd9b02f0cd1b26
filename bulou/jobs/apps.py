from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "bulou.jobs"
    label = "jobs"
