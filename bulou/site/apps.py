from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "bulou.site"
    label = "bulou_site"

    def ready(self) -> None:
        from bulou.ledger import law
        from bulou.site.law import make_law

        law.install(make_law())
