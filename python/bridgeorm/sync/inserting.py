# GENERATED from bridgeorm/inserting.py by tools/generate: edit that file instead.
"""How new objects and rows get into the database, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from typing import Any, TypeVar

from bridgeorm import _engine
from bridgeorm._engine import BulkRows, Instance, Outcome, Pending
from bridgeorm.context import scope_of
from bridgeorm.errors import QueryError
from bridgeorm.hooks import are_hooked
from bridgeorm.model_schema import ModelSchema, schema_of
from bridgeorm.relations.relation import HANDLE
from bridgeorm.sync.running import Call
from bridgeorm.writing import Insertion, complete_rows, insertion_of, take_keys_of_parents

Object = TypeVar("Object", bound=Instance)
Rows = list[tuple[object, ...]]
Group = tuple[Insertion, list[Instance]]
STATEMENTS_UNDERWAY = 4
"""How many inserts are on their way together: enough that the server never waits for the next, few enough to
bound the memory they need."""


def insert(call: Call, instance: Object) -> Object:
    """Inserts one object and fills in what the database generated."""
    if call.needs_block("insert", [instance]):
        with call.database.transaction() as block:
            insert_objects(call.within(block), [instance])
    else:
        insert_objects(call, [instance])
    return instance


def insert_many(call: Call, instances: list[Instance]) -> list[Any]:
    """Inserts objects; all or none."""
    if not instances:
        return []
    if call.needs_block("insert", instances):
        with call.database.transaction() as block:
            insert_objects(call.within(block), instances)
        return instances
    if call.block is not None:
        insert_objects(call, instances)
        return instances
    groups, related = _grouped(instances)
    if related:
        with call.database.transaction() as block:
            insert_objects(call.within(block), instances)
    else:
        _insert_apart(call, groups)
    return instances


def _insert_apart(call: Call, groups: list[Group]) -> None:
    """Inserts outside any transaction. Objects are touched when all rows are there for good, so that there is
    nothing to take back.
    """
    if len(groups) == 1 and _is_bulk(groups[0]):
        arrived: list[Rows] = [_send(call, groups[0])]
    else:
        with call.database.transaction() as transaction:
            inner = call.within(transaction)
            arrived = [_send(inner, group) for group in groups]
    for group, rows in zip(groups, arrived, strict=True):
        _adopt(call, group, rows)


def insert_objects(call: Call, instances: list[Instance]) -> None:
    """Inserts objects, those of one shape together, and fills in what the database generated."""
    groups, related = _grouped(instances)
    is_hooked = are_hooked(instances, "insert")
    if is_hooked:
        call.run_hooks("before", "insert", instances)
    if call.block is not None:
        call.block.remember(instances)
    for instance in related:
        take_keys_of_parents(instance)
    if related or is_hooked:
        groups, _related = _grouped(instances)
    for group in groups:
        rows = _send(call, group)
        _adopt(call, group, rows)
    if is_hooked:
        call.run_hooks("after", "insert", instances)


def _grouped(instances: list[Instance]) -> tuple[list[Group], list[Instance]]:
    """Objects by how they are inserted, and those of them that know relations. QueryError for one that cannot
    be inserted.
    """
    found, related = _engine.group_for_insert(instances)
    return [(insertion_of(schema_of(cls), filled), members) for cls, filled, members in found], related


def _is_bulk(group: Group) -> bool:
    insertion, members = group
    return not insertion.missing and len(members) > 1


def _send(call: Call, group: Group) -> Rows:
    """Inserts the rows of a group; what the database generated, in the objects' order."""
    insertion, members = group
    if _is_bulk(group):
        _insert_each(call, BulkRows(insertion.schema.plan, insertion.filled, members), len(members))
        return []
    if not insertion.missing:
        call.execute(insertion.statement(members))
        return []
    step = insertion.rows_per_statement
    chunks = [members[start : start + step] for start in range(0, len(members), step)]
    transaction = call.transaction()
    begun = (_begin_returning(call, insertion, chunk, transaction) for chunk in chunks)
    outcomes = call.outcomes(begun, STATEMENTS_UNDERWAY)
    return [
        row
        for chunk, outcome in zip(chunks, outcomes, strict=True)
        for row in insertion.matched(chunk, outcome.rows)
    ]


def _begin_returning(
    call: Call, insertion: Insertion, members: list[Instance], transaction: _engine.Transaction | None
) -> Pending[Outcome]:
    call.spend_query()
    return call.engine.insert_returning(
        insertion.schema.plan,
        insertion.filled,
        members,
        insertion.returning,
        insertion.plan,
        transaction,
        call.timeout(),
        call.origin,
    )


def _adopt(call: Call, group: Group, rows: Rows) -> None:
    insertion, members = group
    if insertion.missing:
        _engine.fill_generated(members, insertion.missing, rows)
    _engine.adopt_inserted(members, call.identity_map, {HANDLE: call.database})


def insert_rows(call: Call, schema: ModelSchema, rows: Iterable[dict[str, object]], batch: int) -> int:
    """Inserts rows by the database's fastest path, a batch by each statement. Columns left out of the first
    row get their defaults.
    """
    found = rows_of(schema, rows)
    if found is None:
        return 0
    is_single = isinstance(rows, Sized) and len(rows) <= batch
    return insert_batches(call, found, batch, is_single=is_single)


def rows_of(schema: ModelSchema, rows: Iterable[dict[str, object]]) -> BulkRows | None:
    """Rows on their way into a model's table; None where there are none."""
    waiting = iter(rows)
    first = next(waiting, None)
    if first is None:
        return None
    names, completed = complete_rows(schema, first, waiting)
    return BulkRows(schema.plan, [schema.by_attribute[name].index for name in names], completed)


def insert_batches(call: Call, rows: BulkRows, batch: int, *, is_single: bool) -> int:
    """Inserts all rows or none, so many by one statement. How many there were."""
    refuse_wrong_batch(batch)
    if is_single or (call.block is not None and call.block is not scope_of(call.database)):
        return _insert_each(call, rows, batch)
    with call.database.transaction() as block:
        return _insert_each(call.within(block), rows, batch)


def _insert_each(call: Call, rows: BulkRows, batch: int) -> int:
    count = 0
    while rows.has_more():
        call.spend_query()
        transaction = call.transaction()
        pending = call.engine.insert_rows(rows, batch, transaction, call.timeout(), call.origin)
        outcome = call.settled(pending)
        count += outcome.rowcount
    return count


def refuse_wrong_batch(batch: int) -> None:
    """Raises QueryError for what is no number of rows."""
    if type(batch) is not int or batch < 1:
        raise QueryError("a batch has a positive whole number of rows")
