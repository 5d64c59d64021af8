"""One object by its key or by values of its columns."""

from __future__ import annotations

from typing import TypeVar

from bridgeorm import _engine
from bridgeorm._engine import Instance, Node, Statement
from bridgeorm.errors import MultipleRowsFoundError, NoRowFoundError, QueryError
from bridgeorm.model_schema import ModelSchema, schema_of
from bridgeorm.running import Call

Object = TypeVar("Object", bound=Instance)
Key = tuple[object, ...]


async def find(call: Call, model: type[Object], key: Key, columns: dict[str, object]) -> Object | None:
    """The row's object, or None."""
    schema = schema_of(model)
    rows: list[Object]
    if columns or len(key) != 1:
        statement = _engine.select_with(_base(schema), where=_conditions(schema, key, columns))
        rows = await call.run(statement, schema.entity_plan)
    else:
        rows = await call.look_up(_lookup(schema), schema.entity_plan, key[0])
    if len(rows) > 1:
        raise MultipleRowsFoundError(f"more than one {schema.name} has these columns")
    call.adopt(rows)
    return rows[0] if rows else None


async def get(call: Call, model: type[Object], key: Key, columns: dict[str, object]) -> Object:
    """The row's object."""
    found = await find(call, model, key, columns)
    if found is None:
        raise NoRowFoundError(f"there is no such {model.__name__}")
    return found


def _lookup(schema: ModelSchema) -> Statement:
    return schema.cached("lookup", lambda: _engine.select_by_key(schema.source, schema.key))


def _base(schema: ModelSchema) -> Statement:
    return schema.cached("base select", lambda: _engine.select([schema.source], [schema.source]))


def _conditions(schema: ModelSchema, key: Key, columns: dict[str, object]) -> list[Node]:
    if columns and key:
        raise QueryError("a key or columns, not both")
    if not columns:
        raise QueryError(f"say which {schema.name}: by key, or by columns")
    unknown = [name for name in columns if name not in schema.by_attribute]
    if unknown:
        raise QueryError(f"{schema.name} has no column {unknown[0]}")
    return [(schema.by_attribute[name] == value).node for name, value in columns.items()]
