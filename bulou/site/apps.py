from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "bulou.site"
    label = "bulou_site"
