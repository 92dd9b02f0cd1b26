"""What `bulou run` serves: the pages behind the front. Each worker process loads it anew."""

import os

from bulou.site.wsgi import application as pages  # first: it sets Django up

from bulou.site.front import KEPT, THREADS, Front, sweep  # isort: skip
from bulou.site.stalled import watch  # isort: skip

application = Front(pages, int(os.environ.get(THREADS, "16")))
sweep(application.folder, KEPT)
watch()
