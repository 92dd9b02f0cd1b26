from django.apps import AppConfig


class CheckpointsConfig(AppConfig):
    name = "bulou.checkpoints"
    label = "checkpoints"
