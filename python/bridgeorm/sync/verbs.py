# GENERATED from bridgeorm/verbs.py by tools/generate: edit that file instead.
"""The verbs that every handle has: database, transaction and session."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, LiteralString, TypeVar, overload

from bridgeorm import _engine
from bridgeorm._engine import ArrowTable, Instance
from bridgeorm.entities import RowSource
from bridgeorm.errors import QueryError
from bridgeorm.model import Model
from bridgeorm.model_schema import schema_of
from bridgeorm.paging import Page
from bridgeorm.provenance import TemplateString, caller
from bridgeorm.query import Query
from bridgeorm.raw_sql import RawSql, raw_sql
from bridgeorm.results import Plan, Result
from bridgeorm.revisions import Point
from bridgeorm.statements import Insert, Returning, Writing
from bridgeorm.sync.arrow import ArrowBatch, ArrowSource, ArrowStream, fetch_arrow, insert_arrow
from bridgeorm.sync.by_key import find, get
from bridgeorm.sync.inserting import insert, insert_many, insert_rows
from bridgeorm.sync.loading import load_relation
from bridgeorm.sync.loading import prefetch as prefetch_rows
from bridgeorm.sync.operations import (
    delete,
    delete_many,
    execute,
    explain,
    fetch_all,
    fetch_count,
    fetch_exists,
    fetch_first,
    fetch_one,
    fetch_scalar,
    link,
    page,
    refresh,
    run_ddl,
    run_statements,
    schemas_for,
    update,
    update_many,
)
from bridgeorm.sync.running import Call
from bridgeorm.sync.streaming import Stream
from bridgeorm.sync.upserting import upsert_many

Row = TypeVar("Row")
Object = TypeVar("Object", bound=Model)
Rows = Iterable[dict[str, Any]] | ArrowSource
"""What `insert_many` takes for a model's rows."""
DEFAULT_BATCH = 10_000
"""Rows that one statement of `insert_many` holds; larger batches gain nothing measurable."""


