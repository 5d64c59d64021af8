"""Functions of the database, choices, conversions and subqueries as typed expressions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Generic, Literal, Protocol, TypeGuard, TypeVar, Unpack, cast, overload
from uuid import UUID

from bridgeorm import _engine
from bridgeorm._engine import ColumnType, Node, Source
from bridgeorm.choices import Choices
from bridgeorm.errors import QueryError
from bridgeorm.expressions import (
    Built,
    Expression,
    Ordering,
    Subquery,
    any_node,
    cast_to,
    condition_node,
    unbounded,
)
from bridgeorm.fields import Field, FieldOptions, field_for
from bridgeorm.moments import Moments
from bridgeorm.narrowing import is_a
from bridgeorm.searches import Searches
from bridgeorm.texts import Texts
from bridgeorm.windows import Window, WindowClauses, WindowFunction, made_window, over_window

Value = TypeVar("Value")
Other = TypeVar("Other")
Returned = TypeVar("Returned")
Total = TypeVar("Total", int, float, Decimal, timedelta)


@dataclass(frozen=True, slots=True)
class _Call:
    """An aggregate's call, clause by clause."""

    function: str
    arguments: tuple[Node, ...]
    result: ColumnType
    distinct: bool = False
    order_by: tuple[Node, ...] = ()
    within_group: bool = False
    condition: Node | None = None

    def node(self) -> Node:
        """The call as a native node."""
        clauses = (self.distinct, self.order_by, self.within_group, self.condition)
        return _engine.aggregate(self.function, self.arguments, self.result, clauses)


class Aggregate(Built[Value]):
    """A call of an aggregate: `filter` narrows it, `order_by` orders the values it takes, `over` gives it a
    window.
    """

    __slots__ = ("_call",)

    def __init__(self, call: _Call, field: Field | None, origin: Source | None) -> None:
        super().__init__(call.node(), field, call.function, origin)
        self._call = call

    def filter(self, *conditions: Expression[bool | None]) -> Aggregate[Value]:
        """The same over those rows only for which all conditions hold."""
        return self._changed(condition=_all_of(conditions))

    def order_by(self, *keys: Expression[Any] | Ordering) -> Aggregate[Value]:
        """The same with the values taken in this order."""
        nodes = tuple((key if isinstance(key, Ordering) else key.asc()).node for key in keys)
        return self._changed(order_by=nodes)

    def over(self, over: Window | None = None, **clauses: Unpack[WindowClauses]) -> Expression[Value]:
        """The aggregate for each row, over the rows of a window."""
        return over_window(self.node, made_window(over, clauses), self.field, self.context, self.origin)

    def _changed(self, **clauses: Any) -> Aggregate[Value]:
        return Aggregate(replace(self._call, **clauses), self.field, self.origin)


class OrderedSet:
    """`func.percentile_cont(0.5)`, waiting for what it is taken of."""

    __slots__ = ("_function", "_share")

    def __init__(self, function: str, share: float | None) -> None:
        self._function = function
        self._share = share

    def within_group(self, key: Expression[Value | None] | Ordering) -> Aggregate[Value | None]:
        """Of the values of this expression, in its order."""
        ordering = key if isinstance(key, Ordering) else key.asc()
        operand = ordering.operand
        arguments = () if self._share is None else (_engine.infer_parameter(float(self._share)),)
        is_measured = self._function == "percentile_cont"
        result = ColumnType("float64", nullable=True) if is_measured else _nullable_like(operand.node.type)
        call = _Call(self._function, arguments, result, order_by=(ordering.node,), within_group=True)
        return Aggregate(call, None if is_measured else operand.field, operand.origin)


class Grouping:
    """Several groupings at once, for `group_by`."""

    __slots__ = ("node",)

    def __init__(
        self, kind: Literal["rollup", "cube", "sets"], sets: Sequence[Sequence[Expression[Any]]]
    ) -> None:
        self.node = _engine.grouping_sets(kind, [[key.node for key in keys] for keys in sets])


def rollup(*keys: Expression[Any]) -> Grouping:
    """Groups by all keys, by all but the last, and so on, to the total:
    `group_by(rollup(Book.author_id, Book.title))`. UnsupportedFeatureError where the database cannot.
    """
    return Grouping("rollup", [[key] for key in keys])


def cube(*keys: Expression[Any]) -> Grouping:
    """Groups by every combination of the keys: `group_by(cube(Book.author_id, Book.title))`."""
    return Grouping("cube", [[key] for key in keys])


