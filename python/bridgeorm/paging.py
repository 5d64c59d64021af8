"""Pages by key: the next page starts behind the last row, however many rows came before."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from bridgeorm import _engine
from bridgeorm._engine import Instance
from bridgeorm.columns import Column
from bridgeorm.errors import QueryError, UnsupportedFeatureError
from bridgeorm.expressions import Expression, Ordering
from bridgeorm.query import Query

Row = TypeVar("Row")

_READERS: dict[str, Callable[[str], Any]] = {
    "int": int,
    "str": str,
    "float": float,
    "bool": lambda text: text == "True",
    "Decimal": Decimal,
    "UUID": UUID,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "datetime": datetime.fromisoformat,
}


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, and the token of those behind them."""

    items: list[Row]
    next: str | None
    """None when there are no more rows."""


class Walk(Generic[Row]):
    """A query of one model, walked in the order of columns that together are unique."""

    def __init__(self, query: Query[Row]) -> None:
        item = query.items[0]
        if len(query.items) != 1 or item.entity is None or not query.is_plain:
            raise UnsupportedFeatureError(
                "rows are walked by key: select one model, without grouping, distinct, limit or offset"
            )
        schema = item.entity.schema
        orderings = list(query.orderings)
        ordered = {id(ordering.operand) for ordering in orderings}
        self._query = query.order_by(*(column for column in schema.key_columns if id(column) not in ordered))
        self._columns: list[tuple[Column[Any], bool]] = [
            self._walked(ordering) for ordering in self._query.orderings
        ]

    @staticmethod
    def _walked(ordering: Ordering) -> tuple[Column[Any], bool]:
        operand = ordering.operand
        if not isinstance(operand, Column) or operand.field.type.nullable or ordering.has_nulls_order:
            raise UnsupportedFeatureError(
                "rows are walked in the order of columns of the model that are never NULL"
            )
        return operand, ordering.descending

    def step(self, size: int, after: list[Any] | None) -> Query[Row]:
        """The next rows behind the position."""
        if type(size) is not int or size < 1:
            raise QueryError("a page has a positive whole number of rows")
        query = self._query if after is None else self._query.where(self._behind(after))
        return query.limit(size)

    def _behind(self, position: list[Any]) -> Expression[bool]:
        """Rows that come later: greater in the first column, or equal there and greater in the second,
        and so on.
        """
        behind: Expression[bool] | None = None
        for (column, descending), value in reversed(list(zip(self._columns, position, strict=True))):
            beyond = column < value if descending else column > value
            behind = beyond if behind is None else beyond | ((column == value) & behind)
        return cast("Expression[bool]", behind)  # a key has at least one column

    def position_of(self, row: Row) -> list[Any]:
        """Where a row stands."""
        return [_engine.peek(cast(Instance, row), column.index) for column, _descending in self._columns]

    def token(self, row: Row) -> str:
        """The position of a row as text that can travel."""
        parts = [
            self._written(column, value)
            for (column, _), value in zip(self._columns, self.position_of(row), strict=True)
        ]
        return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()

    @staticmethod
    def _written(column: Column[Any], value: Any) -> list[str]:
        stored = value if column.field.to_storage is None else column.field.to_storage(value)
        name = type(stored).__name__
        if name not in _READERS:
            raise UnsupportedFeatureError(f"{column.context}: no page can start at a {name}")
        return [name, stored.isoformat() if hasattr(stored, "isoformat") else str(stored)]

    def parse(self, token: str) -> list[Any]:
        """The position a token stands for. QueryError for one that was not made by this walk."""
        try:
            parts = json.loads(base64.urlsafe_b64decode(token.encode()))
            values = [_READERS[name](text) for name, text in parts]
        except (binascii.Error, ValueError, KeyError, TypeError, ArithmeticError):
            raise QueryError("this is no token of a page") from None
        if len(values) != len(self._columns):
            raise QueryError("this token belongs to another order")
        return [
            value if column.field.from_storage is None else column.field.from_storage(value)
            for (column, _descending), value in zip(self._columns, values, strict=True)
        ]
