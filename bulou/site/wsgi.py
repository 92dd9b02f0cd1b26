"""The WSGI application, for `bulou run` and for any other WSGI server."""

import gc

from django.core.wsgi import get_wsgi_application

from bulou.site.installation import prepare

prepare(serving=True)
application = get_wsgi_application()

# What was loaded stays: the collector need not walk it again for every few hundred objects a request makes.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
