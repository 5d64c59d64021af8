"""Answers that come without waiting do not keep other tasks from running."""

from __future__ import annotations

import asyncio

from bridgeorm import Column, Database, Model, primary_key, select

# Enough that reading takes many times the engine's tick budget of 5 ms.
READS = 3_000


class Tick(Model, table="fairness_ticks"):
    """A table to read without end."""

    id: Column[int] = primary_key(generated=False)


async def test_inline_reads_let_other_tasks_run(sqlite_url: str) -> None:
    async with Database(sqlite_url) as db:
        await db.create_tables(Tick)
        turns = 0

        async def count_turns() -> None:
            nonlocal turns
            while True:
                await asyncio.sleep(0)
                turns += 1

        counter = asyncio.create_task(count_turns())
        for _ in range(READS):
            await db.all(select(Tick))
        counter.cancel()
        assert turns > 1
