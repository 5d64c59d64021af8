"""The query: an immutable value, built step by step, run by a handle."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator, Iterable
from typing import Any, TypeVar, cast, overload

from bridgeorm import _engine
from bridgeorm._engine import Node, ResultPlan, Source, Statement
from bridgeorm.context import current_handle
from bridgeorm.entities import Entity, Relation, RowSource, entity_of
from bridgeorm.errors import QueryError
from bridgeorm.expressions import Built, Expression, Label, Ordering, Selectable, condition_node, nodes_of
from bridgeorm.selecting import Item, items_of, plan_of, row_maker

Row_co = TypeVar("Row_co", covariant=True)
Made = TypeVar("Made")
T1 = TypeVar("T1")
T2 = TypeVar("T2")
T3 = TypeVar("T3")
T4 = TypeVar("T4")
T5 = TypeVar("T5")
T6 = TypeVar("T6")


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
        clauses = self._clauses
        changed = {**clauses, clause: (*clauses.get(clause, ()), *entries)}
        return Query(self._items, changed, self._into, self._prefetches)

    def _replace(self, clause: str, value: Any) -> Query[Row_co]:
        return Query(self._items, {**self._clauses, clause: value}, self._into, self._prefetches)

    # --- building ---

    def where(self, *conditions: Expression[bool | None]) -> Query[Row_co]:
        """Only rows for which all conditions hold."""
        return self._append("where", *nodes_of(conditions))

    def join(
        self,
        target: Relation | type[Any],
        copy: type[Any] | None = None,
        *,
        on: Expression[bool | None] | None = None,
    ) -> Query[Row_co]:
        """Joins along a relation (optionally to an aliased copy), or to any model by a condition."""
        return self._join("inner", target, copy, on)

    def left_join(
        self,
        target: Relation | type[Any],
        copy: type[Any] | None = None,
        *,
        on: Expression[bool | None] | None = None,
    ) -> Query[Row_co]:
        """The same, keeping rows without a partner: select the far side as `optional(...)`."""
        return self._join("left", target, copy, on)

    def _join(self, kind: str, target: Any, copy: Any, on: Any) -> Query[Row_co]:
        if isinstance(target, Relation):
            if on is not None:
                raise QueryError("a relation knows its condition: join the model itself with on=")
            steps = _steps_along(target, copy)
            # A row on the key's side has one row on the far side, or none.
            is_determined = target.link.is_forward and target.link.through is None
        else:
            if on is None:
                raise QueryError("say how: join a relation (`.join(Book.author)`) or give on=")
            steps = [(entity_of(target), condition_node(on))]
            is_determined = False
        joins = [(kind, entity.source, condition) for entity, condition in steps]
        joined = [(entity, is_determined) for entity, _condition in steps]
        clauses = {
            **self._clauses,
            "joins": (*self._clauses.get("joins", ()), *joins),
            "joined": (*self._clauses.get("joined", ()), *joined),
        }
        query: Query[Row_co] = Query(self._items, clauses, self._into, self._prefetches)
        return query.beyond(entity.source for entity, _condition in steps) if kind == "left" else query

    def beyond(self, sources: Iterable[Source]) -> Query[Row_co]:
        """Notes uses of tables that may have no row. Called by `left_join`."""
        return self._append("outer", *sources)

    def order_by(self, *keys: Expression[Any] | Ordering) -> Query[Row_co]:
        """Orders by these keys, after those said before."""
        return self._append("order_by", *(key if isinstance(key, Ordering) else key.asc() for key in keys))

    def group_by(self, *keys: Expression[Any]) -> Query[Row_co]:
        """One row per group of equal keys."""
        return self._append(
            "group_by", *((key.operand if isinstance(key, Label) else key).node for key in keys)
        )

    def having(self, *conditions: Expression[bool | None]) -> Query[Row_co]:
        """Only groups for which all conditions hold."""
        return self._append("having", *nodes_of(conditions))

    def distinct(self, *on: Expression[Any]) -> Query[Row_co]:
        """No row twice; with columns, only the first row of each combination of them."""
        if on:
            return self._append("distinct_on", *(column.node for column in on))
        return self._replace("distinct", True)

    def limit(self, rows: int | None) -> Query[Row_co]:
        """At most so many rows."""
        return self._replace("limit", _row_count(rows, "limit"))

    def offset(self, rows: int | None) -> Query[Row_co]:
        """Leaves out the first rows."""
        return self._replace("offset", _row_count(rows, "offset"))

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

    def into(self, cls: Callable[..., Made]) -> Query[Made]:
        """Rows of a dataclass or NamedTuple, by position; names must match."""
        return Query(self._items, self._clauses, row_maker(cls, self._items), self._prefetches)

    def prefetch(self, *relations: Any) -> Query[Row_co]:
        """Loads relations of the selected entities together with them."""
        return Query(self._items, self._clauses, self._into, (*self._prefetches, *relations))

    def prefetch_related(self, *paths: str) -> Query[Row_co]:
        """The same by names: `"author"`, `"author__books"`."""
        return self.prefetch(*paths)

    def without_order(self) -> Query[Row_co]:
        """The same rows in any order."""
        return self._replace("order_by", ())

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
    def joined(self) -> tuple[tuple[Entity, bool], ...]:
        """The joined uses of tables; and of each whether the rows before it leave it at most one row."""
        return cast("tuple[tuple[Entity, bool], ...]", self._clauses.get("joined", ()))

    @property
    def outer(self) -> tuple[Source, ...]:
        """Uses of tables that may have no row."""
        return cast("tuple[Source, ...]", self._clauses.get("outer", ()))

    @property
    def maker(self) -> Callable[..., Any] | None:
        """What makes rows of the selected things, where `into` was said."""
        return self._into

    def with_more(self, things: Iterable[object]) -> Query[Any]:
        """The bare rows with further things behind those selected: tuples, without relations."""
        return Query((*self._items, *items_of(tuple(things))), self._clauses)

    @property
    def has_lock(self) -> bool:
        """Whether it locks rows."""
        return "lock" in self._clauses

    @property
    def is_plain(self) -> bool:
        """Whether its rows can be counted without running it: no groups, limits or distinct rows."""
        return not any(
            self._clauses.get(clause) for clause in ("group_by", "distinct", "distinct_on")
        ) and not any(clause in self._clauses for clause in ("limit", "offset"))

    @property
    def statement(self) -> Statement:
        if self._statement is None:
            self._statement = self.making([item.selection for item in self._items])
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

    def making(self, selections: list[Source | Node]) -> Statement:
        """The statement with these things selected."""
        clauses = self._clauses
        joined = [source for _kind, source, _condition in clauses.get("joins", ())]
        origins: list[Source] = []
        for item in self._items:
            if item.origin is not None and item.origin not in joined and item.origin not in origins:
                origins.append(item.origin)
        if not origins:
            raise QueryError("nothing says which table to read: select a model or a column")
        self._check_outer(clauses.get("outer", ()))
        statement = _engine.select(selections, origins)
        if not clauses:
            return statement
        return _engine.select_with(
            statement,
            joins=clauses.get("joins", ()),
            where=clauses.get("where", ()),
            group_by=clauses.get("group_by", ()),
            having=clauses.get("having", ()),
            order_by=[ordering.node for ordering in clauses.get("order_by", ())],
            distinct=clauses.get("distinct"),
            distinct_on=clauses.get("distinct_on", ()),
            limit=clauses.get("limit"),
            offset=clauses.get("offset"),
            lock=clauses.get("lock"),
        )

    def _check_outer(self, outer: tuple[Source, ...]) -> None:
        for item in self._items:
            if item.is_optional or item.origin not in outer:
                continue
            if item.entity is not None or not _may_be_null(item):
                what = item.name or "an expression"
                raise QueryError(f"{what} comes from the far side of a left join: select it as optional(...)")

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


def _may_be_null(item: Item) -> bool:
    return isinstance(item.selection, Node) and (item.selection.type.nullable or item.selection.has_aggregate)


def _row_count(rows: int | None, clause: str) -> int | None:
    if rows is not None and (type(rows) is not int or rows < 0):
        raise QueryError(f"{clause}() takes a whole number of rows")
    return rows


def _steps_along(relation: Relation, copy: Any) -> list[tuple[Entity, Node]]:
    """The joins a relation needs: one, or two through a third table."""
    link, own = relation.link, relation.entity
    target = entity_of(link.target.cls) if copy is None else entity_of(copy)
    if target.schema is not link.target:
        raise QueryError(
            f"{own.schema.name}.{relation.attribute} leads to {link.target.name}, not {target.schema.name}"
        )
    if target.source is own.source:
        raise QueryError(
            f"{own.schema.name}.{relation.attribute} leads back to the same table: "
            f".join({own.schema.name}.{relation.attribute}, aliased({own.schema.name}))"
        )
    if link.through is None:
        return [(target, matching(own, target, link.pairs))]
    between = Entity(link.through, Source(link.through.table, aliased=True))
    near = (between, matching(own, between, link.pairs))
    return [near, (target, matching(between, target, link.far_pairs))]


def matching(own: Entity, target: Entity, pairs: tuple[tuple[int, int], ...]) -> Node:
    """The condition that the paired columns are equal."""
    combined: Node | None = None
    for own_index, target_index in pairs:
        equal = _engine.binary("eq", own.source.column(own_index), target.source.column(target_index))
        combined = equal if combined is None else _engine.binary("and", combined, equal)
    if combined is None:
        raise QueryError("a relation without columns joins nothing")
    return combined


Thing = Selectable[Made] | type[Made]


@overload
def select(first: type[T1] | Selectable[T1], /) -> Query[T1]: ...
@overload
def select(
    first: type[T1] | Selectable[T1], second: type[T2] | Selectable[T2], /
) -> Query[tuple[T1, T2]]: ...
@overload
def select(
    first: type[T1] | Selectable[T1], second: type[T2] | Selectable[T2], third: type[T3] | Selectable[T3], /
) -> Query[tuple[T1, T2, T3]]: ...
@overload
def select(
    first: type[T1] | Selectable[T1],
    second: type[T2] | Selectable[T2],
    third: type[T3] | Selectable[T3],
    fourth: type[T4] | Selectable[T4],
    /,
) -> Query[tuple[T1, T2, T3, T4]]: ...
@overload
def select(
    first: type[T1] | Selectable[T1],
    second: type[T2] | Selectable[T2],
    third: type[T3] | Selectable[T3],
    fourth: type[T4] | Selectable[T4],
    fifth: type[T5] | Selectable[T5],
    /,
) -> Query[tuple[T1, T2, T3, T4, T5]]: ...
@overload
def select(
    first: type[T1] | Selectable[T1],
    second: type[T2] | Selectable[T2],
    third: type[T3] | Selectable[T3],
    fourth: type[T4] | Selectable[T4],
    fifth: type[T5] | Selectable[T5],
    sixth: type[T6] | Selectable[T6],
    /,
    *more: type[Any] | Selectable[Any],
) -> Query[tuple[Any, ...]]: ...
def select(*things: Any) -> Query[Any]:
    """A query for models, columns and expressions: one yields itself, several a tuple."""
    return Query(items_of(things), {})
