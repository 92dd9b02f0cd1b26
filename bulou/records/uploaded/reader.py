"""What is known of a form while it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bulou.records.fields import Table
from bulou.records.uploaded.findings import Finding
from bulou.records.uploaded.tables import List
from bulou.records.uploaded.tree import Form, Node


@dataclass
class Reader:
    """What is known of a form while it is read, and what there is to say about it."""

    form: Form
    rows: Mapping[str, int]
    keep_days: int
    paths: Mapping[str, str] = field(default_factory=dict)  # path now → path as uploaded
    findings: list[Finding] = field(default_factory=list)
    said: dict[tuple[str, str], str] = field(default_factory=dict)  # (path, column) → what the server works out
    unsure: set[str] = field(default_factory=set)  # paths the server cannot tell whether they are asked
    brought: dict[str, List] = field(default_factory=dict)  # files by the name the form gives them
    missing: list[str] = field(default_factory=list)

    @property
    def tables(self) -> dict[str, Table]:
        return {name: tuple(rows) for name, rows in self.form.lists.items()}

    def row(self, node: Node) -> int:
        return self.rows.get(self.paths.get(node.path, node.path), 0)

    def say(self, weight: Any, code: str, node: Node | None = None, detail: str = "") -> None:
        self.findings.append(Finding(weight, code, node.name if node else "", detail, self.row(node) if node else 0))
