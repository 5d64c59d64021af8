"""Counts the statements a block of code sends."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bridgeorm.telemetry import QueryEvent

if TYPE_CHECKING:
    from bridgeorm.database import Database
    from bridgeorm.sync.database import SyncDatabase

_COUNTED = frozenset({"select", "insert", "update", "delete", "bulk_insert", "raw", "explain"})


class QueryCount:
    """What was sent since the block began, transaction control left out."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        """Their texts, in order."""

    @property
    def count(self) -> int:
        """How many there were."""
        return len(self.statements)

    def note(self, event: QueryEvent) -> None:
        """Counts an operation that sent a statement of the application."""
        if event.operation in _COUNTED:
            self.statements.append(event.statement)


@contextmanager
def count_queries(database: Database | SyncDatabase) -> Generator[QueryCount]:
    """`with count_queries(db) as queries: ...; assert queries.count == 2`."""
    counted = QueryCount()
    remove = database.watch(counted.note)
    try:
        yield counted
    finally:
        remove()
