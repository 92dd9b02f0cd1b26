"""Reports of a day, and days played as a rehearsal."""

import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulou.site.commands.edge import A_DAY, installation
from bulou.site.installation import alone, data_folder

if TYPE_CHECKING:
    from bulou.drill.actions.passing import Hidden


@click.command(short_help="Print an area's report of a day, as text ready to send.")
@click.argument("area")
@click.option("--day", type=A_DAY, help="The day, as 2020-02-03. Today if left out.")
@click.option("--excel", type=click.Path(path_type=Path, dir_okay=False), help="Write the report to this workbook too.")
@click.option("--english", is_flag=True, help="In English.")
def report(area: str, day: date | None, excel: Path | None, english: bool) -> None:
    """Print the report of AREA (a 12-digit code): one paragraph, ready to send. It names no person."""
    with installation():
        from bulou.areas.queries import get_area
        from bulou.core.divisions import number_of
        from bulou.core.moments import day_of, now
        from bulou.exchange.rules.writing import Column, Page, write_pages
        from bulou.reports.reported import as_reported
        from bulou.reports.text import paragraph, sheets

        moment, language = now(), "en" if english else "zh-hans"
        of = day if day else day_of(moment)
        compiled = as_reported(get_area(number_of(area)).number, of, now=moment)
        click.echo(paragraph(compiled, language))
        if excel:
            pages = [
                Page(sheet.title, [Column(head) for head in sheet.head], sheet.rows)
                for sheet in sheets(compiled, language)
            ]
            excel.write_bytes(write_pages(pages).content)


@click.command(short_help="Build a county from its blueprint and play its days.")
@click.argument("blueprint")
@click.option("--people", default=5000, show_default=True, type=click.IntRange(100, 1_000_000), help="About how many.")
@click.option("--seed", default=1, show_default=True, help="The same seed plays the same days.")
@click.option("--until", type=A_DAY, help="The last day to play. The blueprint's if left out.")
@click.option("--days", type=click.IntRange(1, 30), help="How many days to play, instead of --until.")
@click.option("--posts", type=click.IntRange(2, 500), help="How many posts; staff, traffic and teams in proportion.")
def drill(blueprint: str, people: int, seed: int, until: date | None, days: int | None, posts: int | None) -> None:
    """Build the county of BLUEPRINT with made-up people, and play its days: zhenping, xinxian or weixin.

    Everything goes in through the doors that real work uses. At the end the county's published paragraph is computed
    back from what was recorded. A database that already holds entries is refused: point BULOU_DATA at a new folder.
    """
    with installation(), alone(data_folder()):
        from dataclasses import replace
        from datetime import timedelta

        from bulou.core.moments import at_midnight
        from bulou.drill.actions import play, set_up
        from bulou.drill.queries import paragraph
        from bulou.ledger.queries import latest_receipt
        from bulou.site.commands.serve import bring_up_to_date
        from bulou.site.demonstration import read_blueprint
        from bulou.site.jobs import run_jobs

        plan = read_blueprint(blueprint)
        if posts and plan.posts:
            plan = replace(plan, posts=plan.posts.scaled(posts))
        bring_up_to_date()
        if latest_receipt():
            raise click.ClickException(
                "this database holds entries already; name a new folder in BULOU_DATA for a drill"
            )
        began = time.monotonic()
        last = until if until else plan.last_day
        last = plan.first_day + timedelta(days=days - 1) if days else last
        set_up(plan, people=people, seed=seed, say=click.echo)
        truth = play(plan, seed=seed, until=at_midnight(last) + timedelta(days=1), say=click.echo,
                     work=lambda at: run_jobs(at=at))  # fmt: skip
        click.echo(f"{plan.title} is played to the end of {last} ({time.monotonic() - began:.0f} s).")
        if plan.groups:
            click.echo(
                f"Hidden: {len(truth.households)} households, {len(truth.persons)} persons that nobody has seen."
            )
        if truth.posts:
            _tell(truth.posts)
        if found := paragraph(plan, last=last):
            click.echo(f"\n{found.zh}\n{found.en}")


def _tell(hidden: "Hidden") -> None:
    """Say what went wrong at the posts on purpose."""
    from bulou.core.moments import CHINA

    if hidden.empty:
        click.echo(f"Hidden: a post stood empty for {hidden.empty.seconds} s from {hidden.empty.start:%m-%d %H:%M:%S}.")
    if hidden.unrested:
        start = hidden.unrested[1].astimezone(CHINA)
        click.echo(f"Hidden: somebody stands on without rest when the next turn begins, {start:%m-%d %H:%M}.")
    if hidden.silent:
        _, start, end = hidden.silent
        click.echo(
            f"Hidden: a post had no signal from {start:%m-%d %H:%M} to {end:%H:%M}; {hidden.silent_entries} late."
        )
    click.echo(f"Hidden: {len(hidden.liars)} people were let in and never arrived.")
