"""Accounts at the machine's console: what headquarters alone cannot do to an auditor, its owner can, on record."""

import pytest
from click.testing import CliRunner

from bulou.access import queries
from bulou.access.tests.people import COUNTY, make_account
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing
from bulou.site.commands import main
from bulou.site.commands.console import BY

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    done = CliRunner().invoke(main, ["accounts", *words])
    assert done.exit_code == 0, done.output
    return done.output


def test_an_auditor_is_made_reset_given_more_days_and_ended_here() -> None:
    make_account("headquarters", COUNTY)
    first = run("make", "watch.one", "--name", "安娜", "--role", "auditor", "--area", "610927")
    account = queries.find_account("watch.one")
    assert account and [(h.role, h.area) for h in queries.holdings_of(account, now())] == [("auditor", COUNTY)]
    second = run("password", "watch.one")
    assert first.split()[-1] != second.split()[-1]
    run("give", "watch.one", "--role", "auditor", "--area", "610927000000", "--until", "2099-01-01")
    assert len(queries.holdings_of(account, now())) == 2
    run("end", "watch.one", "--role", "auditor")
    assert queries.holdings_of(account, now()) == []
    with seeing(EVERYTHING):
        done = {row.action for row in queries.audit_rows(account=BY).rows}
    assert done == {"create_account", "grant", "set_password", "revoke_grant"}


@pytest.mark.parametrize("words", [("password", "nobody"), ("end", "nobody", "--role", "auditor"),
                                   ("make", "x1", "--name", "x", "--role", "king", "--area", "610927"),
                                   ("make", "x1", "--name", "x", "--role", "auditor", "--area", "61")])  # fmt: skip
def test_what_is_not_there_is_said(words) -> None:
    done = CliRunner().invoke(main, ["accounts", *words])
    assert done.exit_code == 1 and "Error" in done.output and "Traceback" not in done.output
