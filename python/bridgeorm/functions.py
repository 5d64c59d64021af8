"""Functions of the database, choices, conversions and subqueries as typed expressions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, Protocol, TypeGuard, TypeVar, cast, overload

from bridgeorm import _engine
from bridgeorm._engine import ColumnType, Node
from bridgeorm.errors import QueryError
from bridgeorm.expressions import Built, Expression, Subquery, any_node, cast_to, condition_node
from bridgeorm.fields import Field, FieldOptions, field_for

Value = TypeVar("Value")
Other = TypeVar("Other")
Returned = TypeVar("Returned")
Total = TypeVar("Total", int, float, Decimal)


class Aggregate(Built[Value]):
    """A call of an aggregate, which may still be narrowed by `filter`."""

    __slots__ = ("_arguments", "_distinct", "_function")

    def __init__(
        self, function: str, operand: Expression[Any] | None, *, distinct: bool, field: Field | None
    ) -> None:
        arguments = [_engine.star() if operand is None else operand.node]
        result = result_type(function, arguments)
        node = _engine.function(function, arguments, result, distinct, None)
        super().__init__(node, field, function, None if operand is None else operand.origin)
        self._function = function
        self._arguments = arguments
        self._distinct = distinct

    def filter(self, *conditions: Expression[bool | None]) -> Expression[Value]:
        """The same over those rows only for which all conditions hold."""
        combined = _all_of(conditions)
        node = _engine.function(self._function, self._arguments, self.node.type, self._distinct, combined)
        return Built(node, self.field, self._function, self.origin)


class Unknown(Protocol):
    """A function the library knows nothing about: it must be told what comes back."""

    def __call__(self, *arguments: object, returns: type[Returned]) -> Expression[Returned]: ...


class Functions:
    """`func.<name>(...)`: known functions with their types, and any other with `returns=`."""

    __slots__ = ()

    def count(self, operand: Expression[Any] | None = None, *, distinct: bool = False) -> Aggregate[int]:
        """How many rows, or how many values that are not NULL."""
        return Aggregate("count", operand, distinct=distinct, field=None)

    def sum(
        self, operand: Expression[Total] | Expression[Total | None], *, distinct: bool = False
    ) -> Aggregate[Total | None]:
        """The sum of the values; None where there are none."""
        return Aggregate("sum", operand, distinct=distinct, field=None)

    @overload
    def avg(  # type: ignore[overload-overlap]  # int passes for float in type checkers: the first match is meant
        self, operand: Expression[int | None] | Expression[Decimal | None], *, distinct: bool = False
    ) -> Aggregate[Decimal | None]: ...
    @overload
    def avg(
        self, operand: Expression[float | None], *, distinct: bool = False
    ) -> Aggregate[float | None]: ...
    def avg(self, operand: Expression[Any], *, distinct: bool = False) -> Aggregate[Any]:
        """The mean of the values; exact for whole and exact numbers."""
        return Aggregate("avg", operand, distinct=distinct, field=None)

    def min(self, operand: Expression[Value | None]) -> Aggregate[Value | None]:
        """The smallest value."""
        return Aggregate("min", operand, distinct=False, field=operand.field)

    def max(self, operand: Expression[Value | None]) -> Aggregate[Value | None]:
        """The largest value."""
        return Aggregate("max", operand, distinct=False, field=operand.field)

    def lower(self, operand: Expression[str | None]) -> Expression[str]:
        """The text in small letters."""
        return _text_call("lower", operand)

    def upper(self, operand: Expression[str | None]) -> Expression[str]:
        """The text in capitals."""
        return _text_call("upper", operand)

    def length(self, operand: Expression[str | None]) -> Expression[int]:
        """The number of characters."""
        return Built(_call("length", [operand.node]), None, "length", operand.origin)

    def trim(self, operand: Expression[str | None]) -> Expression[str]:
        """The text without spaces at its ends."""
        return _text_call("trim", operand)

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
        return Built(_call("coalesce", nodes), first.field, "coalesce", first.origin)

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


def operand_like(model: Expression[Any], value: Any) -> Node:
    """The node of a value meant to be of the same type as another expression."""
    if isinstance(value, Expression | Subquery):
        return any_node(value)
    field = model.field
    if field is None or field.to_storage is None:
        return _engine.parameter(value, ColumnType(model.node.type.storage, nullable=True), model.context)
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
    if rule in {"argument", "nullable_argument"}:
        nullable = rule == "nullable_argument" or first.nullable
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
        return ColumnType("float64" if first.storage == "float64" else "decimal", nullable=True)
    return ColumnType(
        rule, nullable=function != "count" and any(argument.type.nullable for argument in arguments)
    )


_SUMS = {"int16": "int64", "int32": "int64"}


def _call(function: str, arguments: list[Node]) -> Node:
    return _engine.function(function, arguments, result_type(function, arguments), False, None)


def _text_call(function: str, operand: Expression[Any]) -> Expression[str]:
    return Built(_call(function, [operand.node]), None, function, operand.origin)


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
    """Whether the query has any row."""
    return Built(_engine.exists(query.statement))


class ScalarSubquery(Built[Value], Generic[Value]):
    """A query of one column as a value; NULL where it has no row."""

    __slots__ = ()


def scalar(query: Subquery[Value]) -> Expression[Value | None]:
    """The query's only value, for use inside another query."""
    return ScalarSubquery(_engine.scalar_subquery(query.statement))
