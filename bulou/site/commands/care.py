"""Keep the data safe: copy it, put it back, fold it again."""

from pathlib import Path

import click

from bulou.site.commands.edge import counting, installation, step
from bulou.site.installation import alone, data_folder, key_kept

A_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(short_help="Write a verified copy of the database while people work.")
@click.argument("path", type=A_FILE)
def backup(path: Path) -> None:
    """Write a verified copy of the database to PATH, and what it holds to PATH.json, while people work."""
    with installation():
        from bulou.core.moments import now
        from bulou.site.backup import back_up

        with step(f"Copying the database to {path}"):
            manifest = back_up(path, at=now())
        size = path.stat().st_size / 1e6
        click.echo(
            f"{manifest.rows:,} rows in {len(manifest.tables)} tables, of them "
            f"{manifest.tables['ledger_entry']:,} entries; {size:,.1f} MB, verified."
        )
        click.echo(
            f"It is sealed with the installation's key ({key_kept()}), which is in no backup: without the key nobody reads "
            "it, you neither. Keep a copy of the key elsewhere, on paper or on a stick, never beside the backups."
        )


@click.command(short_help="Put a copy back; what was there is kept.")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Put it in place of a database that already holds something.")
@click.option("--key", "key", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="File with the key it was sealed with, if that is not this installation's.")  # fmt: skip
def restore(path: Path, replace: bool, key: Path | None) -> None:
    """Put the copy at PATH back. What was there is never overwritten: with --replace it is kept beside.

    It needs the copy, the file PATH.json beside it, and the key of the installation that made it (secret.key).
    """
    with installation(), alone(data_folder()):
        from bulou.core.moments import now
        from bulou.site.backup import key_mark
        from bulou.site.backup import restore as put_back
        from bulou.site.commands.serve import bring_up_to_date
        from bulou.site.retention import erase_due

        with step(f"Putting {path} back"):
            keys = [key.read_text("ascii").strip()] if key else []
            manifest, kept = put_back(path, at=now(), replace=replace, keys=keys)
        click.echo(f"{manifest.rows:,} rows of {manifest.made_at:%Y-%m-%d %H:%M} are in place, counted.")
        if kept:
            click.echo(f"What was there is kept: {kept}")
        click.echo(f"Phones taken out of use after {manifest.made_at:%Y-%m-%d %H:%M} are in use again: look at Phones.")
        if manifest.key and manifest.key != key_mark():
            click.echo(
                "This installation has another key than the one the backup was made under. Phones enrolled since the "
                f"backup must be enrolled anew; put the old key back ({key_kept()}) and they need not be."
            )
        bring_up_to_date()
        if erased := erase_due(at=now()):
            click.echo(f"Destroyed again: what {erased:,} records of the copy said of people, whose days are over.")
        click.echo("Now run:  bulou check")


@click.command(short_help="Destroy what records say of people once its days are over, and show what was destroyed.")
@click.option("--rewrite", is_flag=True, help="Write the tables anew too, so that no disk block keeps an old row.")
@click.option("--record", is_flag=True, help="Only show what was destroyed in the last 90 days, and on what basis.")
@click.option("--dry-run", is_flag=True, help="Only count what would be destroyed, and say when; nothing is changed.")
@click.option(
    "--approve", metavar="INCIDENT", help="Give this machine's word for a closed incident, as the second person's."
)
def erase(rewrite: bool, record: bool, dry_run: bool, approve: str | None) -> None:
    """Destroy what records and registers say of people where the rule set's days for it are over. Rows, numbers and choices
    that name nobody stay. What counts from the close of an incident waits for the word of two people; where a county has
    only one who may give it, --approve stands for the second.

    A running server does this every hour by itself. With --rewrite nobody else can write while the tables are written
    anew: choose a quiet hour, and do it once after coming from a version that did not erase.
    """
    with installation():
        from datetime import timedelta

        from bulou.core.moments import CHINA, now
        from bulou.ledger import queries
        from bulou.site.commands.destroying import approve_by_machine, show_forecast
        from bulou.site.retention import erase_due

        if approve:
            approve_by_machine(approve)
            return
        if dry_run:
            show_forecast()
            return
        if not record:
            done = erase_due(at=now(), rewrite=rewrite)
            click.echo(f"Destroyed now: what {done:,} records and rows said of people.")
            return
        for county in queries.counties():
            for one in queries.destroyed(county, since=now() - timedelta(days=90)):
                where = "held tray" if one.held else "ledger"
                click.echo(
                    f"{county}  {one.erased_at.astimezone(CHINA):%Y-%m-%d %H:%M}  {one.kind} of {one.day}, {where}:"
                    f" {one.count:,}  ({one.basis})"
                )
        for county in [0, *queries.counties()]:
            for each in queries.emptied(county, since=now() - timedelta(days=90)):
                click.echo(
                    f"{county}  {each.erased_at.astimezone(CHINA):%Y-%m-%d %H:%M}  {each.name}"
                    f" ({' '.join(each.columns)}): {each.count:,} rows  ({each.basis or each.event})"
                )


@click.command(short_help="Fold every entry again into duties and counts.")
@click.option("--county", type=click.IntRange(110000, 829999), help="One county's six-digit code; all of them without.")
def rebuild(county: int | None) -> None:
    """Drop every duty, piece of evidence and count, and compute them again from the entries."""
    with installation():
        from bulou.ledger import queries
        from bulou.ledger.actions import rebuild as fold_again

        counties = [county] if county else queries.counties()
        if not counties:
            click.echo("There are no entries yet: nothing to fold.")
        for number in counties:
            fold_again(number, progress=counting(f"{number}: entries folded"))
            click.echo(f"\r{number}: folded again                    ")


@click.command(short_help="Say where the installation's key is, or give it a new one.")
@click.option("--new", is_flag=True, help="Make a new key, when somebody may have seen the old one.")
def key(new: bool) -> None:
    """Say where the installation's key is kept and what it is known by; with --new, change it.

    Under a new key everybody signs in again and passwords of ODK Collect are new; phones go on. Backups made before need
    the old key, which is kept beside the new one.
    """
    with installation():
        from bulou.access.actions import end_sessions, reseal
        from bulou.core.moments import now
        from bulou.core.sealing import mark_of
        from bulou.site.installation import new_key, secrets_at_hand

        if new:
            with alone(data_folder()):
                kept = new_key(now())
                fresh = (data_folder() / "secret.key").read_text("ascii")
                done = reseal([fresh, *secrets_at_hand()])
                end_sessions()
            click.echo(f"The old key is kept as {kept}: backups made until now need it.")
            click.echo(
                f"{done} second factors are sealed with the new key, {mark_of(fresh)}. Keep a copy of it elsewhere."
            )
            return
        click.echo(f"{key_kept()}  ({mark_of(secrets_at_hand()[0])})")
        for old in sorted(data_folder().glob("secret.key.until-*")):
            click.echo(f"{old}  ({mark_of(old.read_text('ascii').strip())}), for backups made until then")
