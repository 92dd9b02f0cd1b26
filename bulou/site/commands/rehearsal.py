"""Reports of a day, and days played as a rehearsal."""

import click


@click.command(short_help="Print an area's report of a day.")
def report() -> None:
    """Print an area's report of a day."""
    raise click.ClickException("reports are not part of this build")


@click.command(short_help="Build a county from its blueprint and play its days.")
def drill() -> None:
    """Build a county from its blueprint and play its days."""
    raise click.ClickException("the drill is not part of this build")


def demonstrate(people: int) -> None:
    """Build and play the demonstration county of so many people, unless it is there already."""
