"""Run the product: set up, refuse what would lose data, serve."""

import errno
import os
import resource
import secrets
import shutil
import socket
import ssl
import time
from ipaddress import ip_address
from pathlib import Path

import click

from bulou.site.commands.edge import installation, step
from bulou.site.installation import alone, data_folder

A_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
FEWEST_THREADS = 4  # of a process: fewer, and one slow page holds up the others
ASIDE = 2  # connections of a process besides: the jobs, and a list that is read in the background


@click.command(short_help="Set up what is missing and serve the product.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", type=click.IntRange(1), help="Processes; PostgreSQL only. SQLite has one writer.")
@click.option("--threads", type=click.IntRange(1), help="Threads of each process.")
@click.option("--certificate", type=A_FILE, help="Certificate (PEM, with those above it) to serve https with.")
@click.option("--certificate-key", type=A_FILE, help="Its key (PEM, PKCS#8).")
@click.option("--without-tls", is_flag=True,
              help="Listen beyond this machine although anybody on the way can read passwords and records.")  # fmt: skip
@click.option("--demo", is_flag=True, help="Serve the demonstration county, kept apart in its own data folder.")
@click.option("--people", default=5000, show_default=True, type=click.IntRange(100, 1_000_000),
              help="People in the demonstration county, when it is made.")  # fmt: skip
def run(
    host: str, port: int, workers: int | None, threads: int | None, certificate: Path | None, certificate_key: Path | None,
    without_tls: bool, demo: bool, people: int,
) -> None:  # fmt: skip
    """Set up what is missing and serve the product.

    Brings the database up to date, refuses one that could lose an acknowledged entry in a power cut, and serves.
    With --demo the county of 镇坪 is played from 26 January to 11 February 2020 and served, in data/demo, with accounts
    that exist nowhere else.

    Beyond this machine it serves only over https: with a certificate of its own, or behind a proxy that has one
    (docs/guide/deployment.md).
    """
    certified = _certified(certificate, certificate_key)
    check_confidential(host, own=certified is not None, without_tls=without_tls)
    if certified:
        os.environ["BULOU_HTTPS"] = "1"
    if demo:
        if os.environ.get("DATABASE_URL"):
            raise click.ClickException("--demo keeps its county in a file of its own; unset DATABASE_URL to use it")
        os.environ["BULOU_DATA"] = str(data_folder() / "demo")
    with installation(serving=True), alone(data_folder()):
        check_can_serve(host, port, workers)  # before a minute's work, not after it
        if demo:
            clear_unfinished_demonstration()
        bring_up_to_date()
        refuse_weak_durability()
        collect_static()
        if demo:
            demonstrate(people)
        else:
            offer_setup(f"http{'s' if certified else ''}://{host}:{port}")
        if not on_this_machine(host):
            click.echo(f"Listening on {host}: name the hosts people use in BULOU_HOSTS.")
        if without_tls:
            click.secho("Without TLS: whoever is on the way reads passwords and records. For trials only.", fg="red")
        click.secho(f"Open http{'s' if certified else ''}://{host}:{port}/   (Ctrl-C stops it)", bold=True)
        serve(host, port, workers, threads, certified)


def on_this_machine(host: str) -> bool:
    """Tell whether only this machine can reach the address."""
    try:
        return all(
            ip_address(str(address[0]).partition("%")[0]).is_loopback
            for *_, address in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        )
    except OSError:
        return False


def check_confidential(host: str, *, own: bool, without_tls: bool) -> None:
    """Refuse to let others reach what nobody encrypts, and what would send every browser round in a circle."""
    https, proxy = os.environ.get("BULOU_HTTPS", "") == "1", os.environ.get("BULOU_PROXY", "") == "1"
    if https and not proxy and not own:
        raise click.ClickException(
            "BULOU_HTTPS=1 sends everybody to https, and nobody speaks it here: give --certificate, or set BULOU_PROXY=1 "
            "too if a proxy of yours does (docs/guide/deployment.md)"
        )
    if on_this_machine(host) or own or (https and proxy) or without_tls:
        return
    raise click.ClickException(
        f"{host} can be reached from other machines, and without TLS whoever is on the way reads passwords and what is said "
        "about people. Either listen on 127.0.0.1 behind nginx or Caddy, with BULOU_HTTPS=1 and BULOU_PROXY=1 "
        "(docs/guide/deployment.md); or give --certificate and --certificate-key; or, for a trial with made-up data, say "
        "--without-tls"
    )


