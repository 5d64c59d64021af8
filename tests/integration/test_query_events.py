"""`on_query` tells of statements, transaction control included, and of nothing else."""

from __future__ import annotations

from bridgeorm import Column, Database, Model, primary_key, select
from bridgeorm.telemetry import QueryEvent, on_query


class Event(Model, table="query_events"):
    """A table to talk about."""

    id: Column[int] = primary_key(generated=False)


async def test_only_statements_are_told(database_url: str) -> None:
    told: list[QueryEvent] = []
    remove = on_query(told.append)
    try:
        async with Database(database_url) as db:
            await db.create_tables(Event)
            async with db.transaction():
                await db.insert(Event(id=1))
            await db.all(select(Event))
    finally:
        remove()
    operations = [event.operation for event in told]
    assert all(event.statement for event in told)
    assert operations[-4:] == ["begin", "insert", "commit", "select"]
    assert told[-1].rowcount == 1
