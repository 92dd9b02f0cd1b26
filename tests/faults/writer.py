"""Appends small batches without end and prints the ids of a batch once it is acknowledged.

python writer.py FIRST SYNCHRONOUS        (BULOU_DATA says where the database is)
"""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bulou.site.settings"
django.setup()

from django.db import connection  # noqa: E402

from bulou.ledger import actions, law  # noqa: E402
from bulou.ledger.tests.library import HALL, START, Shelves, entry  # noqa: E402
from bulou.ledger.tests.library import law as library_law  # noqa: E402

first, synchronous = int(sys.argv[1]), sys.argv[2]
books = {f"book:{n}": (HALL, START) for n in range(50)}
law.install(library_law(Shelves(books)))
with connection.cursor() as cursor:
    cursor.execute(f"PRAGMA synchronous={synchronous}")
while True:
    batch = [
        entry(n, ("loan", "note", "return")[n % 3], f"book:{n % 50}", n, {"page": n}) for n in range(first, first + 6)
    ]
    receipts = actions.append(batch, at=START)
    os.write(1, b"".join(b"%d\n" % receipt.id.int for receipt in receipts if receipt.outcome == "applied"))
    first += 6
