"""Do by hand what the server does beside its work."""

import click

from bulou.site.commands.edge import installation


@click.command(short_help="Act once upon all that phones and forms wrote since the last time.")
def jobs() -> None:
    """Act once upon all that phones and forms wrote since the last time, and list what could not be acted upon.

    A running server does this every second by itself, and this command then leaves it to the server. What fails is
    tried again by itself; it is listed here, and in the held tray, until it succeeds.
    """
    with installation():
        from bulou.core.moments import CHINA, now
        from bulou.ledger.queries import setbacks
        from bulou.site.background import turn
        from bulou.site.jobs import run_jobs

        with turn() as mine:
            if mine:
                ran = run_jobs(at=now())
                click.echo(f"{ran.done:,} acted upon, {ran.failed:,} failed.")
            else:
                click.echo("A running server does this already.")
        for one in setbacks():
            since = one.since.astimezone(CHINA)
            click.secho(f"✗ {one.kind} {one.entry} of county {one.county}, {one.consumer}: {one.why}", fg="red")
            click.echo(f"  tried {one.tries} times since {since:%Y-%m-%d %H:%M}")
