"""Writing: insert, update and delete as immutable values, with what comes back from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, ParamSpec, Self, TypeVar, cast, overload

from bridgeorm import _engine
from bridgeorm._engine import UNSET, Instance, Node, ResultPlan, Source, Statement
from bridgeorm.building import conditions_of, query_of
from bridgeorm.columns import Column
from bridgeorm.construction import constructor_of
from bridgeorm.context import text_of
from bridgeorm.derived import Derived, as_table, source_of
from bridgeorm.entities import RowSource
from bridgeorm.errors import MisusedExpressionError, QueryError
from bridgeorm.expressions import Assignment, Built, Expression, Selectable, TextCondition
from bridgeorm.filling import filled
from bridgeorm.model_schema import ModelSchema, schema_of
from bridgeorm.query import Query, Table
from bridgeorm.selecting import Item, items_of, plan_of, row_maker, schemas_of

Row_co = TypeVar("Row_co", covariant=True)
Model = TypeVar("Model")
Value = TypeVar("Value")
Fields = ParamSpec("Fields")
T1 = TypeVar("T1")
T2 = TypeVar("T2")
T3 = TypeVar("T3")
T4 = TypeVar("T4")
Made = TypeVar("Made")
Object = TypeVar("Object", bound=Instance)
Selected = Source | Node | tuple[Source, int, int]
Conflict = tuple[list[int], Any, list[tuple[int, Node]], Node | None]


class Writing:
    """A statement that writes. Nothing happens until a handle executes it."""

    __slots__ = ()

    def make(self, returning: Sequence[Selected]) -> Statement:
        """The native statement, giving these things back."""
        raise NotImplementedError

    @property
    def statement(self) -> Statement:
        """The native statement."""
        return self.make(())

    def __bool__(self) -> bool:
        raise MisusedExpressionError("a statement has no truth value: execute it")

    def __str__(self) -> str:
        return text_of(self.statement)


class ReturningWriting(Writing):
    """A statement that may give rows back."""

    __slots__ = ()

    @overload
    def returning(self, first: type[T1] | Selectable[T1], /) -> Returning[T1]: ...
    @overload
    def returning(
        self, first: type[T1] | Selectable[T1], second: type[T2] | Selectable[T2], /
    ) -> Returning[tuple[T1, T2]]: ...
    @overload
    def returning(
        self,
        first: type[T1] | Selectable[T1],
        second: type[T2] | Selectable[T2],
        third: type[T3] | Selectable[T3],
        /,
    ) -> Returning[tuple[T1, T2, T3]]: ...
    @overload
    def returning(
        self,
        first: type[T1] | Selectable[T1],
        second: type[T2] | Selectable[T2],
        third: type[T3] | Selectable[T3],
        fourth: type[T4] | Selectable[T4],
        /,
        *more: type[Any] | Selectable[Any],
    ) -> Returning[tuple[Any, ...]]: ...
    def returning(self, *things: Any) -> Returning[Any]:
        """The rows written, as models or columns."""
        items = items_of(things)
        return Returning(self.make([item.selection for item in items]), items)


class Returning(RowSource[Row_co]):
    """A writing statement that is also a source of rows: `db.all`, `db.one` and `db.first` take it."""

    __slots__ = ("_items", "_plan", "_prefetches", "_statement")

    def __init__(
        self,
        statement: Statement,
        items: tuple[Item, ...],
        into: Callable[..., Any] | None = None,
        prefetches: tuple[Any, ...] = (),
    ) -> None:
        self._statement = statement
        self._items = items
        self._plan = plan_of(items, into)
        self._prefetches = prefetches

    def prefetch(self, *relations: Any) -> Returning[Row_co]:
        """Loads relations of the returned entities when the rows are asked for."""
        more = Returning[Row_co](self._statement, self._items, None, (*self._prefetches, *relations))
        more._plan = self._plan
        return more

    def prefetch_related(self, *paths: str) -> Returning[Row_co]:
        """The same by names: `"author"`, `"author__books"`."""
        return self.prefetch(*paths)

    def into(self, cls: Callable[..., Made]) -> Returning[Made]:
        """Rows of a dataclass or NamedTuple, by position; names must match."""
        return Returning(self._statement, self._items, row_maker(cls, self._items), self._prefetches)

    @overload
    def cte(self: Returning[Object], name: str) -> type[Object]: ...  # type: ignore[overload-overlap]  # rows of one model are read as that model
    @overload
    def cte(self, name: str) -> Derived: ...
    def cte(self, name: str) -> Any:
        """What is written, as a table for the query around it: written and read in one statement."""
        return as_table(_engine.with_source(name, self._statement, None), name, self._items)

    @property
    def items(self) -> tuple[Item, ...]:
        """What is returned."""
        return self._items

    @property
    def statement(self) -> Statement:
        return self._statement

    @property
    def schemas(self) -> list[ModelSchema]:
        return schemas_of(self._items)

    @property
    def prefetches(self) -> tuple[Any, ...]:
        return self._prefetches

    @property
    def result_plan(self) -> ResultPlan[Any]:
        return self._plan


class Insert(ReturningWriting, Generic[Fields]):
    """`insert(Author).values(name="Ann")`."""

    __slots__ = ("_conflict", "_query", "_rows", "_schema")

    def __init__(
        self,
        schema: ModelSchema,
        rows: tuple[dict[int, Node], ...] = (),
        query: tuple[list[int], Statement] | None = None,
        conflict: Conflict | None = None,
    ) -> None:
        self._schema = schema
        self._rows = rows
        self._query = query
        self._conflict = conflict

    def values(self, *_positional: Fields.args, **values: Fields.kwargs) -> Self:
        """Adds a row, checked as the model's constructor would. Columns left out get their defaults."""
        if self._query is not None:
            raise QueryError(f"insert({self._schema.name}) takes values or a query, not both")
        instance = constructor_of(self._schema)(cast("dict[str, Any]", values))
        indices = [index for index, value in enumerate(_engine.columns_of(instance)) if value is not UNSET]
        row = dict(zip(indices, _engine.parameters_of(instance, indices), strict=True))
        return type(self)(self._schema, (*self._rows, row), self._query, self._conflict)

    def from_select(self, columns: Sequence[Column[Any]], query: Query[Any]) -> Self:
        """Inserts the rows of a query. Columns left out get their defaults; QueryError for one that only
        Python could compute, as its callable cannot be asked for each row.
        """
        if self._rows:
            raise QueryError(f"insert({self._schema.name}) takes values or a query, not both")
        indices = [_own(self._schema, column).index for column in columns]
        chosen = filled(self._schema, indices, query_of(query, "from_select()").statement)
        inserting = type(self)(self._schema, (), chosen, self._conflict)
        inserting.make(())  # refuses now what does not fit
        return inserting

    def on_conflict(self, *columns: Column[Any]) -> OnConflict[Fields]:
        """Says what happens to a row whose unique key, made of these columns, is taken."""
        return OnConflict(self, [_own(self._schema, column).index for column in columns])

    def with_conflict(self, conflict: Conflict) -> Self:
        """The same with a decision about conflicts."""
        return type(self)(self._schema, self._rows, self._query, conflict)

    def upserting(self, conflict: Conflict) -> Upsert[Fields]:
        """The same, changing rows that are there already."""
        return Upsert(self._schema, self._rows, self._query, conflict)

    @property
    def schema(self) -> ModelSchema:
        """The model written to."""
        return self._schema

    @property
    def conflict(self) -> Conflict | None:
        """What happens to a row that is there already."""
        return self._conflict

    @property
    def has_rows(self) -> bool:
        """Whether it says itself what is inserted."""
        return bool(self._rows) or self._query is not None

    def of_rows(self, columns: Sequence[int], query: Statement) -> Statement:
        """The same for the rows of a native query, which are as wide as the columns."""
        return _engine.insert_select(self._schema.source, columns, query, (), self._conflict)

    def make(self, returning: Sequence[Selected]) -> Statement:
        source = self._schema.source
        if self._query is not None:
            return _engine.insert_select(source, *self._query, returning, self._conflict)
        if not self._rows:
            raise QueryError(
                f"insert({self._schema.name}) has no rows: say .values(...) or .from_select(...)"
            )
        columns = sorted({index for row in self._rows for index in row})
        rows = [[row.get(index) for index in columns] for row in self._rows]
        return _engine.insert(source, columns, rows, returning, self._conflict)


