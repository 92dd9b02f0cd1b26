"""Be, at the machine's console, the second person whom a county does not have. The others are in console.py."""

import click

from bulou.site.commands.edge import installation


@click.group(short_help="Make, reset and end accounts where a second person is missing.")
def accounts() -> None:
    """Accounts: an auditor's, and what a county with one manager does at the machine's console.

    Whoever stands here stands in for the person who is missing. Everything is on record as done at the console.
    """


@accounts.command("second-step", short_help="Make the code with which somebody sets their second step up.")
@click.argument("username")
def second_step(username: str) -> None:
    """Make the code with which the account USERNAME sets its second step up, to be handed over in person.

    If its phone is lost, its second step is taken off and its sessions end first. That takes two people: where one
    other manager is there, they ask on the page of the account and this approves; where none is, this does both. Where
    there are people enough it is refused, and names them.
    """
    with installation():
        from bulou.access import actions, queries
        from bulou.core.moments import CHINA, now

        account, moment = queries.find_account(username), now()
        if account is None:
            raise LookupError(f"there is no account called {username}")
        reset = queries.has_second_factor(account)
        code = actions.stand_in(account=account, at=moment)
        waits = queries.find_open_code(account, moment)
        if reset:
            click.echo("The second step is taken off, and every session of the account has ended.")
        click.echo(f"Hand this code to {username} in person. It is shown only now and works once:")
        click.secho(f"  {' '.join(code[at : at + 4] for at in range(0, len(code), 4))}", bold=True)
        if waits is not None:
            click.echo(f"It is good until {waits.expires_at.astimezone(CHINA):%Y-%m-%d %H:%M}.")