def grouping_sets(*sets: Sequence[Expression[Any]]) -> Grouping:
    """Groups by each of these lists of keys, an empty one is the total:
    `group_by(grouping_sets([Book.author_id], []))`.
    """
    return Grouping("sets", sets)


class Unknown(Protocol):
    """A function the library knows nothing about: it must be told what comes back."""

    def __call__(self, *arguments: object, returns: type[Returned]) -> Expression[Returned]: ...


class Functions(Choices, Moments, Searches, Texts):
    """`func.<name>(...)`: known functions with their types, and any other with `returns=`."""

    __slots__ = ()

    def count(self, operand: Expression[Any] | None = None, *, distinct: bool = False) -> Aggregate[int]:
        """How many rows, or how many values that are not NULL."""
        return _aggregate("count", operand, distinct=distinct)

    def sum(
        self, operand: Expression[Total] | Expression[Total | None], *, distinct: bool = False
    ) -> Aggregate[Total | None]:
        """The sum of the values; None where there are none."""
        return _aggregate("sum", operand, distinct=distinct)

    @overload
    def avg(  # type: ignore[overload-overlap]  # int passes for float in type checkers: the first match is meant
        self, operand: Expression[int | None] | Expression[Decimal | None], *, distinct: bool = False
    ) -> Aggregate[Decimal | None]: ...
    @overload
    def avg(  # type: ignore[overload-overlap]  # only None is both, and nothing yields it alone
        self, operand: Expression[float | None], *, distinct: bool = False
    ) -> Aggregate[float | None]: ...
    @overload
    def avg(
        self, operand: Expression[timedelta | None], *, distinct: bool = False
    ) -> Aggregate[timedelta | None]: ...
    def avg(self, operand: Expression[Any], *, distinct: bool = False) -> Aggregate[Any]:
        """The mean of the values; exact for whole and exact numbers."""
        return _aggregate("avg", operand, distinct=distinct)

    def min(self, operand: Expression[Value | None]) -> Aggregate[Value | None]:
        """The smallest value."""
        return _aggregate("min", operand, field=operand.field)

    def max(self, operand: Expression[Value | None]) -> Aggregate[Value | None]:
        """The largest value."""
        return _aggregate("max", operand, field=operand.field)

    def every(self, operand: Expression[bool | None]) -> Aggregate[bool | None]:
        """Whether all values are true."""
        return _aggregate("bool_and", operand)

    def some(self, operand: Expression[bool | None]) -> Aggregate[bool | None]:
        """Whether any value is true."""
        return _aggregate("bool_or", operand)

    def string_agg(
        self, operand: Expression[str | None], separator: str, *, distinct: bool = False
    ) -> Aggregate[str | None]:
        """The texts one behind the other."""
        arguments = (operand.node, _engine.infer_parameter(separator))
        call = _Call("string_agg", arguments, ColumnType("text", nullable=True), distinct)
        return Aggregate(call, None, operand.origin)

    def array_agg(self, operand: Expression[Value]) -> Aggregate[list[Value] | None]:
        """The values as a list."""
        result = ColumnType("array", element=operand.node.type.storage, nullable=True)
        return Aggregate(_Call("array_agg", (operand.node,), result), None, operand.origin)

    def json_agg(self, operand: Expression[Any]) -> Aggregate[list[Any] | None]:
        """The values as a JSON list."""
        call = _Call("json_agg", (operand.node,), ColumnType("json", nullable=True))
        return Aggregate(call, None, operand.origin)

    def json_object_agg(
        self, name: Expression[str], operand: Expression[Any]
    ) -> Aggregate[dict[str, Any] | None]:
        """Names and values as a JSON object."""
        call = _Call("json_object_agg", (name.node, operand.node), ColumnType("json", nullable=True))
        return Aggregate(call, None, name.origin or operand.origin)

    def percentile_cont(self, share: float) -> OrderedSet:
        """`.within_group(x)`: the value at that share, measured between two neighbours."""
        return OrderedSet("percentile_cont", _checked_share(share))

    def percentile_disc(self, share: float) -> OrderedSet:
        """`.within_group(x)`: the first value at or behind that share."""
        return OrderedSet("percentile_disc", _checked_share(share))

    def mode(self) -> OrderedSet:
        """`.within_group(x)`: the most frequent value."""
        return OrderedSet("mode", None)

    def grouping(self, *keys: Expression[Any]) -> Expression[int]:
        """With `rollup` and the like: which keys the row's group leaves out, as bits."""
        node = _engine.function("grouping", [key.node for key in keys], ColumnType("int64"), False, None)
        return Built(node, None, "grouping", keys[0].origin if keys else None)

    # --- over windows only ---

    def row_number(self) -> WindowFunction[int]:
        """The row's number, from 1."""
        return _ranking("row_number", "int64")

    def rank(self) -> WindowFunction[int]:
        """The row's rank; equals share one and leave a gap behind them."""
        return _ranking("rank", "int64")

    def dense_rank(self) -> WindowFunction[int]:
        """The row's rank without gaps."""
        return _ranking("dense_rank", "int64")

    def percent_rank(self) -> WindowFunction[float]:
        """The rank from 0 to 1."""
        return _ranking("percent_rank", "float64")

    def cume_dist(self) -> WindowFunction[float]:
        """The share of rows up to this one."""
        return _ranking("cume_dist", "float64")

    def ntile(self, buckets: int) -> WindowFunction[int]:
        """Which of so many equal parts the row is in, from 1."""
        return _ranking("ntile", "int64", _count_node("ntile", buckets, least=1))

    @overload
    def lag(self, operand: Expression[Value], distance: int = 1) -> WindowFunction[Value | None]: ...
    @overload
    def lag(self, operand: Expression[Value], distance: int, default: Value) -> WindowFunction[Value]: ...
    def lag(self, operand: Expression[Any], distance: int = 1, default: Any = None) -> WindowFunction[Any]:
        """The value so many rows before; `default` or None where there is no such row."""
        return _neighbour("lag", operand, distance, default)

    @overload
    def lead(self, operand: Expression[Value], distance: int = 1) -> WindowFunction[Value | None]: ...
    @overload
    def lead(self, operand: Expression[Value], distance: int, default: Value) -> WindowFunction[Value]: ...
    def lead(self, operand: Expression[Any], distance: int = 1, default: Any = None) -> WindowFunction[Any]:
        """The value so many rows behind."""
        return _neighbour("lead", operand, distance, default)

    def first_value(self, operand: Expression[Value]) -> WindowFunction[Value | None]:
        """The value of the frame's first row."""
        return _of_frame("first_value", operand)

    def last_value(self, operand: Expression[Value]) -> WindowFunction[Value | None]:
        """The value of the frame's last row: mind that frames end at the current row unless said."""
        return _of_frame("last_value", operand)

    def nth_value(self, operand: Expression[Value], place: int) -> WindowFunction[Value | None]:
        """The value of the frame's row at this place, from 1."""
        return _of_frame("nth_value", operand, _count_node("nth_value", place, least=1))

    # --- lists and patterns ---

    def array_length(self, operand: Expression[list[Any] | None]) -> Expression[int | None]:
        """How many elements the list has."""
        return Built(_call("array_length", [operand.node]), None, "array_length", operand.origin)

    def array_overlaps(
        self, operand: Expression[list[Value] | None], other: list[Value] | Expression[list[Value]]
    ) -> Expression[bool]:
        """Whether the lists have an element in common."""
        return _array_call("array_overlaps", operand, other)

    def array_contains_all(
        self, operand: Expression[list[Value] | None], other: list[Value] | Expression[list[Value]]
    ) -> Expression[bool]:
        """Whether all elements of the other list are in it."""
        return _array_call("array_contains_all", operand, other)

    def matches(
        self, operand: Expression[str | None], pattern: str, *, ignore_case: bool = False
    ) -> Expression[bool]:
        """Whether a regular expression, in the database's dialect of them, is found in the text."""
        function = "regexp_matches_any_case" if ignore_case else "regexp_matches_text"
        nodes = [operand.node, _engine.infer_parameter(pattern)]
        node = _engine.function(function, nodes, ColumnType("bool", nullable=True), False, None)
        return Built(node, None, "matches", operand.origin)

    @overload
    def coalesce(
        self, first: Expression[Value | None], second: Value | Expression[Value], /
    ) -> Expression[Value]: ...
    @overload
    def coalesce(
        self, first: Expression[Value | None], /, *others: Expression[Value | None]
    ) -> Expression[Value | None]: ...
    def coalesce(self, first: Expression[Any], /, *others: Any) -> Expression[Any]:
        """The first of the values that is not NULL."""
        nodes = [first.node, *(operand_like(first, other) for other in others)]
        has_value = any(
            not isinstance(other, Expression | Subquery) and other is not None for other in others
        )
        result = result_type("coalesce", nodes)
        if has_value and result.nullable:
            result = ColumnType(
                result.storage, element=result.element, precision=result.precision, scale=result.scale
            )
        node = _engine.function("coalesce", nodes, result, False, None)
        return Built(node, first.field, "coalesce", first.origin)

    @overload
    def abs(self, operand: Expression[int]) -> Expression[int]: ...
    @overload
    def abs(self, operand: Expression[Decimal]) -> Expression[Decimal]: ...
    @overload
    def abs(self, operand: Expression[float]) -> Expression[float]: ...
    @overload
    def abs(self, operand: Expression[Value]) -> Expression[Value]: ...
    def abs(self, operand: Expression[Any]) -> Expression[Any]:
        """The number without its sign."""
        return Built(_call("abs", [operand.node]), operand.field, "abs", operand.origin)

    def now(self) -> Expression[datetime]:
        """When the transaction began, by the database's clock."""
        return Built(_call("now", []), None, "now")

    def random_uuid(self) -> Expression[UUID]:
        """A new random UUID for each row, made by the database."""
        return Built(_call("random_uuid", []), None, "random_uuid")

    def __getattr__(self, name: str) -> Unknown:
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*arguments: object, returns: type[Returned] | None = None) -> Expression[Returned]:
            nodes = [any_node(argument) for argument in arguments]
            origin = next((argument.origin for argument in arguments if _is_expression(argument)), None)
            if returns is None:
                return Built(_call(name, nodes), None, name, origin)
            field = field_for(returns | None, FieldOptions())
            node = _engine.function(name, nodes, field.type, False, None)
            return Built(node, field, name, origin)

        return cast(
            Unknown, call
        )  # a missing returns= is caught at run time, where the function is not known


