"""JSON documents and arrays."""

from __future__ import annotations

from bridgeorm._engine import ColumnType
from bridgeorm.errors import ModelError
from bridgeorm.fields.field import Field, FieldMaker, plain

MAKERS: dict[type, FieldMaker] = {dict: plain("json", "dict"), list: plain("json", "list")}


def array_of(element: Field, *, nullable: bool) -> Field:
    """A list of values of one type."""
    if element.to_storage is not None or element.type.storage in {"array", "json"}:
        raise ModelError(
            "the elements of a list are plain values: for anything else use a bare `list` (JSON)"
        )
    return Field(ColumnType("array", element=element.type.storage, nullable=nullable))