class Verbs:
    """Reading and writing. Transaction, task and limits are those of the moment a verb is called."""

    def _call(self) -> Call:
        raise NotImplementedError

    def _reading(self, query: RowSource[Any]) -> Call:
        """The call of a query, which may look back."""
        call = self._call()
        if _rows(query).reads_past:
            call.look_back(query.point)
        return call

    @property
    def loads_on_access(self) -> bool:
        """Whether reading an unloaded relation loads it."""
        return False

    # --- reading ---

    def all(self, query: RowSource[Row]) -> list[Row]:
        """All rows."""
        return fetch_all(self._reading(query), query)

    def first(self, query: RowSource[Row]) -> Row | None:
        """The first row, or None."""
        return fetch_first(self._reading(query), query)

    def one(self, query: RowSource[Row]) -> Row:
        """The only row. NoRowFoundError, MultipleRowsFoundError."""
        return fetch_one(self._reading(query), query)

    @overload
    def scalar(self, query: RawSql[Any]) -> Any: ...
    @overload
    def scalar(self, query: RowSource[Row]) -> Row: ...
    def scalar(self, query: RowSource[Any]) -> Any:
        """The only row of a query of one column."""
        return fetch_scalar(self._reading(query), query)

    def count(self, query: RowSource[Any]) -> int:
        """How many rows there are."""
        return fetch_count(self._reading(query), query)

    def exists(self, query: RowSource[Any]) -> bool:
        """Whether there is any row."""
        return fetch_exists(self._reading(query), query)

    def get(self, model: type[Object], /, *key: object, **columns: object) -> Object:
        """The object with this key, or with these values. NoRowFoundError where there is none."""
        return get(self._call(), model, key, columns)

    def find(self, model: type[Object], /, *key: object, **columns: object) -> Object | None:
        """The object with this key, or with these values, or None."""
        return find(self._call(), model, key, columns)

    def page(
        self, query: Query[Row], *, size: int, after: str | None = None, before: str | None = None
    ) -> Page[Row]:
        """The first rows, those behind a token or those in front of one, in the query's order."""
        return page(self._reading(query), query, size, after, before)

    def stream(self, query: RowSource[Row], *, batch: int = 1_000) -> Stream[Row]:
        """The rows one by one through a cursor: two batches in memory at most, inside a transaction one.
        Leaving the loop frees the connection.
        """
        return Stream(self._reading(query), query, batch)

    def arrow(self, query: RowSource[Any]) -> ArrowTable:
        """All rows as Arrow columns, filled straight from the wire. pyarrow, polars and whatever else knows
        `__arrow_c_stream__` read them without a copy, as often as they like.
        """
        return fetch_arrow(self._reading(query), query)

    def explain(self, query: RowSource[Any] | Writing, *, analyze: bool = False) -> Plan:
        """How the database means to run a query or a write; with `analyze` how it did. What an analyzed
        insert, update or delete did is undone.
        """
        explained = query if isinstance(query, Writing) else _rows(query)
        return explain(self._call(), explained, analyze)

    # --- writing ---

    def execute(self, statement: Writing | Returning[Any] | RawSql[Any]) -> Result:
        """Runs insert, update, delete or raw SQL."""
        if not isinstance(statement, Writing | Returning | RawSql):
            raise QueryError(f"execute() takes insert, update or delete, not {type(statement).__name__}")
        return execute(self._call(), statement)

    def execute_raw(self, text: LiteralString | TemplateString | RawSql[Any], /, **values: object) -> Result:
        """Runs SQL written in the calling function, or made by `sql`; `{name}` is bound by the server."""
        statement = raw_sql(text, values, caller())
        return execute(self._call(), statement)

    def insert(self, instance: Object) -> Object:
        """Inserts an object; generated values are in it afterwards."""
        return insert(self._call(), instance)

    @overload
    def insert_many(self, objects: Iterable[Object], /) -> list[Object]: ...
    @overload
    def insert_many(self, model: type[Model], rows: Rows, /, *, batch: int = DEFAULT_BATCH) -> int: ...
    @overload
    def insert_many(
        self, statement: Insert[...], rows: Rows | Iterable[Model], /, *, batch: int = DEFAULT_BATCH
    ) -> int: ...
    def insert_many(self, objects: Any, rows: Any = None, /, *, batch: int = DEFAULT_BATCH) -> Any:
        """Inserts objects, which then hold generated values; or a model's rows, which gives their number; or
        rows and objects as `insert(Model).on_conflict(...)` says, which gives the number of rows inserted or
        changed. All or none, a batch of rows by each statement.
        """
        if rows is None:
            return insert_many(self._call(), list(objects))
        if isinstance(objects, Insert):
            return upsert_many(self._call(), objects, rows, batch)
        if isinstance(rows, ArrowStream | ArrowBatch):
            return insert_arrow(self._call(), schema_of(objects), rows, batch)
        return insert_rows(self._call(), schema_of(objects), rows, batch)

    def update(self, instance: Object) -> Object:
        """Writes what was changed in an object. StaleRowError where somebody else was faster."""
        return update(self._call(), instance)

    def update_many(self, objects: Iterable[Object], /) -> list[Object]:
        """Writes what was changed in objects, those of a model that changed alike by one statement; all or
        none. StaleRowError names the objects for which somebody else was faster.
        """
        return update_many(self._call(), list(objects))

    def delete(self, instance: Object) -> Object:
        """Deletes an object's row."""
        return delete(self._call(), instance)

    def delete_many(self, objects: Iterable[Object], /) -> list[Object]:
        """Deletes the rows of objects, those of a model by one statement; all or none."""
        return delete_many(self._call(), list(objects))

    def refresh(self, instance: Object) -> Object:
        """Reads an object again; changes not written are lost."""
        return refresh(self._call(), instance)

    # --- relations ---

    def prefetch(self, objects: Sequence[Any], *relations: Any) -> None:
        """Loads relations for objects already in hand."""
        return prefetch_rows(self._call(), relations, objects)

    def load_relation(self, relation: Any, instance: Instance) -> Any:
        """One relation of one object and its siblings. Called by relations."""
        call = self._call()
        identity_map = _engine.identity_map_of(instance)
        if identity_map is not None:
            call.identity_map = identity_map
        return load_relation(call, relation, instance)

    def load_past_relation(self, relation: Any, instance: Instance, point: Point) -> Any:
        """The same in a former state. Called by objects that were read in it."""
        call = self._call()
        call.look_back(point)
        identity_map = _engine.identity_map_of(instance)
        if identity_map is not None:
            call.identity_map = identity_map
        return load_relation(call, relation, instance)

    def link(
        self, relation: Any, instance: Instance, change: tuple[Literal["add", "remove", "set"], list[Any]]
    ) -> None:
        """Changes the members of a many-to-many relation. Called by relations."""
        return link(self._call(), relation, instance, change)

    # --- tables ---

    def create_tables(self, *models: type[Model]) -> None:
        """Creates the models' tables, all known ones if none are named, in the order they need."""
        return run_ddl(self._call(), schemas_for(models), _engine.plan_create)

    def drop_tables(self, *models: type[Model]) -> None:
        """Drops the models' tables, all known ones if none are named."""
        return run_ddl(self._call(), schemas_for(models), _engine.plan_drop)

    def run_statements(self, statements: Sequence[_engine.Statement]) -> None:
        """Runs native statements one after the other."""
        return run_statements(self._call(), statements)


def _rows(query: RowSource[Row]) -> RowSource[Row]:
    if not isinstance(query, RowSource):
        raise QueryError(
            f"a query is needed, not {getattr(query, '__name__', type(query).__name__)}: say select(...)"
        )
    return query
