"""A PostgreSQL server of one's own, for as long as something runs.

`python tests/postgres.py "heading" command...` runs the command with DATABASE_URL pointing at a fresh private server;
where no server program is installed it says that the command was skipped. It is as durable as a real one has to be; a
test that needs a server to itself asks `cluster()`. The role is the databases' owner and no superuser, as in a real
installation: a superuser would not notice a missing grant.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROLE = "bulou"
SETTINGS = ("synchronous_commit=on", "listen_addresses=127.0.0.1", "max_connections=60", "shared_buffers=256MB")


def find_programs() -> Path | None:
    """Return the folder of initdb and pg_ctl, the newest version first, or None."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -float(p.parent.name))
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def cluster() -> Iterator[str]:
    """Start a server in a temporary folder and yield its URL; stop and remove it afterwards.

    Raise RuntimeError if no server is installed. PostgreSQL refuses to run as root; root becomes `postgres` for it.
    """
    programs = find_programs()
    if programs is None:
        raise RuntimeError("no PostgreSQL server is installed")
    as_user: dict[str, object] = (
        {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    )
    superuser = "postgres" if as_user else pwd.getpwuid(os.geteuid()).pw_name
    with tempfile.TemporaryDirectory(prefix="bulou-postgres-", ignore_cleanup_errors=True) as folder:
        if as_user:
            shutil.chown(folder, "postgres", "postgres")
        data, port = Path(folder) / "data", _free_port()

        def run(program: str, *arguments: str) -> None:
            subprocess.run(
                [programs / program, *arguments], check=True, cwd=folder, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C.UTF-8"}, **as_user,  # type: ignore[call-overload]
            )  # fmt: skip

        run(
            "initdb",
            "-D",
            str(data),
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "-U",
            superuser,
            "--no-sync",
        )
        settings = [*SETTINGS, f"port={port}", f"unix_socket_directories={folder}"]
        with (data / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in (s.split("=", 1) for s in settings))
        run("pg_ctl", "-D", str(data), "-l", str(Path(folder) / "log"), "-w", "start")
        try:
            address = ["-h", folder, "-p", str(port), "-U", superuser]
            run("psql", *address, "-qc", f"CREATE ROLE {ROLE} LOGIN CREATEDB", "postgres")
            run("createdb", *address, "-O", ROLE, ROLE)
            yield f"postgresql://{ROLE}@127.0.0.1:{port}/{ROLE}"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")


def main(heading: str, *command: str) -> int:
    if find_programs() is None:
        print(f"!! SKIPPED: {heading.strip('= ')}. There is no PostgreSQL server here.")
        return 0
    print(heading, flush=True)
    with cluster() as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