func = Functions()
"""The functions: `func.count(Book.id)`, `func.lower(Author.name)`, `func.anything(..., returns=int)`."""


def operand_like(model: Expression[Any], value: Any) -> Node:
    """The node of a value meant to be of the same type as another expression."""
    if isinstance(value, Expression | Subquery):
        return any_node(value)
    field = model.field
    if field is None or field.to_storage is None:
        return _engine.parameter(value, unbounded(model.node.type), model.context)
    return _engine.parameter(field.to_storage(value), field.operand_type, model.context)


def result_type(function: str, arguments: list[Node]) -> ColumnType:
    """What a known function yields for these arguments. QueryError for one nobody knows."""
    traits = _engine.function_traits(function)
    if traits is None:
        raise QueryError(
            f"func.{function} is not known: say what comes back, as func.{function}(..., returns=int)"
        )
    rule = traits[1]
    first = arguments[0].type if arguments else ColumnType("text")
    if rule in {"argument", "nullable_argument", "coalesced"}:
        nullable = rule == "nullable_argument" or first.nullable
        if rule == "coalesced":
            nullable = all(argument.type.nullable for argument in arguments)
        return ColumnType(
            first.storage,
            element=first.element,
            nullable=nullable,
            precision=first.precision,
            scale=first.scale,
        )
    if rule == "sum":
        return ColumnType(_SUMS.get(first.storage, first.storage), nullable=True)
    if rule == "decimal_average":
        return ColumnType(_MEANS.get(first.storage, first.storage), nullable=True)
    storage = rule.removeprefix("nullable_")
    is_nullable = storage != rule or any(argument.type.nullable for argument in arguments)
    return ColumnType(storage, nullable=function != "count" and is_nullable)


