"""Do by hand what the server does beside its work, and put a county's decision table into use."""

from datetime import date
from pathlib import Path

import click

from bulou.site.commands.edge import A_DAY, installation


@click.command(short_help="Act once upon all that phones and forms wrote since the last time.")
def jobs() -> None:
    """Act once upon all that phones and forms wrote since the last time, and list what could not be acted upon.

    Work that was asked for on a page and waits (a roster, a list) is done too; what of it is not done is listed.
    A running server does this every second by itself, and this command then leaves it to the server. What fails is
    tried again by itself; it is listed here, and in the held tray, until it succeeds.
    """
    with installation():
        from bulou.core.moments import CHINA, now
        from bulou.jobs.queries import jobs as jobs_asked
        from bulou.ledger.queries import setbacks
        from bulou.site.background import turn
        from bulou.site.jobs import declared_reactions, run_jobs, works
        from bulou.site.workers import Workers

        with turn() as mine:
            if mine:
                ran = run_jobs(at=now())
                click.echo(f"{ran.done:,} acted upon, {ran.failed:,} failed.")
                Workers(works()).finish(clock=now)
            else:
                click.echo("A running server does this already.")
        for one in setbacks():
            since = one.since.astimezone(CHINA)
            click.secho(f"✗ {one.kind} {one.entry} of county {one.county}, {one.consumer}: {one.why}", fg="red")
            click.echo(f"  tried {one.tries} times since {since:%Y-%m-%d %H:%M}")
        for job in jobs_asked():
            asked = job.at.astimezone(CHINA)
            said = f"{job.work} {job.id} of county {job.county}: {job.state}{f' ({job.why})' if job.why else ''}"
            click.secho(said, fg=None if job.is_open else "red")
            click.echo(f"  asked for {asked:%Y-%m-%d %H:%M}, tries {job.tries}")
        click.echo(f"What follows from entries: {', '.join(one.name for one in declared_reactions())}.")
        click.echo(f"Work done beside the pages: {', '.join(one.name for one in works())}.")


@click.command(short_help="Check a decision table of posts, and take it into use in a county.")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--county", required=True, type=click.IntRange(110000, 829999), help="The county's six-digit code.")
@click.option("--since", type=A_DAY, help="The day from which it holds.")
@click.option("--basis", default="", help="The document it rests on. Without it the table is only checked.")
def table(path: Path, county: int, since: date | None, basis: str) -> None:
    """Check the decision table in PATH (TOML): rows never reached, cases no row decides, rows that overlap.

    With --since and --basis it is then taken into use, on record; phones take it at their next exchange.
    """
    with installation():
        from bulou.checkpoints.actions import adopt_table
        from bulou.checkpoints.queries import shipped_inputs
        from bulou.checkpoints.rules.checking import check, describe, findings
        from bulou.checkpoints.rules.tables import read_table
        from bulou.core.moments import day_of, now
        from bulou.records.rulebook import rules_in_force

        moment, text = now(), path.read_text("utf-8")
        rules = rules_in_force(county, moment)
        read = read_table(text, shipped_inputs(), rules)
        for one in findings(read):
            click.echo(f"{'✗' if one.is_error else '·'} {describe(one)}")
        check(read)
        click.echo(f"{read.name}: {len(read.rows)} rows, every case is decided.")
        if basis:
            first = since if since else day_of(moment)
            adopt_table(county=county, text=text, since=first, basis=basis, ruleset=rules, by="system:bulou", at=moment)
            click.echo(f"In force in {county} from {first}.")