def _certified(certificate: Path | None, key: Path | None) -> tuple[Path, Path] | None:
    if not certificate and not key:
        return None
    if not certificate or not key:
        raise click.ClickException("--certificate and --certificate-key belong together")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise click.ClickException(f"{certificate} and {key} cannot be used for https: {error}") from error
    if b"BEGIN PRIVATE KEY" not in key.read_bytes():
        raise click.ClickException(
            f"{key} is not PKCS#8: openssl pkcs8 -topk8 -nocrypt -in {key} -out key.pem makes it so"
        )
    return certificate, key


def serve(
    host: str, port: int, workers: int | None, threads: int | None, certified: tuple[Path, Path] | None = None
) -> None:
    """Serve until stopped. SQLite gets one process, because two writers of one file only wait for each other."""
    from django.db import connections
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces, SSLProtocols
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    from bulou.site.front import LINES, MOST_HEADERS, THREADS

    workers = 1 if on_sqlite() else workers or os.cpu_count() or 1
    os.environ[THREADS] = str(threads or threads_of(workers))
    connections.close_all()  # a connection must not cross into a worker
    _allow_lines(LINES)
    Granian(
        "bulou.site.serving:application",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(max_buffer_size=MOST_HEADERS),
        websockets=False,
        workers=workers,
        backpressure=LINES,
        ssl_cert=certified and certified[0],
        ssl_key=certified and certified[1],
        ssl_protocol_min=SSLProtocols.tls12,  # telephones of 2016 speak no later one
        respawn_failed_workers=True,
        workers_kill_timeout=10,  # a request that hangs must not keep the server from stopping
        log_level=LogLevels.warning,
    ).serve()


def _allow_lines(lines: int) -> None:
    """Let a process hold so many connections, and some files besides, as far as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = lines + 1024
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
        )


def threads_of(workers: int) -> int:
    """Return how many threads each process has: each holds a database connection for as long as it serves.

    Raise ClickException if the database lets in fewer than so many processes need.
    """
    wanted = max(16, 4 * (os.cpu_count() or 1))
    if on_sqlite():
        return wanted
    left = connections_left()
    if left // workers - ASIDE < FEWEST_THREADS:
        raise click.ClickException(
            f"PostgreSQL lets in {left} connections, and {workers} processes need {workers * (FEWEST_THREADS + ASIDE)}: "
            "give fewer --workers, or raise max_connections"
        )
    return min(wanted, left // workers - ASIDE)


def connections_left() -> int:
    """Return how many connections of the database this server may use: three of four, the rest is for people and backups."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
        )
        return int(cursor.fetchone()[0]) * 3 // 4


def on_sqlite() -> bool:
    from django.db import connection

    return connection.vendor == "sqlite"


def check_can_serve(host: str, port: int, workers: int | None) -> None:
    """Refuse what could only fail once everything is ready: too many writers, an address that cannot be listened on."""
    if on_sqlite() and workers not in (None, 1):
        raise click.ClickException("SQLite has one writer: leave --workers out, or use PostgreSQL")
    try:
        family, sort, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, sort) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        taken = "another program listens there; stop it, or choose another port with --port"
        why = taken if error.errno == errno.EADDRINUSE else str(error)
        raise click.ClickException(f"cannot listen on {host}:{port}: {why}") from error


def offer_setup(address: str) -> None:
    """Where nobody can manage accounts yet, print the address at which the first one is made, once, within a day."""
    from bulou.access import actions
    from bulou.core.moments import now

    key = secrets.token_urlsafe(24)
    if actions.offer_setup(key=key, at=now()):
        click.echo("Nobody has an account yet. Make the first one, for headquarters, within a day, at")
        click.secho(f"  {address}/setup/?key={key}", bold=True)


def clear_unfinished_demonstration() -> None:
    from bulou.site.demonstration import clear_unfinished

    clear_unfinished(data_folder())


