"""The query: an immutable value, built step by step, run by a handle."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator, Iterable, Sequence
from typing import Any, TypeVar, cast, overload

from bridgeorm import _engine
from bridgeorm._engine import Instance, Node, ResultPlan, Source, Statement
from bridgeorm.building import (
    CLAUSES_OF_ORDER,
    CLAUSES_OF_SETS,
    NEEDS_SUBQUERY,
    check_alike,
    check_distinct,
    check_join,
    check_missing,
    check_prefetches,
    conditions_of,
    group_key,
    key_of,
    ordering_of,
    outer_sources,
    row_count,
    typed_items,
    unsaid_join,
)
from bridgeorm.context import current_handle
from bridgeorm.derived import Derived, Values, as_table, source_of
from bridgeorm.entities import Alias, Entity, Relation, RowSource, entity_of
from bridgeorm.errors import QueryError
from bridgeorm.expressions import (
    Built,
    Expression,
    Ordering,
    Selectable,
    TextCondition,
)
from bridgeorm.functions import Grouping, func
from bridgeorm.joining import entity_of_table, steps_along
from bridgeorm.model_schema import ModelSchema
from bridgeorm.narrowing import is_a
from bridgeorm.revisions import Point, checked_point, in_state
from bridgeorm.selecting import Item, items_of, plan_of, row_maker, schemas_of

Row_co = TypeVar("Row_co", covariant=True)
Made = TypeVar("Made")
Object = TypeVar("Object", bound=Instance)


Table = type[Any] | Derived | Values
_KEEPING_ROWS_SINGLE = frozenset({"inner", "left"})


class Query(RowSource[Row_co]):
    """What to read. Every method gives a new query; nothing touches a database until a handle runs it."""

    __slots__ = ("_clauses", "_into", "_items", "_plan", "_prefetches", "_statement")

    def __init__(
        self,
        items: tuple[Item, ...],
        clauses: dict[str, Any],
        into: Callable[..., Any] | None = None,
        prefetches: tuple[Any, ...] = (),
    ) -> None:
        self._items = items
        self._clauses = clauses
        self._into = into
        self._prefetches = prefetches
        self._statement: Statement | None = None
        self._plan: ResultPlan[Any] | None = None

    def _append(self, clause: str, *entries: Any) -> Query[Row_co]:
        return self._replace(clause, (*self._clauses.get(clause, ()), *entries))

    def _replace(self, clause: str, value: Any) -> Query[Row_co]:
        if "operands" in self._clauses and clause not in CLAUSES_OF_SETS:
            raise QueryError(NEEDS_SUBQUERY)
        clauses = {**self._clauses, clause: value}
        if clause in CLAUSES_OF_ORDER:
            check_distinct(self._items, clauses)
        return Query(self._items, clauses, self._into, self._prefetches)

    # --- building ---

    def where(self, *conditions: Expression[bool | None] | TextCondition) -> Query[Row_co]:
        """Only rows for which all conditions hold."""
        return self._append("where", *conditions_of(conditions, "where"))

    def join(
        self,
        target: Relation | Table,
        copy: type[Any] | None = None,
        *,
        on: Expression[bool | None] | None = None,
    ) -> Query[Row_co]:
        """Joins along a relation (optionally to an aliased copy), or to any model or derived table by a
        condition.
        """
        return self._join("inner", target, copy, on)

    def left_join(
        self,
        target: Relation | Table,
        copy: type[Any] | None = None,
        *,
        on: Expression[bool | None] | None = None,
    ) -> Query[Row_co]:
        """The same, keeping rows without a partner: select the far side as `optional(...)`."""
        return self._join("left", target, copy, on)

    def right_join(
        self,
        target: Relation | Table,
        copy: type[Any] | None = None,
        *,
        on: Expression[bool | None] | None = None,
    ) -> Query[Row_co]:
        """Keeps the far side's rows without a partner: select all before it as `optional(...)`."""
        return self._join("right", target, copy, on)

    def full_join(
        self,
        target: Relation | Table,
        copy: type[Any] | None = None,
        *,
        on: Expression[bool | None] | None = None,
    ) -> Query[Row_co]:
        """Keeps rows without a partner of both sides: select both as `optional(...)`."""
        return self._join("full", target, copy, on)

    def cross_join(self, target: Table) -> Query[Row_co]:
        """Every row with every row of another table; with a lateral one, the rows it makes for each."""
        return self._joining("cross", [(source_of(target), None)], [(entity_of_table(target), False)])

    def select_from(self, table: Table) -> Query[Row_co]:
        """Says what to read first, where that does not follow from what is selected."""
        return self._append("sources", source_of(table))

    def _join(self, kind: str, target: Any, copy: Any, on: Any) -> Query[Row_co]:
        if isinstance(target, Relation):
            if on is not None:
                raise QueryError("a relation knows its condition: join the model itself with on=")
            along = steps_along(target, copy)
            link = target.link
            # A row on the key's side has one row on the far side, or none; a right join adds rows without it.
            is_determined = kind in _KEEPING_ROWS_SINGLE and link.is_forward and link.through is None
            return self._joining(
                kind,
                [(entity.source, condition) for entity, condition in along],
                [(entity, is_determined) for entity, _condition in along],
            )
        if on is None:
            raise self._unsaid_join(target)
        steps = [(source_of(target), conditions_of([on], "a join's condition")[0])]
        return self._joining(kind, steps, [(entity_of_table(target), False)])

    def _joining(
        self,
        kind: str,
        steps: Sequence[tuple[Source, Node | None]],
        joined: Sequence[tuple[Entity | None, bool]],
    ) -> Query[Row_co]:
        clauses = self._clauses
        if "operands" in clauses:
            raise QueryError(NEEDS_SUBQUERY)
        before = clauses.get("joins", ())
        read = [source for _kind, source, _condition in before]
        added = list(before)
        for (source, condition), (entity, _is_determined) in zip(steps, joined, strict=True):
            check_join(kind, source, entity, read, self._items)
            added.append((kind, source, condition))
        with_joins = {**clauses, "joins": added, "joined": (*clauses.get("joined", ()), *joined)}
        return Query(self._items, with_joins, self._into, self._prefetches)

    def _joined_sources(self) -> list[Source]:
        return [source for _kind, source, _condition in self._clauses.get("joins", ())]

    def _unsaid_join(self, target: Any) -> QueryError:
        if not isinstance(target, type | Alias | Derived | Values):
            return QueryError("say how: join a relation (`.join(Book.author)`) or give on=")
        joined = [entity for entity, _is_determined in self.joined]
        entities = [entity for entity in (*(item.entity for item in self._items), *joined) if entity]
        return unsaid_join(target, entities, [*self._origins(), *self._joined_sources()])

    def order_by(self, *keys: Expression[Any] | Ordering) -> Query[Row_co]:
        """Orders by these keys, after those said before."""
        return self._append("order_by", *map(ordering_of, keys))

    def group_by(self, *keys: Expression[Any] | Grouping) -> Query[Row_co]:
        """One row per group of equal keys; `rollup`, `cube` and `grouping_sets` group several ways at
        once.
        """
        grouped = self
        if any(isinstance(key, Grouping) for key in keys):
            grouped = self._replace("leaves_out", True)
        return grouped._append("group_by", *map(group_key, keys))  # noqa: SLF001 - of the same class

    def having(self, *conditions: Expression[bool | None]) -> Query[Row_co]:
        """Only groups for which all conditions hold."""
        return self._append("having", *conditions_of(conditions, "having"))

    def distinct(self, *on: Expression[Any]) -> Query[Row_co]:
        """No row twice; with columns, only the first row of each combination of them."""
        if on:
            columns = (key_of(column, "distinct").node for column in on)
            return self._append("distinct_on", *columns)
        return self._replace("distinct", True)

    def limit(self, rows: int | None) -> Query[Row_co]:
        """At most so many rows."""
        return self._replace("limit", row_count(rows, "limit"))

    def offset(self, rows: int | None) -> Query[Row_co]:
        """Leaves out the first rows."""
        return self._replace("offset", row_count(rows, "offset"))

    def for_update(
        self, *, skip_locked: bool = False, nowait: bool = False, of: type[Any] | None = None
    ) -> Query[Row_co]:
        """Locks the rows until the transaction ends."""
        sources = [] if of is None else [entity_of(of).source]
        return self._replace("lock", ("update", skip_locked, nowait, sources))

    def for_share(
        self, *, skip_locked: bool = False, nowait: bool = False, of: type[Any] | None = None
    ) -> Query[Row_co]:
        """Keeps others from changing the rows until the transaction ends."""
        sources = [] if of is None else [entity_of(of).source]
        return self._replace("lock", ("share", skip_locked, nowait, sources))

    def as_of(self, point: Point) -> Query[Row_co]:
        """Reads everything as it was: in a revision (`"main~1"`), at a moment with a time zone, or a little
        while ago (`follower_read()`), as far as the database has that. Its objects stand by themselves: they
        are not those of the rows as they are now, and their relations are loaded in the same state.
        """
        return self._replace("as_of", checked_point(point))

    def into(self, cls: Callable[..., Made]) -> Query[Made]:
        """Rows of a dataclass or NamedTuple, by position; names must match."""
        return Query(self._items, self._clauses, row_maker(cls, self._items), self._prefetches)

    def prefetch(self, *relations: Any) -> Query[Row_co]:
        """Loads relations of the selected entities together with them."""
        check_prefetches(self._items, relations)
        return Query(self._items, self._clauses, self._into, (*self._prefetches, *relations))

    def prefetch_related(self, *paths: str) -> Query[Row_co]:
        """The same by names: `"author"`, `"author__books"`."""
        return self.prefetch(*paths)

    def without_order(self) -> Query[Row_co]:
        """The same rows in any order."""
        return self._replace("order_by", ())

    # --- as a part of other queries ---

    @overload
    def subquery(self: Query[Object], name: str) -> type[Object]: ...  # type: ignore[overload-overlap]  # rows of one model are read as that model
    @overload
    def subquery(self, name: str) -> Derived: ...
    def subquery(self, name: str) -> Any:
        """Its rows as a table: as the model for a query of one, else read by what was selected."""
        return as_table(_engine.subquery_source(name, self.statement, False), name, self._items)

    @overload
    def lateral(self: Query[Object], name: str) -> type[Object]: ...  # type: ignore[overload-overlap]  # rows of one model are read as that model
    @overload
    def lateral(self, name: str) -> Derived: ...
    def lateral(self, name: str) -> Any:
        """The same, made anew for each row of the tables joined before it, which it may speak of."""
        return as_table(_engine.subquery_source(name, self.statement, True), name, self._items)

    @overload
    def cte(  # type: ignore[overload-overlap]  # rows of one model are read as that model
        self: Query[Object],
        name: str,
        *,
        recursive: Callable[[type[Object]], Query[Object]] | None = None,
        materialized: bool | None = None,
    ) -> type[Object]: ...
    @overload
    def cte(
        self,
        name: str,
        *,
        recursive: Callable[[Derived], Query[Any]] | None = None,
        materialized: bool | None = None,
    ) -> Derived: ...
    def cte(
        self, name: str, *, recursive: Callable[[Any], Any] | None = None, materialized: bool | None = None
    ) -> Any:
        """Its rows as a table written once before the statement. `recursive` makes further rows of those so
        far, until there are none (UNION ALL).
        """
        if recursive is None:
            return as_table(_engine.with_source(name, self.statement, materialized), name, self._items)
        so_far = _engine.recursion_source(name, self.statement)
        part: Query[Any] = recursive(as_table(so_far, name, self._items))
        if not is_a(part, Query):
            raise QueryError("recursive= takes a function that gives a query")
        check_alike(self._items, part.items, "the recursive part")
        source = _engine.recursive_source(so_far, self.statement, part.statement, materialized)
        return as_table(source, name, self._items)

    def union(self, other: Query[Row_co]) -> Query[Row_co]:
        """The rows of both, none twice."""
        return self._combined("union", other)

    def union_all(self, other: Query[Row_co]) -> Query[Row_co]:
        """The rows of both."""
        return self._combined("union_all", other)

    def intersect(self, other: Query[Row_co]) -> Query[Row_co]:
        """The rows that are in both, none twice."""
        return self._combined("intersect", other)

    def intersect_all(self, other: Query[Row_co]) -> Query[Row_co]:
        """The rows that are in both, as often as in both."""
        return self._combined("intersect_all", other)

    def except_(self, other: Query[Row_co]) -> Query[Row_co]:
        """The rows that are not in the other, none twice."""
        return self._combined("except", other)

    def except_all(self, other: Query[Row_co]) -> Query[Row_co]:
        """The rows that are more often here than in the other."""
        return self._combined("except_all", other)

    def _combined(self, operator: str, other: Query[Any]) -> Query[Row_co]:
        if not is_a(other, Query):
            raise QueryError(f"{operator}() takes a query: say select(...)")
        check_alike(self._items, other.items, f"the other side of {operator}")
        own = self._clauses.get("operands")
        is_chain = own is not None and own[0] == operator and len(self._clauses) == 1
        is_chain = is_chain and operator in {"union", "union_all"}
        before: tuple[Statement, ...] = own[1] if is_chain and own is not None else (self.statement,)
        statements = (*before, other.statement)
        types = _engine.output_types(_engine.set_operation(operator, statements))
        return Query(
            typed_items(self._items, types),
            {"operands": (operator, statements)},
            self._into,
            self._prefetches,
        )

    def scalar_subquery(self) -> Expression[Any]:
        """The only value of the only row, inside another query; `scalar(query)` says its type."""
        return Built(_engine.scalar_subquery(self.statement))

    # --- what it is made of ---

    @property
    def items(self) -> tuple[Item, ...]:
        """What is selected."""
        return self._items

    @property
    def orderings(self) -> tuple[Ordering, ...]:
        """The keys it is ordered by."""
        return cast("tuple[Ordering, ...]", self._clauses.get("order_by", ()))

    @property
    def prefetches(self) -> tuple[Any, ...]:
        return self._prefetches

    @property
    def schemas(self) -> list[ModelSchema]:
        return schemas_of(self._items)

    @property
    def joined(self) -> tuple[tuple[Entity | None, bool], ...]:
        """The joined uses of models, None for other tables; and of each whether the rows before it leave
        it at most one row.
        """
        return cast("tuple[tuple[Entity | None, bool], ...]", self._clauses.get("joined", ()))

    @property
    def sources(self) -> tuple[Source, ...]:
        """The tables said by `select_from`."""
        return cast("tuple[Source, ...]", self._clauses.get("sources", ()))

    @property
    def outer(self) -> list[Source]:
        """Uses of tables that may have no row."""
        return outer_sources(self._origins(), self._clauses.get("joins", ()))

    def _origins(self) -> list[Source]:
        """What is read without being joined."""
        clauses = self._clauses
        joined = self._joined_sources() if "joins" in clauses else ()
        origins: list[Source] = list(clauses.get("sources", ()))
        for item in self._items:
            if item.origin is not None and item.origin not in joined and item.origin not in origins:
                origins.append(item.origin)
        return origins

    @property
    def maker(self) -> Callable[..., Any] | None:
        """What makes rows of the selected things, where `into` was said."""
        return self._into

    def with_more(self, things: Iterable[object]) -> Query[Any]:
        """The bare rows with further things behind those selected: tuples, without relations."""
        return Query((*self._items, *items_of(tuple(things))), self._clauses)

    @property
    def point(self) -> Point | None:
        return cast("Point | None", self._clauses.get("as_of"))

    @property
    def reads_past(self) -> bool:
        if "as_of" in self._clauses:
            return True
        for item in self._items:  # noqa: SIM110 - every read asks, and most select one thing
            if item.reads_past:
                return True
        return False

    @property
    def has_lock(self) -> bool:
        """Whether it locks rows."""
        return "lock" in self._clauses

    @property
    def has_own_rows(self) -> bool:
        """Whether each of its rows stands for rows of what it reads: no groups, no distinct rows, no sets."""
        return not any(
            self._clauses.get(clause) for clause in ("group_by", "distinct", "distinct_on", "operands")
        )

    @property
    def is_plain(self) -> bool:
        """Whether its rows can be counted without running it: no groups, limits or distinct rows."""
        return self.has_own_rows and not any(clause in self._clauses for clause in ("limit", "offset"))

    @property
    def has_one_origin(self) -> bool:
        """Whether everything it reads is joined to one table, or is that table."""
        return len(self._origins()) == 1

    @property
    def most_rows(self) -> int | None:
        """The limit that was said."""
        return cast("int | None", self._clauses.get("limit"))

    @property
    def statement(self) -> Statement:
        if self._statement is None:
            clauses = self._clauses
            statement = self.making([item.selection for item in self._items])
            if "leaves_out" in clauses or any(join[0] != "inner" for join in clauses.get("joins", ())):
                check_missing(self._items, self.outer, statement, leaves_out="leaves_out" in clauses)
            self._statement = statement
        return self._statement

    @property
    def first_only(self) -> Statement:
        return self.statement if "limit" in self._clauses else self.limit(1).statement

    @property
    def result_plan(self) -> ResultPlan[Any]:
        if self._plan is None:
            self._plan = plan_of(self._items, self._into)
        return self._plan

    def selecting(self, *nodes: Node) -> Statement:
        """The statement with other things selected and without order."""
        return self.without_order().making(list(nodes))

    @property
    def counting(self) -> Statement:
        """How many rows it has, counted by the database whatever its clauses are. QueryError with locks."""
        source = _engine.subquery_source("counted", self.statement, False)
        return self._in_state(_engine.select([func.count().node], [source]))

    def making(self, selections: list[Any]) -> Statement:
        """The statement with these things selected."""
        clauses = self._clauses
        statement = self._beginning(selections)
        if not clauses:
            _engine.check_query(statement)
            return statement
        return self._with_clauses(statement, clauses)

    def _with_clauses(self, statement: Statement, clauses: dict[str, Any]) -> Statement:
        if "as_of" in clauses:
            statement = in_state(statement, clauses["as_of"])
        said = clauses.get
        return _engine.select_with(  # by position, which is how calls cross fastest
            statement,
            said("joins", ()),
            said("where", ()),
            said("group_by", ()),
            said("having", ()),
            [ordering.node for ordering in said("order_by", ())],
            said("distinct") or None,
            said("distinct_on", ()),
            said("limit"),
            said("offset"),
            said("lock"),
        )

    def _in_state(self, statement: Statement) -> Statement:
        return statement if self.point is None else in_state(statement, self.point)

    def _beginning(self, selections: list[Any]) -> Statement:
        """The statement without clauses that any query may have."""
        combined = self._clauses.get("operands")
        if combined is not None:
            return _engine.set_operation(*combined)
        origins = self._origins()
        if not origins and self._joined_sources():
            raise QueryError(
                "every table is joined, none is left to be read first: join a copy made by aliased(...), "
                "or say .select_from(...)"
            )
        if not origins:
            raise QueryError(
                "nothing says which table to read: select a model or a column, or say .select_from(...)"
            )
        return _engine.select(selections, origins)

    # --- running ---

    def __await__(self) -> Generator[Any, Any, list[Row_co]]:
        return self.all().__await__()

    def all(self) -> Coroutine[Any, Any, list[Row_co]]:
        """All rows, on the current handle."""
        return cast("Coroutine[Any, Any, list[Row_co]]", current_handle().all(self))

    def first(self) -> Coroutine[Any, Any, Row_co | None]:
        """The first row or None."""
        return cast("Coroutine[Any, Any, Row_co | None]", current_handle().first(self))

    def one(self) -> Coroutine[Any, Any, Row_co]:
        """The only row; NoRowFoundError, MultipleRowsFoundError."""
        return cast("Coroutine[Any, Any, Row_co]", current_handle().one(self))

    def count(self) -> Coroutine[Any, Any, int]:
        """How many rows there are."""
        return cast("Coroutine[Any, Any, int]", current_handle().count(self))

    def exists(self) -> Coroutine[Any, Any, bool]:
        """Whether there is any row."""
        return cast("Coroutine[Any, Any, bool]", current_handle().exists(self))


Thing = Selectable[Made] | type[Made]
