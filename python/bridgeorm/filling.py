"""What an insert from a query fills by itself: the columns it leaves out that have a default of the model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from bridgeorm import _engine
from bridgeorm._engine import Node, Statement
from bridgeorm.columns import Column, Missing
from bridgeorm.errors import QueryError
from bridgeorm.expressions import Expression
from bridgeorm.functions import func
from bridgeorm.model_schema import ModelSchema

CONSTANT_FACTORIES: tuple[Callable[..., object], ...] = (bool, bytes, dict, float, int, list, str)
"""Callables that give the same value each time, so that once for all rows is enough."""


def filled(schema: ModelSchema, indices: Sequence[int], statement: Statement) -> tuple[list[int], Statement]:
    """The columns and the query of an insert, and behind them what the model fills in. QueryError naming a
    column that nothing fills.
    """
    left_out = [column for column in schema.columns if column.index not in indices]
    defaults = [(column.index, _default_of(schema, column)) for column in left_out]
    added = [(index, node) for index, node in defaults if node is not None]
    if not added:
        return list(indices), statement
    chosen = _engine.subquery_source("chosen", statement, False)
    if chosen.width != len(indices):
        return list(indices), statement  # of the wrong width, which the insert says best
    nodes = [chosen.column(place) for place in range(len(indices))]
    nodes += [node for _index, node in added]
    return [*indices, *(index for index, _node in added)], _engine.select(nodes, [chosen])


def _default_of(schema: ModelSchema, column: Column[Any]) -> Node | None:
    """What stands for the default in every row; None where the database has one of its own, or NULL."""
    default = column.options.default
    if isinstance(default, Expression) or schema.is_generated(column):
        return None
    if isinstance(default, Missing):
        if column.field.type.nullable:
            return None
        raise QueryError(
            f"{column.context} is left out and has no default: name it in from_select, and select its value"
        )
    if default is uuid4 and column.field.type.storage == "uuid":
        return func.random_uuid().node
    if not callable(default):
        return None if default is None else column.value_node(default)
    if default in CONSTANT_FACTORIES:
        return column.value_node(default())
    raise QueryError(
        f"{column.context} has a default that only Python computes, not once for each row of a query: name "
        "the column in from_select and select its value, or give it a default of the database, as "
        "column(default=func.now())"
    )
