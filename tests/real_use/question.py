"""What a question is: something a business asks, a typed query that answers it, and the same by hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bridgeorm import Query, Transaction
from bridgeorm.narrowing import is_a

Row = tuple[Any, ...]
Writes = Callable[[Transaction], Awaitable[list[Any]]]


@dataclass(frozen=True)
class Question:
    """One question with both of its answers."""

    name: str
    asked: str
    answer: Callable[[], Query[Any]] | Writes
    texts: tuple[str, ...]
    sqlite_texts: tuple[str, ...]
    kinds: tuple[type, ...]
    capability: str | None
    writes: bool

    def by_hand(self, database: str) -> tuple[str, ...]:
        """The hand-written SQL for a database."""
        return self.sqlite_texts if database == "sqlite" and self.sqlite_texts else self.texts


QUESTIONS: dict[str, Question] = {}


def _kept(answer: Any, described: dict[str, Any]) -> None:
    name: str = answer.__name__
    assert name not in QUESTIONS, f"{name} is asked twice"
    QUESTIONS[name] = Question(name, answer.__doc__ or "", answer, **described)


def question(
    *kinds: type, sql: str, sqlite: str | None = None, capability: str | None = None
) -> Callable[[Callable[[], Query[Any]]], Callable[[], Query[Any]]]:
    """Registers a query: `kinds` are the types of its columns, `sql` asks the same by hand, `capability` is
    what a database must have for it.
    """

    def register(answer: Callable[[], Query[Any]]) -> Callable[[], Query[Any]]:
        described = {"kinds": kinds, "texts": (sql,), "sqlite_texts": (sqlite,) if sqlite else ()}
        _kept(answer, {**described, "capability": capability, "writes": False})
        return answer

    return register


def task(
    *kinds: type, sql: Sequence[str], sqlite: Sequence[str] = (), capability: str | None = None
) -> Callable[[Writes], Writes]:
    """Registers something that writes, in a transaction that is rolled back; the last statement reads what
    came of it.
    """

    def register(answer: Writes) -> Writes:
        described = {"kinds": kinds, "texts": tuple(sql), "sqlite_texts": tuple(sqlite)}
        _kept(answer, {**described, "capability": capability, "writes": True})
        return answer

    return register


def as_rows(answers: Sequence[Any]) -> list[Row]:
    """Tuples of what a query gave: single values, tuples or dataclasses."""
    return [_as_row(answer) for answer in answers]


def _as_row(answer: Any) -> Row:
    if is_a(answer, tuple):
        return tuple(answer)
    if dataclasses.is_dataclass(answer) and not isinstance(answer, type):
        return dataclasses.astuple(answer)
    return (answer,)
