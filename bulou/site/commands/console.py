"""Accounts, made and changed by whoever owns the machine: an auditor's, and where a second person is missing."""

from datetime import date, datetime, timedelta
from uuid import UUID

import click

from bulou.site.commands.edge import A_DAY, installation

BY = "system:console"
AREA = click.option("--area", required=True, help="The code of the area: 6 digits for a county, 12, or 18.")
ROLE = click.option("--role", required=True, help="The role, such as auditor or headquarters.")
UNTIL = click.option("--until", type=A_DAY, help="Its last day; without it as long as the role is given for.")


def number_of_area(code: str) -> int:
    """Return the number of an area by its code as people write it. Raise ValueError."""
    from bulou.core.divisions import number_of

    return number_of(code.ljust(12, "0") if len(code) == 6 else code)


@click.command(short_help="Make an account with a role, and print its first password.")
@click.argument("username")
@click.option("--name", required=True, help="The person's name, as others will see it.")
@ROLE
@AREA
@UNTIL
def make(username: str, name: str, role: str, area: str, until: date | None) -> None:
    """Make the account USERNAME with a role over an area. Its first password is printed once."""
    with installation():
        from django.db import transaction

        from bulou.access import actions
        from bulou.core.ids import new_secret
        from bulou.core.moments import now

        at, password, where = now(), new_secret(12), number_of_area(area)
        with transaction.atomic():
            account = actions.create_account(
                username=username, display_name=name, area=where, password=password, by=BY, at=at
            )
            actions.grant(account=account, role=role, area=where, by=BY, at=at, ends_at=_ends(until))
        _say(username, password)


@click.command(short_help="Give an account a new password, and print it.")
@click.argument("username")
def password(username: str) -> None:
    """Give the account USERNAME a password for one sign-in; every session of it ends."""
    with installation():
        from bulou.access import actions
        from bulou.core.ids import new_secret
        from bulou.core.moments import now

        fresh = new_secret(12)
        actions.set_password(account=_found(username), password=fresh, by=BY, at=now())
        _say(username, fresh)


@click.command(short_help="Give an account a role.")
@click.argument("username")
@ROLE
@AREA
@UNTIL
def give(username: str, role: str, area: str, until: date | None) -> None:
    """Give the account USERNAME a role over an area, or the same once more for longer."""
    with installation():
        from bulou.access import actions
        from bulou.core.moments import now

        account, where = _found(username), number_of_area(area)
        actions.grant(account=account, role=role, area=where, by=BY, at=now(), ends_at=_ends(until))
        click.echo(f"{username} now has the role {role} over {area}.")


@click.command(short_help="Take a role back from an account.")
@click.argument("username")
@ROLE
def end(username: str, role: str) -> None:
    """Take every live grant of a role back from the account USERNAME."""
    with installation():
        from bulou.access import actions, queries
        from bulou.core.moments import now

        at = now()
        live = [one for one in queries.grants_of(_found(username)) if one.role == role and one.ends_at > at]
        if not live:
            raise LookupError(f"{username} does not have the role {role}")
        for one in live:
            actions.revoke_grant(grant=one.id, by=BY, at=at, reason="at the machine's console")
        click.echo(f"{username} no longer has the role {role}.")


def _found(username: str) -> UUID:
    from bulou.access.queries import find_account

    account = find_account(username)
    if account is None:
        raise LookupError(f"there is no account called {username}")
    return account


def _ends(until: date | None) -> datetime | None:
    from bulou.core.moments import at_midnight

    return at_midnight(until + timedelta(days=1)) if until else None


def _say(username: str, password: str) -> None:
    click.echo(f"Hand this password to {username} in person. It is shown only now; at the first sign-in it is changed.")
    click.secho(f"  {password}", bold=True)


COMMANDS = (make, password, give, end)
