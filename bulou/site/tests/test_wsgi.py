"""What every server loads."""

import os
import subprocess
import sys

SERVED = """
import threading
from bulou.site.wsgi import application
print(callable(application), [thread.name for thread in threading.enumerate()])
"""


def test_a_server_runs_the_jobs_beside_the_requests(tmp_path):
    """Reactions to what phones wrote, and what is destroyed every hour, are nobody else's to run."""
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "BULOU_SECRET_KEY")}
    served = subprocess.run(
        [sys.executable, "-c", SERVED],
        env=env | {"BULOU_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert served.stdout.startswith("True") and "'bulou jobs'" in served.stdout, served.stderr
