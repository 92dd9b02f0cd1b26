"""The `bulou` command: everything an installation is run with, one line each in its help."""

import click

from bulou import __version__
from bulou.site.commands.accounts import accounts
from bulou.site.commands.care import backup, erase, key, rebuild, restore
from bulou.site.commands.console import COMMANDS
from bulou.site.commands.registers import areas, people
from bulou.site.commands.rehearsal import drill, report
from bulou.site.commands.serve import check, migrate, run
from bulou.site.commands.working import jobs, table

GROUPS = {
    "Serve": ["run", "migrate", "check", "jobs"],
    "Registers": ["areas", "people", "table"],
    "Reports and rehearsal": ["report", "drill"],
    "Keep it safe": ["backup", "restore", "rebuild", "erase", "key", "accounts"],
}


class Grouped(click.Group):
    """Lists the commands by what they are for."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for heading, names in GROUPS.items():
            commands = [command for name in names if (command := self.get_command(ctx, name))]
            with formatter.section(heading):
                formatter.write_dl([(str(c.name), c.get_short_help_str(limit=90)) for c in commands])

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for names in GROUPS.values() for name in names]


@click.group(cls=Grouped, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, message="Bulou 不漏 %(version)s")
def main() -> None:
    """Bulou 不漏: miss no household, miss no one.

    The data lives in the folder BULOU_DATA names (./data if it names none), or in the PostgreSQL database that
    DATABASE_URL names.
    """


for command in (
    run,
    migrate,
    check,
    jobs,
    areas,
    people,
    table,
    report,
    drill,
    backup,
    restore,
    rebuild,
    erase,
    key,
    accounts,
):
    main.add_command(command)
for command in COMMANDS:
    accounts.add_command(command)
