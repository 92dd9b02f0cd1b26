import pytest

from bulou.command.queries.declared import forget_rulesets
from bulou.command.tests import county
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import law as installed


@pytest.fixture(autouse=True)
def everything():
    with seeing(EVERYTHING):
        yield


@pytest.fixture
def law(monkeypatch):
    monkeypatch.setattr(installed, "_installed", [county.law()])
    forget_rulesets()
