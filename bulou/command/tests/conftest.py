import pytest

from bulou.command.queries.declared import forget_rulesets
from bulou.command.tests import county
from bulou.ledger import law as installed


@pytest.fixture
def law(monkeypatch):
    monkeypatch.setattr(installed, "_installed", [county.law()])
    forget_rulesets()
