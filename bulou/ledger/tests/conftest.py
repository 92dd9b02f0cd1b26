import pytest

from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import law as installed
from bulou.ledger.tests.library import OTHER_SHELF, SHELF, START, Shelves, law


@pytest.fixture
def shelves(monkeypatch):
    """Two shelves, three books, and the library's law in place of the product's."""
    shelves = Shelves({"book:a": (SHELF, START), "book:b": (SHELF, START), "book:c": (OTHER_SHELF, START)})
    monkeypatch.setattr(installed, "_installed", [law(shelves)])
    with seeing(EVERYTHING):
        yield shelves