def demonstrate(people: int) -> None:
    """Make the demonstration if it is not there, set its clock, and say who can sign in."""
    from bulou.site.demonstration import find_demonstration, make_demonstration, set_clock

    shown = find_demonstration(data_folder())
    if shown is None:
        click.echo(f"Building the demonstration county with about {people:,} made-up people and playing its days.")
        began = time.monotonic()
        shown = make_demonstration(data_folder(), people=people, say=lambda line: click.echo(f"  {line}"))
        click.echo(f"  done ({time.monotonic() - began:.0f} s)")
    set_clock(shown)
    click.echo(f"{shown.county}: made-up people, real places. Its clock is set back to {shown.moment:%Y-%m-%d}.")
    click.echo(f"Accounts of this demonstration only, all with the password {click.style(shown.password, bold=True)}")
    width = max(len(account.username) for account in shown.accounts)
    for account in shown.accounts:
        click.echo(f"  {account.username:<{width}}  {account.name} · {account.area}")


def bring_up_to_date() -> None:
    from django.core.management import call_command

    if pending():
        with step("Bringing the database up to date"):
            call_command("migrate", interactive=False, verbosity=0)


def pending() -> list[str]:
    """Return the migrations that have not been applied."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return [str(migration) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def refuse_weak_durability() -> None:
    from bulou.ledger.queries import weak_durability

    if faults := list(weak_durability()):
        lines = "\n".join(f"  {fault}" for fault in faults)
        raise click.ClickException(f"this database could lose entries it has acknowledged, in a power cut:\n{lines}")


def collect_static() -> None:
    """Collect static files under names that carry their hash, when the code is newer than what was collected."""
    from django.conf import settings
    from django.contrib.staticfiles import finders
    from django.core.management import call_command

    folder = Path(str(settings.STATIC_ROOT))
    manifest = folder / "staticfiles.json"
    sources = (Path(storage.path(path)) for finder in finders.get_finders() for path, storage in finder.list([]))
    newest = max((source.stat().st_mtime for source in sources), default=0.0)
    if manifest.exists() and manifest.stat().st_mtime >= newest:
        return
    with step("Collecting static files"):
        if folder.exists():
            shutil.rmtree(folder)
        call_command("collectstatic", interactive=False, verbosity=0)


@click.command(short_help="Bring the database up to date.")
def migrate() -> None:
    """Bring the database up to date with this version of Bulou."""
    with installation(), alone(data_folder()):
        bring_up_to_date()
        click.echo("The database is up to date.")


@click.command(short_help="Say whether this installation is sound.")
def check() -> None:
    """Say whether this installation is sound: settings, database, durability, kinds of records."""
    with installation():
        faults = list(faults_found())
        for fault in faults:
            click.secho(f"✗ {fault}", fg="red")
        if faults:
            raise click.ClickException(f"{len(faults)} to put right")
        click.echo("✓ settings, database, durability and kinds are sound")


def faults_found() -> list[str]:
    from django.core import checks

    from bulou.ledger.queries import weak_durability
    from bulou.site.installation import open_to_others

    found = [
        f"data: others than its owner can read {path}; take that right from them"
        for path in open_to_others(data_folder())
    ]
    found += [f"settings: {message.msg}" for message in checks.run_checks() if message.level >= checks.WARNING]
    waiting = pending()
    found += [f"database: {name} has not been applied; run bulou migrate" for name in waiting]
    found += [f"durability: {fault}" for fault in weak_durability()]
    found += [f"kinds: {fault}" for fault in kind_faults()]
    if not waiting:
        from bulou.core.moments import now
        from bulou.ledger.queries import setbacks
        from bulou.site.retention import overdue, waiting_for_word

        found += [
            f"retention: what {name} of {county} says of people should have been destroyed; run bulou erase"
            for county, name in overdue(at=now())
        ]
        found += [f"retention: {said}" for said in waiting_for_word(at=now())]
        found += [f"jobs: {one.kind} {one.entry} ({one.consumer}): {one.why}" for one in setbacks()]
    return found


def kind_faults() -> list[str]:
    """Return what is wrong with the kinds of records taken together."""
    from bulou.site.kinds import find_kinds

    try:
        find_kinds()
    except ValueError as error:
        return str(error).splitlines()
    return []
