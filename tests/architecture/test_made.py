"""What is written about the product is what the product says of itself."""

import re

from docs.make import differing
from tests.architecture.tree import ROOT, tracked

LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def test_generated_documents_are_up_to_date() -> None:
    assert differing() == [], "make docs writes them again"


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)} -> {target}"
        for path in tracked()
        if path.suffix == ".md"
        for target in LINK.findall(path.read_text("utf-8"))
        if not (path.parent / target).exists()
    ]
    assert broken == []