_SUMS = {"int16": "int64", "int32": "int64"}
_MEANS = {"int16": "decimal", "int32": "decimal", "int64": "decimal"}


def _nullable_like(column_type: ColumnType) -> ColumnType:
    return ColumnType(
        column_type.storage,
        element=column_type.element,
        nullable=True,
        precision=column_type.precision,
        scale=column_type.scale,
    )


def _aggregate(
    function: str, operand: Expression[Any] | None, *, distinct: bool = False, field: Field | None = None
) -> Aggregate[Any]:
    arguments = [_engine.star() if operand is None else operand.node]
    call = _Call(function, tuple(arguments), result_type(function, arguments), distinct)
    return Aggregate(call, field, None if operand is None else operand.origin)


def _ranking(function: str, storage: str, *arguments: Node) -> WindowFunction[Any]:
    node = _engine.function(function, arguments, ColumnType(storage), False, None)
    return WindowFunction(function, node, None, None)


def _count_node(function: str, count: int, *, least: int) -> Node:
    if type(count) is not int or count < least:
        raise QueryError(f"{function}() counts in whole numbers from {least}, not {count!r}")
    return _engine.infer_parameter(count)


def _checked_share(share: float) -> float:
    is_number = is_a(share, float) or (is_a(share, int) and not is_a(share, bool))
    if not is_number or not 0 <= share <= 1:
        raise QueryError(f"a percentile is a share from 0 to 1, not {share!r}")
    return share


