"""Values rounded, bounded and chosen among: functions that give what they were given."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar, overload

from bridgeorm import _engine
from bridgeorm._engine import ColumnType
from bridgeorm.errors import QueryError
from bridgeorm.expressions import Built, Expression
from bridgeorm.narrowing import is_a

Value = TypeVar("Value")
Ordered = TypeVar("Ordered", int, Decimal, float, str, datetime, date, time, timedelta)
Fraction = TypeVar("Fraction", Decimal, Decimal | None, float, float | None)
_WIDTHS = ("int16", "int32", "int64", "decimal")  # each takes in what stands before it
_MOST_PLACES = 1_000  # more digits than any decimal has


class Choices:
    """The part of `func` that rounds and chooses."""

    __slots__ = ()

    @overload
    def round(self, operand: Expression[Decimal], places: int = 0) -> Expression[Decimal]: ...
    @overload
    def round(self, operand: Expression[Decimal | None], places: int = 0) -> Expression[Decimal | None]: ...
    def round(self, operand: Expression[Any], places: int = 0) -> Expression[Any]:
        """The exact number rounded to so many digits behind the point, half away from zero."""
        if operand.node.type.storage != "decimal":
            raise QueryError(f"round() takes an exact number, not {operand.node.type.storage}")
        if type(places) is not int or not 0 <= places <= _MOST_PLACES:
            raise QueryError("round() takes a whole number of places, from 0")
        exact = ColumnType("decimal", nullable=operand.node.type.nullable)
        arguments = [operand.node, _engine.parameter(places, ColumnType("int32"), "places")]
        node = _engine.function("round", arguments, exact, False, None)
        return Built(node, None, "round", operand.origin)

    def ceil(self, operand: Expression[Fraction]) -> Expression[Fraction]:
        """The smallest whole number that is not below it."""
        return _whole("ceil", operand)

    def floor(self, operand: Expression[Fraction]) -> Expression[Fraction]:
        """The largest whole number that is not above it."""
        return _whole("floor", operand)

    @overload
    def greatest(  # type: ignore[overload-overlap]  # only None is both, and nothing yields it alone
        self,
        first: Expression[Ordered],
        second: Ordered | Expression[Ordered],
        /,
        *more: Ordered | Expression[Ordered],
    ) -> Expression[Ordered]: ...
    @overload
    def greatest(
        self,
        first: Expression[Ordered | None],
        second: Ordered | Expression[Ordered | None],
        /,
        *more: Ordered | Expression[Ordered | None],
    ) -> Expression[Ordered | None]: ...
    def greatest(self, first: Expression[Any], second: Any, /, *more: Any) -> Expression[Any]:
        """The largest of the values; those that are NULL are left out, and only of NULLs is it NULL."""
        return _chosen("greatest", first, (second, *more))

    @overload
    def least(  # type: ignore[overload-overlap]  # only None is both, and nothing yields it alone
        self,
        first: Expression[Ordered],
        second: Ordered | Expression[Ordered],
        /,
        *more: Ordered | Expression[Ordered],
    ) -> Expression[Ordered]: ...
    @overload
    def least(
        self,
        first: Expression[Ordered | None],
        second: Ordered | Expression[Ordered | None],
        /,
        *more: Ordered | Expression[Ordered | None],
    ) -> Expression[Ordered | None]: ...
    def least(self, first: Expression[Any], second: Any, /, *more: Any) -> Expression[Any]:
        """The smallest of the values; those that are NULL are left out."""
        return _chosen("least", first, (second, *more))

    def nullif(
        self, operand: Expression[Value], unwanted: Value | Expression[Value]
    ) -> Expression[Value | None]:
        """NULL where it is this very value: `total / func.nullif(count, 0)`."""
        model = operand.node.type
        nullable = ColumnType(
            model.storage, element=model.element, nullable=True, precision=model.precision, scale=model.scale
        )
        arguments = [operand.node, operand._operand(unwanted)]  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # as comparing takes it
        node = _engine.function("nullif", arguments, nullable, False, None)
        return Built(node, operand.field, "nullif", operand.origin)


def _whole(function: str, operand: Expression[Any]) -> Expression[Any]:
    storage = operand.node.type.storage
    if storage not in {"decimal", "float64"}:
        raise QueryError(f"{function}() takes an exact or a floating number, not {storage}")
    node = _engine.function(
        function, [operand.node], ColumnType(storage, nullable=operand.node.type.nullable), False, None
    )
    return Built(node, None, function, operand.origin)


def _chosen(function: str, first: Expression[Any], others: tuple[Any, ...]) -> Expression[Any]:
    if not is_a(first, Expression):
        raise QueryError(f"{function}() takes a column or another expression first")
    model = first
    nodes = [model.node, *(model._operand(other) for other in others)]  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # as comparing takes it
    storages = {node.type.storage for node in nodes}
    if len(storages) > 1 and not storages <= set(_WIDTHS):
        raise QueryError(f"{function}() takes values of one type, not {' and '.join(sorted(storages))}")
    storage = max(storages, key=_WIDTHS.index) if len(storages) > 1 else model.node.type.storage
    nullable = all(node.type.nullable for node in nodes)
    node = _engine.function(function, nodes, ColumnType(storage, nullable=nullable), False, None)
    return Built(node, model.field if storage == model.node.type.storage else None, function, model.origin)
