"""A stream whose server goes in the middle: what came stands, one typed error follows, nothing is lost."""

from __future__ import annotations

import asyncio

import pytest

from bridgeorm import BreakerOptions, BridgeError, ConnectivityError, Database, PoolOptions, select

from .models import Note
from .proxy import FaultProxy

ROWS = 60
BATCH = 7
ROUND_SECONDS = 10.0
STEP = 53  # a prime step meets every kind of place in a message


def _database(url: str) -> Database:
    return Database(url, pool=PoolOptions(max_size=1), breaker=BreakerOptions(is_enabled=False))


async def _prepare(url: str) -> None:
    async with Database(url) as db:
        await db.create_tables(Note)
        await db.insert_many(Note, [{"id": number, "text": f"note {number}"} for number in range(ROWS)])


async def _read(db: Database, seen: list[int]) -> None:
    async for number in db.stream(select(Note.id).order_by(Note.id), batch=BATCH):
        seen.append(number)
        await asyncio.sleep(0)


async def test_cut_at_any_byte_of_any_batch(postgres_url: str) -> None:
    await _prepare(postgres_url)
    async with FaultProxy(postgres_url) as proxy:
        async with _database(proxy.url) as db:
            await _read(db, [])
            proxy.arm(None)
            await _read(db, [])
            size = proxy.passed
        assert size > ROWS
        for cut in range(1, size, STEP):
            proxy.arm(None)
            async with _database(proxy.url) as db:
                await db.count(select(Note))
                proxy.arm(cut)
                seen: list[int] = []
                try:
                    await asyncio.wait_for(_read(db, seen), ROUND_SECONDS)
                except ConnectivityError as error:
                    assert error.was_sent is not None
                assert seen == list(range(len(seen))), "rows in order, none twice"
                proxy.arm(None)
                assert await asyncio.wait_for(db.count(select(Note)), ROUND_SECONDS) == ROWS


async def test_a_silent_server_meets_the_deadline(postgres_url: str) -> None:
    await _prepare(postgres_url)
    async with FaultProxy(postgres_url) as proxy, _database(proxy.url) as db:
        await _read(db, [])
        with pytest.raises(BridgeError), db.timeout(0.5):
            async for _number in db.stream(select(Note.id), batch=BATCH):
                proxy.is_swallowing = True
        proxy.is_swallowing = False
        again: list[int] = []
        await asyncio.wait_for(_read(db, again), ROUND_SECONDS)
        assert again == list(range(ROWS))
