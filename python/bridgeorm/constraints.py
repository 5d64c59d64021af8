"""Constraints over several columns, as a model's `constraints` list names them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bridgeorm.columns import Action, Column
from bridgeorm.expressions import Expression, Ordering


@dataclass(frozen=True, slots=True)
class Constraint:
    """One entry of `constraints`."""

    name: str | None


@dataclass(frozen=True, slots=True)
class UniqueConstraint(Constraint):
    """No two rows agree on all the columns."""

    columns: tuple[Any, ...]
    is_deferred: bool = False


@dataclass(frozen=True, slots=True)
class CheckConstraint(Constraint):
    """Every row fulfils the condition."""

    condition: Any


@dataclass(frozen=True, slots=True)
class IndexConstraint(Constraint):
    """Rows are found quickly by these keys."""

    keys: tuple[Any, ...]
    is_unique: bool


@dataclass(frozen=True, slots=True)
class TextIndexConstraint(Constraint):
    """Rows are found by the words of these columns."""

    columns: tuple[Any, ...]
    language: str


@dataclass(frozen=True, slots=True)
class ForeignKeyConstraint(Constraint):
    """Several columns refer to several columns of one other model."""

    columns: tuple[Any, ...]
    targets: tuple[Any, ...]
    on_delete: Action
    on_update: Action
    is_deferred: bool = False


def unique(*columns: Column[Any], name: str | None = None, deferrable: bool = False) -> Constraint:
    """No two rows may agree on all these columns: `unique(author_id, title)`. Deferrable: not at the end of a
    transaction, so that rows may exchange values within one.
    """
    return UniqueConstraint(name, columns, deferrable)


def check(condition: Expression[bool], *, name: str | None = None) -> Constraint:
    """Every row must fulfil this condition: `check(price >= 0)`. CheckViolationError otherwise."""
    return CheckConstraint(name, condition)


def index(*keys: Expression[Any] | Ordering, unique: bool = False, name: str | None = None) -> Constraint:
    """Makes finding and ordering by these keys fast: `index(title.desc(), name="by_title")`."""
    return IndexConstraint(name, keys, unique)


def text_index(
    *columns: Column[str] | Column[str | None], language: str = "english", name: str | None = None
) -> Constraint:
    """Makes the words of these columns searchable: `text_index(title, body)` serves
    `func.search("...", Note.title, Note.body)`. `language` says whose endings are known; "simple" takes words
    as they are.
    """
    return TextIndexConstraint(name, columns, language)


def foreign_keys(  # noqa: PLR0913 - a declaration names many things
    columns: tuple[Column[Any] | str, ...],
    targets: tuple[Column[Any] | str, ...],
    *,
    on_delete: Action = "no_action",
    on_update: Action = "no_action",
    deferrable: bool = False,
    name: str | None = None,
) -> Constraint:
    """A composite foreign key: `foreign_keys((region, number), (Order.region, Order.number))`. A deferrable
    one is checked when the transaction commits.
    """
    return ForeignKeyConstraint(name, columns, targets, on_delete, on_update, deferrable)
