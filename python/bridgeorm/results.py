"""What comes back from statements that are no queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Result:
    """The end of a statement."""

    rowcount: int
    """Rows matched, or inserted."""
    rows: list[Any]


@dataclass(frozen=True, slots=True)
class PoolStats:
    """What a handle's connections are doing."""

    size: int
    idle: int
    lent: int
    connecting: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Plan:
    """How a database means to run a query."""

    text: str


class ConflictCounts(NamedTuple):
    """What of one table is in the way of a merge."""

    rows: int
    """Rows that both branches changed."""
    definitions: int
    """Changes of its columns and constraints that exclude each other."""
