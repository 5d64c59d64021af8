"""Pages by key: the next page starts behind the last row, however many rows came before."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from bridgeorm._engine import Node, Source
from bridgeorm.columns import Column
from bridgeorm.entities import Entity, optional
from bridgeorm.errors import QueryError, UnsupportedFeatureError
from bridgeorm.expressions import Expression, Ordering
from bridgeorm.model_schema import ModelSchema
from bridgeorm.query import Query

Row = TypeVar("Row")
Sign = Callable[[bytes], bytes]

_MAC_BYTES = 16
"""Half of an HMAC-SHA-256: guessing one takes longer than any key lives."""
_LONGEST_TOKEN = 16_384
"""Far above the keys of any page; longer texts are refused unread."""
_UNPAGED = frozenset({"json", "array", "inet"})
"""Storage types whose values have no place in a token."""
_READERS: dict[str, Callable[[str], Any]] = {
    "int": int,
    "str": str,
    "float": float,
    "bool": lambda text: text == "True",
    "bytes": bytes.fromhex,
    "Decimal": Decimal,
    "UUID": UUID,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "datetime": datetime.fromisoformat,
    "timedelta": lambda text: timedelta(microseconds=int(text)),
    "NoneType": lambda _text: None,
}


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, and the tokens of what lies around them."""

    items: list[Row]
    next: str | None
    """For `after=`: the rows behind these. None when there are none."""
    previous: str | None = None
    """For `before=`: the rows in front of these. None when there are none."""


