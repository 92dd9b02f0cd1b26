"""The WSGI application, for `bulou run` and for any other WSGI server."""

from django.core.wsgi import get_wsgi_application

from bulou.site.installation import collect_seldom, prepare

prepare(serving=True)
application = get_wsgi_application()
collect_seldom()

from bulou.site import background  # noqa: E402 — it needs what prepare has set up

background.start()
