"""Rows a statement makes for itself, as tables to select from: subqueries, common tables, lists of values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, cast, overload

from bridgeorm import _engine
from bridgeorm._engine import Node, Source
from bridgeorm.entities import Alias, Entity, entity_of
from bridgeorm.errors import QueryError
from bridgeorm.expressions import Built, Expression, Label
from bridgeorm.fields import Field, FieldOptions, field_for
from bridgeorm.selecting import Item

Value = TypeVar("Value")
Chosen = TypeVar("Chosen")


class Derived:
    """A table that is not stored. What its query selected is read as `derived[that]`."""

    __slots__ = ("_items", "_name", "_source")

    def __init__(self, source: Source, name: str, items: Sequence[Item]) -> None:
        self._source = source
        self._name = name
        self._items = tuple(items)

    @property
    def source(self) -> Source:
        """The use of its rows."""
        return self._source

    def copy(self) -> Derived:
        """The same rows once more, for joining them twice."""
        return Derived(self._source.copy(), self._name, self._items)

    @overload
    def __getitem__(self, selected: type[Chosen]) -> type[Chosen]: ...
    @overload
    def __getitem__(self, selected: Expression[Value]) -> Expression[Value]: ...
    @overload
    def __getitem__(self, selected: str) -> Expression[Any]: ...
    def __getitem__(self, selected: Any) -> Any:
        offset = 0
        for item in self._items:
            if _is_meant(item, selected):
                return self._at(offset, item)
            offset += item.width
        raise QueryError(f"{self._name} does not select that: read it by what its query selected")

    def _at(self, offset: int, item: Item) -> Any:
        if item.entity is not None:
            return Alias(Entity(item.entity.schema, self._source, item.entity.offset + offset))
        return Built[Any](self._source.column(offset), item.field, item.name or self._name, self._source)

    def __repr__(self) -> str:
        return f"<derived table {self._name}>"


def _is_meant(item: Item, selected: object) -> bool:
    if isinstance(selected, str):
        return item.entity is None and item.name == selected
    if not isinstance(selected, Expression):
        return item.entity is not None and item.entity.is_same_use(entity_of(selected))
    if item.entity is not None or not isinstance(item.selection, Node):
        return False
    return _is_same(item, item.selection, selected)  # pyright: ignore[reportUnknownArgumentType]  # of any type


def _is_same(item: Item, node: Node, wanted: Expression[Any]) -> bool:
    is_named = isinstance(wanted, Label) and item.name == wanted.name
    return is_named or node.says_the_same(wanted.node)


def as_table(source: Source, name: str, items: Sequence[Item]) -> Any:
    """The rows of one model as that model, all others as a `Derived`."""
    first = items[0]
    if len(items) == 1 and first.entity is not None:
        return Alias(Entity(first.entity.schema, source))
    return Derived(source, name, items)


def source_of(table: object) -> Source:
    """The rows meant by a model, an alias of one, or a derived table."""
    return table.source if isinstance(table, Derived | Values) else entity_of(table).source


class Values:
    """A list of values as a table: `prices.column("sku", str)`."""

    __slots__ = ("_fields", "_source")

    def __init__(self, source: Source, fields: Mapping[str, tuple[Any, Field]]) -> None:
        self._source = source
        self._fields = fields

    @property
    def source(self) -> Source:
        """The use of its rows."""
        return self._source

    def column(self, name: str, kind: type[Value]) -> Expression[Value]:
        """One of its columns; `kind` is the type it was declared with."""
        declared = self._fields.get(name)
        if declared is None:
            raise QueryError(f"the list of values has no column {name}")
        annotation, field = declared
        if annotation != kind:
            raise QueryError(f"column {name} of the list of values was declared with another type")
        node = self._source.column(list(self._fields).index(name))
        return cast("Expression[Value]", Built[Any](node, field, name, self._source))


def values_list(name: str, columns: Mapping[str, Any], rows: Sequence[Sequence[object]]) -> Values:
    """Rows given by the program, to be joined and selected from like a table's:
    `values_list("limits", {"name": str, "least": int}, [("Ann", 5)])`.
    """
    fields = {column: (kind, field_for(kind, FieldOptions())) for column, kind in columns.items()}
    for place, row in enumerate(rows):
        if len(row) != len(fields):
            raise QueryError(f"row {place} of {name} has {len(row)} values for {len(fields)} columns")
    converted = [
        [_node(value, *entry) for value, entry in zip(row, fields.items(), strict=True)] for row in rows
    ]
    described = [(column, field.type) for column, (_kind, field) in fields.items()]
    return Values(_engine.values_source(name, described, converted), fields)


def _node(value: Any, column: str, declared: tuple[Any, Field]) -> Node:
    field = declared[1]
    stored = value if field.to_storage is None else field.to_storage(value)
    return _engine.parameter(stored, field.type, column)