def _neighbour(function: str, operand: Expression[Any], distance: int, default: Any) -> WindowFunction[Any]:
    arguments = [operand.node, _count_node(function, distance, least=0)]
    result = _nullable_like(operand.node.type)
    if default is not None:
        arguments.append(operand_like(operand, default))
        result = operand.node.type
    node = _engine.function(function, arguments, result, False, None)
    return WindowFunction(function, node, operand.field, operand.origin)


def _of_frame(function: str, operand: Expression[Any], *more: Node) -> WindowFunction[Any]:
    result = _nullable_like(operand.node.type)
    node = _engine.function(function, [operand.node, *more], result, False, None)
    return WindowFunction(function, node, operand.field, operand.origin)


def _array_call(function: str, operand: Expression[Any], other: Any) -> Expression[bool]:
    right = other.node if _is_expression(other) else operand_like(operand, other)
    node = _engine.function(function, [operand.node, right], ColumnType("bool", nullable=True), False, None)
    return Built(node, None, function, operand.origin)


def _call(function: str, arguments: list[Node]) -> Node:
    return _engine.function(function, arguments, result_type(function, arguments), False, None)


def _all_of(conditions: tuple[object, ...]) -> Node:
    if not conditions:
        raise QueryError("filter() takes at least one condition")
    combined = condition_node(conditions[0])
    for condition in conditions[1:]:
        combined = _engine.binary("and", combined, condition_node(condition))
    return combined


def _is_expression(value: object) -> TypeGuard[Expression[Any]]:
    return isinstance(value, Expression)


class _Nothing:
    """Stands for an `else_` that was not given."""


_NOTHING = _Nothing()
Branch = tuple[Expression[bool], Value | Expression[Value]]


@overload
def literal(value: Value) -> Expression[Value]: ...
@overload
def literal(value: None, kind: type[Value]) -> Expression[Value | None]: ...
@overload
def literal(value: Value, kind: type[Value]) -> Expression[Value]: ...
def literal(value: Any, kind: type[Any] | None = None) -> Expression[Any]:
    """A value as an expression, bound by the server: `select(Book.title, literal("book"))`. `kind` says
    what cannot be told from the value: `literal(None, int)`, `literal([1, 2], list[int])`.
    """
    if kind is None:
        if value is None:
            raise QueryError("NULL has no type of its own: say it, as literal(None, int)")
        return Built(_engine.infer_parameter(value), None, "literal")
    field = field_for(kind | None if value is None else kind, FieldOptions())
    stored = value if field.to_storage is None or value is None else field.to_storage(value)
    return Built(_engine.parameter(stored, field.type, "literal"), field, "literal")


@overload
def case(*branches: Branch[Value], else_: Value | Expression[Value]) -> Expression[Value]: ...
@overload
def case(*branches: Branch[Value]) -> Expression[Value | None]: ...
def case(*branches: Any, else_: Any = _NOTHING) -> Expression[Any]:
    """The result of the first branch whose condition holds; `else_` or NULL where none does."""
    if not branches:
        raise QueryError("case() takes at least one (condition, result)")
    results = [result for _condition, result in branches]
    model = next(filter(_is_expression, results), None)

    def lower(result: Any) -> Node:
        return any_node(result) if model is None else operand_like(model, result)

    pairs = [(condition_node(condition), lower(result)) for condition, result in branches]
    otherwise = None if else_ is _NOTHING or else_ is None else lower(else_)
    first_condition: Expression[bool] = branches[0][0]
    return Built(
        _engine.case(pairs, otherwise), None if model is None else model.field, "case", first_condition.origin
    )


def cast_expression(operand: Expression[Any], target: type[Value]) -> Expression[Value]:
    """`operand` as another Python type, converted by the database."""
    return cast_to(operand, target)


def exists(query: Subquery[Any]) -> Expression[bool]:
    """Whether the query has any row:
    `Author.where(exists(select(Book).where(Book.author_id == Author.id)))`.
    """
    if not is_a(query, Subquery):
        raise QueryError("exists() takes a query: say select(...)")
    return Built(_engine.exists(query.statement))


class ScalarSubquery(Built[Value], Generic[Value]):
    """A query of one column as a value; NULL where it has no row."""

    __slots__ = ()


def scalar(query: Subquery[Value]) -> Expression[Value | None]:
    """The query's only value, for use inside another query:
    `Book.where(Book.price == scalar(select(func.max(other.price))))`. NULL where it has no row.
    """
    if not is_a(query, Subquery):
        raise QueryError("scalar() takes a query of one column: say select(...)")
    return ScalarSubquery(_engine.scalar_subquery(query.statement))
