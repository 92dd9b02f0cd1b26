"""What would be destroyed, counted; and the machine's word where a county has one person only who may give it."""

from uuid import UUID

import click


def show_forecast() -> None:
    """Print what is due, and what a closed incident sets going, by county. Nothing is changed."""
    from bulou.command.queries import ever_declared
    from bulou.core.moments import CHINA, now
    from bulou.core.scope import EVERYTHING, seeing
    from bulou.ledger import queries
    from bulou.office.clocks import forecast
    from bulou.site.retention import note_all

    at = now()
    with seeing(EVERYTHING):
        note_all(at=at)
        for county in queries.counties():
            if not ever_declared(county):
                click.echo(f"{county}  No incident was ever declared: days that count from its close cannot begin.")
            for one in forecast(county, now=at):
                when = f"from {one.due.astimezone(CHINA):%Y-%m-%d}" if one.due else "now"
                waits = ", once two people have given their word" if one.waits else ""
                what = f"{one.name} ({' '.join(one.columns)})" if one.columns else one.name
                click.echo(f"{county}  {what}: {one.count:,}, {when}{waits}  ({one.basis or one.event})")


def approve_by_machine(incident: str) -> None:
    """Give the console's word for a closed incident: whoever owns the machine stands for a second person."""
    from bulou.command.actions import approve_destruction
    from bulou.command.queries import endings
    from bulou.core.moments import now
    from bulou.core.scope import EVERYTHING, seeing
    from bulou.ledger import queries

    at = now()
    with seeing(EVERYTHING):
        for county in queries.counties():
            for one in endings(county, now=at):
                if str(one.incident) == incident.strip().lower():
                    approve_destruction(
                        area=one.area, incident=UUID(incident), basis="given at the machine", by="system:console", at=at
                    )
                    click.echo(f"Given for {one.name}, closed on {one.closed_on}.")
                    return
    raise click.ClickException("There is no closed incident of this id: bulou check names those that wait.")
