from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "bulou.exchange"
    label = "exchange"
