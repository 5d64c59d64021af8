"""Values rounded, bounded and chosen among: functions that give what they were given."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar, overload

from bridgeorm import _engine
from bridgeorm._engine import ColumnType
from bridgeorm.errors import QueryError
from bridgeorm.expressions import Built, Expression

Value = TypeVar("Value")
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

    def nullif(self, operand: Expression[Value], unwanted: Value) -> Expression[Value | None]:
        """NULL where it is this very value: `total / func.nullif(count, 0)`."""
        model = operand.node.type
        nullable = ColumnType(
            model.storage, element=model.element, nullable=True, precision=model.precision, scale=model.scale
        )
        arguments = [operand.node, operand._operand(unwanted)]  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # as comparing takes it
        node = _engine.function("nullif", arguments, nullable, False, None)
        return Built(node, operand.field, "nullif", operand.origin)
