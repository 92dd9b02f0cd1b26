from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "bulou.site"
    label = "bulou_site"

    def ready(self) -> None:
        from bulou.access import places
        from bulou.areas import queries as areas
        from bulou.ledger import law
        from bulou.office.declared import check_declared
        from bulou.site.law import make_law
        from bulou.site.places import offered_areas

        check_declared()
        law.install(make_law())
        places.install(names=areas.names, choices=offered_areas)
