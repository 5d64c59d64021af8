"""A backend killed as the query leaves: one clean error or a right answer, and a pool that stays whole."""

from __future__ import annotations

import asyncio

import psycopg

from bridgeorm import BreakerOptions, ConnectivityError, Database, PoolOptions, select

from .models import Note

ROUNDS = 120
TICK_OFFSETS = 12


async def test_backend_killed_as_the_query_leaves(postgres_url: str) -> None:
    db = Database(postgres_url, pool=PoolOptions(max_size=1), breaker=BreakerOptions(is_enabled=False))
    async with db, await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as killer:
        await db.create_tables(Note)
        await db.insert(Note(id=1, text="x"))

        async def kill() -> None:
            await killer.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

        for number in range(ROUNDS):
            killing = asyncio.create_task(kill())
            for _ in range(number % TICK_OFFSETS):
                await asyncio.sleep(0)
            for _ in range(3):
                try:
                    assert await asyncio.wait_for(db.all(select(Note.id)), 5) == [1]
                except ConnectivityError:
                    continue
            await killing
            assert await asyncio.wait_for(db.all(select(Note.id)), 5) == [1]
            assert db.pool.stats().size <= 1