class Upsert(Insert[Fields]):
    """`insert(...).on_conflict(...).update(...)`: may still say which rows it changes."""

    __slots__ = ()

    def where(self, *conditions: Expression[bool | None]) -> Upsert[Fields]:
        """Changes only rows that are there for which all conditions hold; leaves the others as they are."""
        if self._conflict is None:
            raise QueryError("say .on_conflict(...).update(...) before .where(...)")
        target, action, pairs, before = self._conflict
        combined = before
        for condition in conditions_of(conditions, "where"):
            combined = condition if combined is None else _engine.binary("and", combined, condition)
        return self.upserting((target, action, pairs, combined))


class OnConflict(Generic[Fields]):
    """`insert(...).on_conflict(Author.email)`, waiting for what to do."""

    __slots__ = ("_insert", "_target")

    def __init__(self, statement: Insert[Fields], target: list[int]) -> None:
        self._insert = statement
        self._target = target

    def ignore(self) -> Insert[Fields]:
        """Leaves the row that is there as it is."""
        return self._insert.with_conflict((self._target, "ignore", [], None))

    def update(self, *assignments: Assignment, **values: object) -> Upsert[Fields]:
        """Changes the row that is there; `excluded(column)` is what would have been inserted."""
        if not self._target:
            raise QueryError("on_conflict() needs the columns of a unique key before .update(...)")
        pairs = assignments_of(self._insert.schema, assignments, values)
        if not pairs:
            raise QueryError("on_conflict(...).update() sets nothing: say what changes, or .ignore()")
        return self._insert.upserting((self._target, "update", pairs, None))


