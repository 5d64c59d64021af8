"""Limits on what code may ask of a database: budgets, timeouts, and repeated lazy loads."""

from __future__ import annotations

import time
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

from bridgeorm.errors import BudgetExceededError, ConfigurationError, DeadlineExceededError, RepeatedLoadError

Reaction = Literal["raise", "warn", "off"]
_TOLERATED_LOADS = 1
"""One batched load per relation and place is how lazy loading works; the second is the pattern."""


class Budget:
    """What a block may still spend. None where there is no limit."""

    __slots__ = ("_deadline", "_outer", "_queries", "_rows", "_seconds", "queries_used", "rows_used")

    def __init__(
        self, queries: int | None, rows: int | None, seconds: float | None, outer: Budget | None
    ) -> None:
        self._queries = queries
        self._rows = rows
        self._seconds = seconds
        self._deadline = None if seconds is None else time.monotonic() + seconds
        self._outer = outer
        self.queries_used = 0
        self.rows_used = 0

    def spend_query(self) -> None:
        """Counts a statement before it is sent. BudgetExceededError instead of sending one too many."""
        if self._outer is not None:
            self._outer.spend_query()
        if self._queries is not None and self.queries_used >= self._queries:
            raise BudgetExceededError(f"the budget of {self._queries} queries is spent")
        if self._deadline is not None and time.monotonic() > self._deadline:
            raise self.seconds_spent()
        self.queries_used += 1

    def spend_rows(self, rows: int) -> None:
        """Counts rows that came back."""
        if self._outer is not None:
            self._outer.spend_rows(rows)
        self.rows_used += rows
        if self._rows is not None and self.rows_used > self._rows:
            raise self._rows_spent()

    @property
    def row_limit(self) -> tuple[int, BudgetExceededError] | None:
        """How many rows the next statement may give, and what is raised for one more."""
        outer = None if self._outer is None else self._outer.row_limit
        if self._rows is None:
            return outer
        left = max(self._rows - self.rows_used, 0)
        return outer if outer is not None and outer[0] < left else (left, self._rows_spent())

    def _rows_spent(self) -> BudgetExceededError:
        return BudgetExceededError(f"the budget of {self._rows} rows is spent")

    def seconds_spent(self) -> BudgetExceededError:
        """The error of whichever budget ends first."""
        ends_with_outer = self._outer is not None and self.deadline == self._outer.deadline
        if self._outer is not None and ends_with_outer:
            return self._outer.seconds_spent()
        return BudgetExceededError(f"the budget of {self._seconds} seconds is spent")

    @property
    def deadline(self) -> float | None:
        """When the seconds are over, on the monotonic clock."""
        return _earlier(self._deadline, None if self._outer is None else self._outer.deadline)


_budget: ContextVar[Budget | None] = ContextVar("bridgeorm_budget", default=None)
_deadline: ContextVar[float | None] = ContextVar("bridgeorm_deadline", default=None)


def current_budget() -> Budget | None:
    """The innermost budget of this task."""
    return _budget.get()


@contextmanager
def budget(
    *, queries: int | None = None, rows: int | None = None, seconds: float | None = None
) -> Generator[Budget]:
    """Everything inside together may send so many statements, receive so many rows, take so long."""
    if queries is None and rows is None and seconds is None:
        raise ConfigurationError("a budget names queries=, rows= or seconds=")
    inner = Budget(queries, rows, seconds, _budget.get())
    token = _budget.set(inner)
    try:
        yield inner
    finally:
        _budget.reset(token)


@contextmanager
def timeout(seconds: float) -> Generator[None]:
    """Everything inside must be done by then; never later than a timeout around it."""
    if seconds <= 0:
        raise ConfigurationError("a timeout is a positive number of seconds")
    token = _deadline.set(_earlier(_deadline.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _deadline.reset(token)


def current_deadline() -> float | None:
    """When the innermost timeout or budget ends, on the monotonic clock."""
    spending, deadline = _budget.get(), _deadline.get()
    return deadline if spending is None else _earlier(deadline, spending.deadline)


def seconds_until(deadline: float | None) -> float | None:
    """What is left of a deadline. DeadlineExceededError when nothing is."""
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise DeadlineExceededError("the time allowed is over; nothing was sent")
    return left


def _earlier(first: float | None, second: float | None) -> float | None:
    if first is None or second is None:
        return second if first is None else first
    return min(first, second)


class LoadWatch:
    """Notices one relation being lazily loaded again and again from one place, within one task."""

    def __init__(self, reaction: Reaction) -> None:
        if reaction not in {"raise", "warn", "off"}:
            raise ConfigurationError(f'n_plus_one is "raise", "warn" or "off", not {reaction!r}')
        self.reaction: Reaction = reaction

    def note(self, counts: dict[tuple[str, str, int], int], relation: str, place: tuple[str, int]) -> None:
        """Counts a load; beyond the first from one place it warns or raises RepeatedLoadError."""
        if self.reaction == "off":
            return
        key = (relation, *place)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= _TOLERATED_LOADS:
            return
        message = (
            f"{relation} is loaded again and again at {place[0]}:{place[1]}: "
            f"load it with the objects, as .prefetch({relation})"
        )
        if self.reaction == "raise":
            raise RepeatedLoadError(message)
        warnings.warn(message, RuntimeWarning, stacklevel=2)
