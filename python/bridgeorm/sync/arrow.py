# GENERATED from bridgeorm/arrow.py by tools/generate: edit that file instead.
"""Results as Arrow columns, and Arrow columns as rows, with no Python object per value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from bridgeorm._engine import UNSET, ArrowRows, ArrowTable, BulkRows
from bridgeorm.columns import Column
from bridgeorm.entities import RowSource
from bridgeorm.errors import QueryError
from bridgeorm.expressions import Expression
from bridgeorm.model_schema import ModelSchema, default_values
from bridgeorm.query import Query
from bridgeorm.selecting import Item
from bridgeorm.statements import Returning
from bridgeorm.sync.inserting import insert_batches
from bridgeorm.sync.running import Call


@runtime_checkable
class ArrowStream(Protocol):
    """Hands over batches of columns: a table or a reader of pyarrow, a data frame of polars."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...


@runtime_checkable
class ArrowBatch(Protocol):
    """Hands over one batch of columns."""

    def __arrow_c_array__(self, requested_schema: object = None) -> object: ...


ArrowSource = ArrowStream | ArrowBatch


def fetch_arrow(call: Call, source: RowSource[Any]) -> ArrowTable:
    """All rows as columns."""
    if source.prefetches:
        raise QueryError("Arrow columns hold no related objects: leave prefetch out, or join and select them")
    items = source.items if isinstance(source, Query | Returning) else ()
    return call.arrow(source.statement, column_names(items))


def column_names(items: Sequence[Item]) -> list[str]:
    """A name for each column that is selected: attributes of models, labels and names of everything else.
    What several models have in common has the model's name in front.
    """
    qualified = [pair for item in items for pair in _names_of(item)]
    uses = Counter(name for _model, name in qualified)
    names = [
        f"{model}.{name}" if model and uses[name] > 1 else name or f"column_{place}"
        for place, (model, name) in enumerate(qualified, 1)
    ]
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise QueryError(f"two columns would be called {repeated[0]!r}: label one of them")
    return names


def _names_of(item: Item) -> list[tuple[str, str]]:
    """Model and name of each column; no model where something else than a model is selected."""
    if item.entity is None:
        return [("", item.name)]
    schema = item.entity.schema
    return [(schema.name, column.attribute) for column in schema.columns]


def insert_arrow(call: Call, schema: ModelSchema, source: ArrowSource, batch: int) -> int:
    """Inserts the rows of a stream by the database's fastest path, a batch by each statement and a batch of
    the stream in memory at a time. Columns it leaves out get their defaults.
    """
    return insert_batches(call, rows_of_stream(schema, source), batch, is_single=False)


def rows_of_stream(schema: ModelSchema, source: ArrowSource) -> BulkRows:
    """The rows of a stream on their way into a model's table."""
    rows = ArrowRows(source)
    names = rows.names
    unknown = [name for name in names if name not in schema.by_attribute]
    if unknown:
        raise QueryError(f"{schema.name} has no column {unknown[0]}")
    defaults = _defaults(schema.build(), names)
    if not names and not defaults:
        raise QueryError(f"{schema.name}: the Arrow stream has no column, and nothing says what to write")
    columns = [schema.by_attribute[name] for name in names]
    described = [(column.index, column.field.labels, column.field.outermost) for column in columns]
    return rows.rows_for(schema.plan, described, defaults)


def _defaults(schema: ModelSchema, names: Sequence[str]) -> list[tuple[int, object, bool]]:
    """What stands in the columns that are left out: place, value or callable, and whether it is called for
    each row. QueryError where nothing is known.
    """
    template, factories = default_values(schema)
    made = dict(factories)
    defaults: list[tuple[int, object, bool]] = []
    for column in schema.columns:
        if column.attribute in names:
            continue
        if template[column.index] is not UNSET:
            defaults.append((column.index, template[column.index], False))
        elif column.index in made:
            defaults.append((column.index, made[column.index], True))
        elif not _is_filled_by_database(schema, column):
            raise QueryError(f"{column.context}: the Arrow stream has no such column, and it has no default")
    return defaults


def _is_filled_by_database(schema: ModelSchema, column: Column[Any]) -> bool:
    has_default = isinstance(column.options.default, Expression) or column.field.type.nullable
    return has_default or schema.is_generated(column)
