"""Many rows that are inserted or meet rows that are there: what a statement says about conflicts, for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from bridgeorm import _engine
from bridgeorm._engine import BulkRows, Instance, Source, Statement
from bridgeorm.arrow import ArrowBatch, ArrowSource, ArrowStream, rows_of_stream
from bridgeorm.batches import most_rows
from bridgeorm.context import scope_of
from bridgeorm.errors import QueryError
from bridgeorm.inserting import refuse_wrong_batch, rows_of
from bridgeorm.model_schema import ModelSchema, schema_of
from bridgeorm.running import Call
from bridgeorm.statements import Insert
from bridgeorm.writing import take_keys_of_parents

Rows = Iterable[Instance] | Iterable[dict[str, Any]] | ArrowSource


async def upsert_many(call: Call, statement: Insert[...], rows: Rows, batch: int) -> int:
    """Inserts all rows as the statement says, or none; how many were inserted or changed. They take effect
    one after the other: one that repeats a key meets what the one before it left.
    """
    refuse_wrong_batch(batch)
    if statement.conflict is None or statement.has_rows:
        raise QueryError(
            "insert_many() takes rows apart from a statement that says what happens on a conflict: "
            f"insert({statement.schema.name}).on_conflict(...).update(...) or .ignore()"
        )
    if call.block is not None and call.block is not scope_of(call.database):
        return await _upsert_each(call, statement, rows, batch)
    async with call.database.transaction() as block:
        return await _upsert_each(call.within(block), statement, rows, batch)


async def _upsert_each(call: Call, statement: Insert[...], rows: Rows, batch: int) -> int:
    count = 0
    for part in _parts(statement.schema, rows, batch):
        for each in _statements(call, statement, part, batch):
            outcome = await call.execute(each)
            count += outcome.rowcount
    return count


def _parts(schema: ModelSchema, rows: Rows, batch: int) -> Iterator[BulkRows]:
    """Rows in which the same columns are known."""
    if isinstance(rows, ArrowStream | ArrowBatch):
        yield rows_of_stream(schema, rows)
        return
    waiting: Iterator[Any] = iter(rows)
    first = next(waiting, None)
    if first is None:
        return
    everything = chain([first], waiting)
    if not isinstance(first, Instance):
        found = rows_of(schema, everything)
        if found is not None:
            yield found
        return
    while some := list(islice(everything, batch)):
        yield from _objects(schema, some)


def _objects(schema: ModelSchema, instances: list[Instance]) -> Iterator[BulkRows]:
    """Objects as rows; those in which the same columns are set stand together."""
    for related in _engine.group_for_insert(instances)[1]:
        take_keys_of_parents(related)
    for cls, filled, members in _engine.group_for_insert(instances)[0]:
        if schema_of(cls) is not schema:
            raise QueryError(f"rows for {schema.name} are its objects or dicts, not {cls.__name__}")
        yield BulkRows(schema.plan, filled, members)


def _statements(call: Call, statement: Insert[...], rows: BulkRows, batch: int) -> Iterator[Statement]:
    """As many as the rows make necessary: in none of them a row meets another of its own, which databases
    refuse.
    """
    columns = rows.columns
    places = _key_places(statement, columns)
    most = min(batch, most_rows(call, statement.schema, len(columns)))
    is_bucket = not call.engine.has_capability("array_parameters")
    while (source := rows.take("incoming", most, places, is_bucket)) is not None:
        yield statement.of_rows(columns, _selection_of(source, len(columns)))


def _selection_of(source: Source, width: int) -> Statement:
    return _engine.select([source.column(place) for place in range(width)], [source])


def _key_places(statement: Insert[...], columns: list[int]) -> list[int]:
    """Where in a row the key stands whose conflict changes a row; nowhere if conflicts are ignored."""
    schema, conflict = statement.schema, statement.conflict
    if conflict is None or conflict[1] != "update":
        return []
    unknown = [schema.columns[index].attribute for index in conflict[0] if index not in columns]
    if unknown:
        raise QueryError(f"rows of {schema.name} leave out {unknown[0]}, by which conflicts are told")
    return [columns.index(index) for index in conflict[0]]
