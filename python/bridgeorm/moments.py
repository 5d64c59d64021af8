"""Dates and timestamps computed with: parts, beginnings, distances. Timestamps with a zone count in UTC."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, TypeVar, overload

from bridgeorm import _engine
from bridgeorm._engine import ColumnType, Node
from bridgeorm.errors import QueryError
from bridgeorm.expressions import Built, Expression, any_node, cast_to
from bridgeorm.narrowing import is_a

Moment = TypeVar("Moment", bound=date | None)
DatePart = Literal["year", "quarter", "month", "week", "weekday", "day", "day_of_year"]
TimePart = Literal["hour", "minute", "second"]
DateUnit = Literal["year", "quarter", "month", "week", "day"]
TimeUnit = Literal["hour", "minute"]

_TIME_PARTS = ("hour", "minute", "second")
_DATE_PARTS = ("year", "quarter", "month", "week", "weekday", "day", "day_of_year")
_DATE_UNITS = ("year", "quarter", "month", "week", "day")
_TIME_UNITS = ("hour", "minute")
_TIMESTAMPS = ("timestamp", "timestamp_utc")


class Moments:
    """The part of `func` that knows dates and timestamps."""

    __slots__ = ()

    @overload
    def extract(self, part: DatePart, operand: Expression[date]) -> Expression[int]: ...
    @overload
    def extract(self, part: DatePart, operand: Expression[date | None]) -> Expression[int | None]: ...
    @overload
    def extract(self, part: TimePart, operand: Expression[datetime]) -> Expression[int]: ...
    @overload
    def extract(self, part: TimePart, operand: Expression[datetime | None]) -> Expression[int | None]: ...
    def extract(self, part: str, operand: Expression[Any]) -> Expression[Any]:
        """A part as a whole number. Weeks are those of ISO 8601 and `weekday` counts from 1, Monday, to 7; a
        second loses its fraction.
        """
        _demand(part, operand, _DATE_PARTS, _TIME_PARTS)
        return _called(f"extract_{part}", operand, [], "int64")

    @overload
    def date_trunc(self, unit: DateUnit, operand: Expression[Moment]) -> Expression[Moment]: ...
    @overload
    def date_trunc(self, unit: TimeUnit, operand: Expression[datetime]) -> Expression[datetime]: ...
    @overload
    def date_trunc(
        self, unit: TimeUnit, operand: Expression[datetime | None]
    ) -> Expression[datetime | None]: ...
    def date_trunc(self, unit: str, operand: Expression[Any]) -> Expression[Any]:
        """The beginning of the year, month or other unit the moment lies in; a week begins on Monday."""
        _demand(unit, operand, _DATE_UNITS, _TIME_UNITS)
        return _called(f"truncate_{unit}", operand, [])

    def add_days(
        self, operand: Expression[Moment], days: int | Expression[int] | Expression[int | None]
    ) -> Expression[Moment]:
        """So many days later, or earlier where negative."""
        return _called("add_days", _moment(operand), [any_node(days)])

    def add_months(
        self, operand: Expression[Moment], months: int | Expression[int] | Expression[int | None]
    ) -> Expression[Moment]:
        """The same day so many months later; the last of the month where that has no such day."""
        return _called("add_months", _moment(operand), [any_node(months)])

    @overload
    def days_between(self, start: Expression[date], end: date | Expression[date]) -> Expression[int]: ...
    @overload
    def days_between(
        self, start: Expression[date | None], end: date | Expression[date | None]
    ) -> Expression[int | None]: ...
    def days_between(self, start: Expression[Any], end: Any) -> Expression[Any]:
        """From the day of one moment to the day of another; negative where that is earlier."""
        return _called("days_between", _day(start), [_end_of(end)], "int64")


def _demand(what: str, operand: Expression[Any], of_days: tuple[str, ...], of_times: tuple[str, ...]) -> None:
    """That a moment has such a part. QueryError otherwise."""
    storage = operand.node.type.storage
    known = of_days if storage == "date" else (*of_days, *of_times)
    if storage != "date" and storage not in _TIMESTAMPS:
        raise QueryError(f"a date or timestamp has a {what}, {storage} has none")
    if what not in known:
        raise QueryError(f"{storage} has no {what}: it has {', '.join(known)}")


def _moment(operand: Expression[Any]) -> Expression[Any]:
    storage = operand.node.type.storage
    if storage != "date" and storage not in _TIMESTAMPS:
        raise QueryError(f"dates and timestamps are moved by days and months, {storage} is neither")
    return operand


def _day(operand: Expression[Any]) -> Expression[Any]:
    return cast_to(operand, date) if _moment(operand).node.type.storage in _TIMESTAMPS else operand


def _end_of(end: Any) -> Node:
    if is_a(end, Expression):
        return _day(end).node
    if type(end) is not date:
        raise QueryError(f"days are counted between dates, not to a {type(end).__name__}")
    return _engine.infer_parameter(end)


def _called(
    function: str, operand: Expression[Any], others: list[Node], storage: str | None = None
) -> Expression[Any]:
    """A call of the operand's own type, or of another; NULL where any argument is."""
    nodes = [operand.node, *others]
    nullable = any(node.type.nullable for node in nodes)
    result = ColumnType(storage or operand.node.type.storage, nullable=nullable)
    field = operand.field if storage is None else None
    return Built(_engine.function(function, nodes, result, False, None), field, function, operand.origin)