class _Place:
    """One key of the order, and where its NULLs stand."""

    def __init__(self, ordering: Ordering, outer: list[Source], *, nulls_sort_high: bool) -> None:
        operand = ordering.operand
        self.operand: Expression[Any] = ordering.bare
        storage = self.operand.node.type.storage
        if storage in _UNPAGED:
            raise UnsupportedFeatureError(
                f"{self.operand.context}: no page can start at a value of type {storage}"
            )
        self._ordering = ordering
        self._descending = ordering.descending
        is_certain = isinstance(operand, Column) and operand.origin not in outer
        self._is_nullable = not is_certain or self.operand.node.type.nullable
        self._nulls_first = (
            ordering.descending == nulls_sort_high
            if ordering.nulls == "default"
            else ordering.nulls == "first"
        )

    def ordering(self, *, backward: bool) -> Ordering:
        """The key as said, or the other way round."""
        if not backward:
            return self._ordering
        turned = Ordering(self.operand, descending=not self._descending, nulls="default")
        if self._ordering.nulls == "default":
            return turned  # every database puts NULLs at the other end then
        return turned.nulls_last() if self._nulls_first else turned.nulls_first()

    def beyond(self, value: Any, *, backward: bool) -> Expression[bool] | None:
        """Rows that this key alone puts behind those with the value; None where there are none."""
        nulls_come_later = self._nulls_first == backward
        if value is None:
            return None if nulls_come_later else self.operand.is_not_null()
        later: Expression[bool] = (
            self.operand < value if self._descending != backward else self.operand > value
        )
        return later | self.operand.is_null() if self._is_nullable and nulls_come_later else later

    def equal(self, value: Any) -> Expression[bool]:
        """Rows with this very value, or without any."""
        return self.operand.is_null() if value is None else self.operand == value

    def written(self, value: Any) -> list[str]:
        """The value as text that can travel."""
        field = self.operand.field
        stored: Any = (
            value if field is None or field.to_storage is None or value is None else field.to_storage(value)
        )
        name = type(stored).__name__
        if name not in _READERS:
            raise UnsupportedFeatureError(f"{self.operand.context}: no page can start at a {name}")
        if isinstance(stored, bytes):
            return [name, stored.hex()]
        if isinstance(stored, timedelta):
            return [name, str(stored // timedelta(microseconds=1))]
        return [name, stored.isoformat() if hasattr(stored, "isoformat") else str(stored)]

    def read(self, name: str, text: str) -> Any:
        """The opposite of `written`."""
        field, stored = self.operand.field, _READERS[name](text)
        return (
            stored
            if field is None or field.from_storage is None or stored is None
            else field.from_storage(stored)
        )


class Walk(Generic[Row]):
    """A query walked in an order in which no two rows stand at the same place. What a row's place is comes
    from the database beside the row, not from objects, which may have been changed.
    """

    def __init__(self, query: Query[Row], *, nulls_sort_high: bool) -> None:
        if not query.is_plain or any(
            isinstance(item.selection, Node) and item.selection.has_aggregate for item in query.items
        ):
            raise UnsupportedFeatureError(
                "a page is part of a plain query: without grouping, aggregates, distinct, limit or offset"
            )
        read = [entity.source if entity else None for entity, _is_determined in query.joined]
        read += [*query.sources, *(item.origin for item in query.items if item.origin is not None)]
        if any(source is None or source.is_derived for source in read):
            raise UnsupportedFeatureError(
                "nothing shows that rows of a subquery, a common table or a list differ: page what it reads"
            )
        self._query = query
        self._places = [
            _Place(ordering, query.outer, nulls_sort_high=nulls_sort_high)
            for ordering in _unique_order(query)
        ]

    def query(self, *, backward: bool) -> Query[Any]:
        """All rows, with their places behind what is selected."""
        ordered = self._query.without_order().order_by(
            *(place.ordering(backward=backward) for place in self._places)
        )
        return ordered.with_more(optional(place.operand) for place in self._places)

    def step(self, position: Sequence[Any] | None, size: int, *, backward: bool) -> Query[Any]:
        """The next rows from a position on."""
        query = self.query(backward=backward)
        if position is not None:
            query = query.where(self._beyond(position, backward=backward))
        return query.limit(size)

    def _beyond(self, position: Sequence[Any], *, backward: bool) -> Expression[bool]:
        """Rows that come later: by the first key, or equal there and later by the second, and so on."""
        found: Expression[bool] | None = None
        for place, value in reversed(list(zip(self._places, position, strict=True))):
            later = place.beyond(value, backward=backward)
            if found is not None:
                tied = place.equal(value) & found
                later = tied if later is None else later | tied
            found = later
        if found is None:  # behind the NULLs of the only key
            operand = self._places[0].operand
            return operand.is_null() & operand.is_not_null()
        return found

    def row(self, fetched: tuple[Any, ...]) -> Row:
        """What the query itself would have given."""
        things = fetched[: len(self._query.items)]
        if self._query.maker is not None:
            made: Row = self._query.maker(*things)
            return made
        single: Any = things[0] if len(things) == 1 else things
        row: Row = single
        return row

    def token(self, fetched: tuple[Any, ...], sign: Sign) -> str:
        """The place of a row as text that can travel, and that only this key makes for only this query."""
        values = fetched[len(self._query.items) :]
        parts = [place.written(value) for place, value in zip(self._places, values, strict=True)]
        content = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(sign(content)[:_MAC_BYTES] + content).decode()

    def position(self, token: str, sign: Sign) -> list[Any]:
        """The place a token stands for. QueryError for one that this key did not make for this query."""
        refused = QueryError(
            "this is no token of a page of this query: it was changed, or belongs to another"
        )
        if type(token) is not str or len(token) > _LONGEST_TOKEN:
            raise refused
        try:
            raw = base64.b64decode(token.encode(), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise refused from None
        content = raw[_MAC_BYTES:]
        if not hmac.compare_digest(raw[:_MAC_BYTES], sign(content)[:_MAC_BYTES]):
            raise refused
        return [place.read(*part) for place, part in zip(self._places, json.loads(content), strict=True)]


def _unique_order(query: Query[Any]) -> list[Ordering]:
    """The query's order, completed by the key of a query's only model where it takes that. QueryError where
    two rows could still stand at the same place.
    """
    orderings = list(query.orderings)
    ordered = [(ordering.operand.origin, ordering.bare.node.hash) for ordering in orderings]
    loose = [entity for entity in _loose_entities(query) if not _is_fixed(entity, ordered)]
    if not loose:
        return orderings
    only = query.items[0].entity
    if len(query.items) == 1 and loose == [only] and only is not None:
        key = [only.column(index) for index in only.schema.key]
        return orderings + [column.asc() for column in key if (only.source, column.node.hash) not in ordered]
    names = ", ".join(
        f"{entity.schema.name}.{name}" for entity in loose for name in _key_names(entity.schema)
    )
    raise QueryError(
        f"rows of this query can stand at the same place of its order: order by {names} as well, in the end"
    )


def _key_names(schema: ModelSchema) -> list[str]:
    return [column.attribute for column in schema.key_columns]


def _loose_entities(query: Query[Any]) -> list[Entity]:
    """Uses of tables whose rows nothing else determines: those read from, and those joined that may have
    several rows for one.
    """
    joined = [entity for entity, _is_determined in query.joined if entity is not None]
    loose = [entity for entity, is_determined in query.joined if entity is not None and not is_determined]
    selected = [item.origin for item in query.items if item.origin is not None]
    for source in [*selected, *query.sources]:
        entity = _entity_read(query, source)
        if all(entity.source is not known.source for known in [*joined, *loose]):
            loose.append(entity)
    return loose


def _entity_read(query: Query[Any], source: Source) -> Entity:
    """The use of a model that a selected column comes from."""
    for entity, _is_determined in query.joined:
        if entity is not None and entity.source is source:
            return entity
    for item in query.items:
        if item.entity is not None and item.entity.source is source:
            return item.entity
    for ordering in query.orderings:
        operand = ordering.bare
        if isinstance(operand, Column) and operand.origin is source:
            return Entity(cast("ModelSchema", operand.owner), source)  # what owns columns is a schema
    raise QueryError(
        "nothing shows that rows of this query differ in its order: order by a key of what it reads"
    )


def _is_fixed(entity: Entity, ordered: list[tuple[Source | None, int]]) -> bool:
    """Whether the order tells any two rows of a table apart: by its key, or by unique columns that are never
    NULL.
    """
    known = {digest for source, digest in ordered if source is entity.source}
    schema = entity.schema
    keys = [schema.key, *([column.index] for column in schema.columns if _is_unique(column))]
    return any(all(entity.column(index).node.hash in known for index in key) for key in keys)


def _is_unique(column: Column[Any]) -> bool:
    return column.options.unique and not column.field.type.nullable