class Changing(ReturningWriting):
    """What update and delete share: which rows, and what is assigned."""

    __slots__ = ("_assignments", "_everywhere", "_schema", "_sources", "_where")

    def __init__(
        self,
        schema: ModelSchema,
        where: tuple[Node, ...] = (),
        everywhere: bool = False,  # noqa: FBT002, FBT001 - a statement's own state
        assignments: tuple[tuple[int, Node], ...] = (),
        sources: tuple[Source, ...] = (),
    ) -> None:
        self._schema = schema
        self._sources = sources
        self._where = where
        self._everywhere = everywhere
        self._assignments = assignments

    def where(self, *conditions: Expression[bool | None] | TextCondition) -> Self:
        """Only rows for which all conditions hold."""
        where = (*self._where, *conditions_of(conditions, "where"))
        return type(self)(self._schema, where, self._everywhere, self._assignments, self._sources)

    def _reading(self, tables: tuple[Table, ...]) -> Self:
        """The same, with further tables that conditions may speak of."""
        sources = (*self._sources, *(source_of(table) for table in tables))
        return type(self)(self._schema, self._where, self._everywhere, self._assignments, sources)

    def everywhere(self) -> Self:
        """Every row of the table, said on purpose."""
        return type(self)(self._schema, self._where, True, self._assignments, self._sources)

    def _refuse_unlimited(self, verb: str) -> None:
        if not self._where and not self._everywhere:
            raise QueryError(
                f"{verb}({self._schema.name}) without where() would reach every row: say .everywhere()"
            )


class Update(Changing):
    """`update(Book).where(...).set(price=...)`."""

    __slots__ = ()

    def set(self, *assignments: Assignment, **values: object) -> Self:
        """Assigns: `Book.price.to(Book.price * 2)`, or by name."""
        assigned = (*self._assignments, *assignments_of(self._schema, assignments, values))
        return type(self)(self._schema, self._where, self._everywhere, assigned, self._sources)

    def from_(self, *tables: Table) -> Self:
        """Reads further tables: say in `where` how their rows belong to those that are changed."""
        return self._reading(tables)

    def make(self, returning: Sequence[Selected]) -> Statement:
        self._refuse_unlimited("update")
        if not self._assignments:
            raise QueryError(f"update({self._schema.name}) sets nothing: say .set(...)")
        return _engine.update(
            self._schema.source, self._assignments, self._where, self._everywhere, returning, self._sources
        )


class Delete(Changing):
    """`delete(Book).where(...)`."""

    __slots__ = ()

    def make(self, returning: Sequence[Selected]) -> Statement:
        self._refuse_unlimited("delete")
        return _engine.delete(self._schema.source, self._where, self._everywhere, returning, self._sources)

    def using(self, *tables: Table) -> Self:
        """Reads further tables: say in `where` how their rows belong to those that go."""
        return self._reading(tables)


def assignments_of(
    schema: ModelSchema, assignments: Sequence[Assignment], values: dict[str, object]
) -> list[tuple[int, Node]]:
    """Assignments and keywords as (column, node). QueryError for a column twice or of another model."""
    pairs: list[tuple[int, Node]] = []
    for assignment in assignments:
        if not isinstance(assignment, Assignment):
            raise QueryError("set() takes assignments, as Book.price.to(...), or keywords")
        pairs.append((_own(schema, assignment.column).index, assignment.node))
    for name, value in values.items():
        column = schema.by_attribute.get(name)
        if column is None:
            raise QueryError(f"{schema.name} has no column {name}")
        pairs.append((column.index, column.value_node(value)))
    if len({index for index, _node in pairs}) < len(pairs):
        raise QueryError("a column is assigned twice")
    _engine.check_assignments(schema.table, pairs)
    return pairs


def _own(schema: ModelSchema, column: Column[Any]) -> Column[Any]:
    if getattr(column, "owner", None) is not schema:
        raise QueryError(f"a column of {schema.name} is needed here")
    schema.build()
    return column


def insert(model: Callable[Fields, Any]) -> Insert[Fields]:
    """New rows of a model: `insert(Author).values(name="Ann").returning(Author.id)`."""
    return Insert(schema_of(model))


def update(model: type[Any]) -> Update:
    """Changes of rows: `update(Book).where(Book.id == 5).set(price=price)`. QueryError without `where`."""
    return Update(schema_of(model))


def delete(model: type[Any]) -> Delete:
    """Rows of a model that go: `delete(Book).where(Book.id == 5)`. QueryError without `where`."""
    return Delete(schema_of(model))


def excluded(column: Column[Value]) -> Expression[Value]:
    """In `on_conflict(...).update(...)`: the value the insert came with."""
    schema = schema_of(cast(ModelSchema, column.owner).cls)
    return Built(_engine.excluded(schema.table, column.index), column.field, column.context)
