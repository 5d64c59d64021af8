"""What a database that keeps versions knows of them, as typed queries and values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar, cast

from bridgeorm import _engine
from bridgeorm._engine import Source
from bridgeorm.derived import Values
from bridgeorm.entities import Alias, Entity, optional
from bridgeorm.expressions import Built, Expression
from bridgeorm.fields import FieldOptions, field_for
from bridgeorm.model import Model
from bridgeorm.model_schema import ModelSchema, schema_of
from bridgeorm.queries import select
from bridgeorm.query import Query
from bridgeorm.selecting import items_of, row_maker

Object = TypeVar("Object", bound=Model)
Row = TypeVar("Row")
Kind = Literal["added", "modified", "removed"]


@dataclass(frozen=True, slots=True)
class Commit:
    """A state that was kept, and why."""

    hash: str
    author: str
    email: str
    date: datetime
    message: str


@dataclass(frozen=True, slots=True)
class BranchTip:
    """A branch and the commit it has come to."""

    name: str
    hash: str
    message: str
    date: datetime


@dataclass(frozen=True, slots=True)
class Tag:
    """A name that stays with one commit."""

    name: str
    hash: str
    message: str


@dataclass(frozen=True, slots=True)
class Merge:
    """What a merge did."""

    hash: str
    """The commit the branch has come to; empty where there was nothing to merge."""
    is_fast_forward: bool
    """Whether the branch just moved on to the other's commit."""
    message: str
    """What the database says about it."""


@dataclass(frozen=True, slots=True)
class Change(Generic[Object]):
    """A row that differs between two states."""

    before: Object | None
    """What it was; None where it was added."""
    after: Object | None
    """What it became; None where it was removed."""
    kind: Kind


@dataclass(frozen=True, slots=True)
class Conflict(Generic[Object]):
    """A row that two branches changed, each otherwise."""

    base: Object | None
    """What it was when they parted; None where there was none."""
    ours: Object | None
    theirs: Object | None


_COMMIT: Mapping[str, Any] = {
    "commit_hash": str,
    "committer": str,
    "email": str,
    "date": datetime,
    "message": str,
}
_BRANCH: Mapping[str, Any] = {
    "name": str,
    "hash": str,
    "latest_commit_message": str,
    "latest_commit_date": datetime,
}
_TAG: Mapping[str, Any] = {"tag_name": str, "tag_hash": str, "message": str}
_COUNTS: Mapping[str, Any] = {"table": str, "num_data_conflicts": int, "num_schema_conflicts": int}


class _Version(Query[Row]):
    """A query over versions, before anything is said about it."""

    __slots__ = ()

    def __init__(self, made: Callable[..., Row], things: Sequence[Any]) -> None:
        items = items_of(things)
        super().__init__(items, {}, row_maker(made, items))


class Log(_Version[Commit]):
    """The commits that lead to a state, the latest first. Its columns are there for conditions."""

    __slots__ = ("author", "date", "email", "hash", "message")

    def __init__(self, revision: str | None) -> None:
        table = _table("log", _COMMIT, [] if revision is None else [revision])
        self.hash = table.column("commit_hash", str)
        self.author = table.column("committer", str)
        self.email = table.column("email", str)
        self.date = table.column("date", datetime)
        self.message = table.column("message", str)
        super().__init__(
            Commit,
            [
                self.hash.label("hash"),
                self.author.label("author"),
                self.email.label("email"),
                self.date.label("date"),
                self.message.label("message"),
            ],
        )


class Differences(_Version[Change[Object]]):
    """The rows of a model that differ between two states: `before`, `after` and `kind` are there for
    conditions, as in `changes.where(changes.after.price > 5)`.
    """

    __slots__ = ("after", "before", "kind")

    def __init__(self, model: type[Object], from_: str, to: str) -> None:
        schema = schema_of(model)
        columns = [*_prefixed(schema, "to_"), *_prefixed(schema, "from_"), ("diff_type", _TEXT.type)]
        source = _engine.version_source("differences", columns, [from_, to], schema.table_name)
        width = len(schema.columns)
        self.after = _part(model, source, 0)
        self.before = _part(model, source, width)
        self.kind: Expression[str] = _text(source, 2 * width, "kind")
        super().__init__(Change, [optional(self.before), optional(self.after), self.kind.label("kind")])


class Conflicts(_Version[Conflict[Object]]):
    """The rows of a model that two branches changed, each otherwise. `base`, `ours` and `theirs` are there
    for conditions.
    """

    __slots__ = ("base", "ours", "theirs")

    def __init__(self, model: type[Object], ours: str, theirs: str) -> None:
        schema = schema_of(model)
        columns = [
            *_prefixed(schema, "base_"),
            *_prefixed(schema, "our_"),
            *_prefixed(schema, "their_"),
        ]
        source = _engine.version_source("conflicts", columns, [ours, theirs], schema.table_name)
        width = len(schema.columns)
        self.base = _part(model, source, 0)
        self.ours = _part(model, source, width)
        self.theirs = _part(model, source, 2 * width)
        super().__init__(Conflict, [optional(self.base), optional(self.ours), optional(self.theirs)])


def branch_tips() -> Query[BranchTip]:
    """All branches."""
    table = _table("branches", _BRANCH, [])
    return (
        select(
            table.column("name", str),
            table.column("hash", str),
            table.column("latest_commit_message", str).label("message"),
            table.column("latest_commit_date", datetime).label("date"),
        )
        .order_by(table.column("name", str))
        .into(BranchTip)
    )


def tags() -> Query[Tag]:
    """All tags."""
    table = _table("tags", _TAG, [])
    return (
        select(
            table.column("tag_name", str).label("name"),
            table.column("tag_hash", str).label("hash"),
            table.column("message", str),
        )
        .order_by(table.column("tag_name", str))
        .into(Tag)
    )


def conflict_counts(ours: str, theirs: str) -> Query[tuple[str, int, int]]:
    """Tables that two branches changed otherwise: conflicts between rows, and between definitions."""
    table = _table("conflict_counts", _COUNTS, [ours, theirs])
    return select(
        table.column("table", str),
        table.column("num_data_conflicts", int),
        table.column("num_schema_conflicts", int),
    )


_TEXT = field_for(str, FieldOptions())


def _table(
    kind: Literal["log", "branches", "tags", "conflict_counts"],
    columns: Mapping[str, Any],
    revisions: Sequence[str],
) -> Values:
    fields = {name: (held, field_for(held, FieldOptions())) for name, held in columns.items()}
    described = [(name, field.type) for name, (_held, field) in fields.items()]
    return Values(_engine.version_source(kind, described, revisions, None), fields)


def _prefixed(schema: ModelSchema, prefix: str) -> list[tuple[str, _engine.ColumnType]]:
    return [(prefix + column.column_name, column.field.type) for column in schema.columns]


def _part(model: type[Object], source: Source, offset: int) -> type[Object]:
    part = Alias(Entity(schema_of(model), source, offset))
    return cast("type[Object]", part)  # has what a query needs of the class


def _text(source: Source, place: int, name: str) -> Expression[Any]:
    return Built[Any](source.column(place), _TEXT, name, source)
