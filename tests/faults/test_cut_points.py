"""A reply cut at any byte ends in one typed error or a right repeat; the next statement is answered."""

from __future__ import annotations

import asyncio

import pytest

from bridgeorm import BreakerOptions, BridgeError, ConnectivityError, Database, PoolOptions, select

from .models import Note
from .proxy import FaultProxy

ROWS = 20
ROUND_SECONDS = 5.0
STEP = 7  # a prime step meets every kind of place in a message; every byte would take minutes


def _database(url: str) -> Database:
    return Database(url, pool=PoolOptions(max_size=1), breaker=BreakerOptions(is_enabled=False))


async def _prepare(url: str) -> None:
    async with Database(url) as db:
        await db.create_tables(Note)
        await db.insert_many(Note, [{"id": number, "text": f"note {number}"} for number in range(ROWS)])


async def _read(db: Database) -> list[int]:
    return await asyncio.wait_for(db.all(select(Note.id).order_by(Note.id)), ROUND_SECONDS)


async def _reply_size(proxy: FaultProxy) -> int:
    proxy.arm(None)
    db = _database(proxy.url)
    async with db:
        await _read(db)
    return proxy.passed


@pytest.mark.parametrize("resets", [True, False], ids=["reset", "fin"])
async def test_read_cut_at_any_byte(postgres_url: str, resets: bool) -> None:
    await _prepare(postgres_url)
    async with FaultProxy(postgres_url) as proxy:
        proxy.resets = resets
        size = await _reply_size(proxy)
        assert size > ROWS
        for cut in range(1, size, STEP):
            proxy.arm(cut)
            db = _database(proxy.url)
            try:
                await db.connect()
                assert await _read(db) == list(range(ROWS))
            except ConnectivityError as error:
                assert error.was_sent is not None
            proxy.arm(None)
            await db.close()
            await db.connect()
            assert await _read(db) == list(range(ROWS)), f"after a cut at byte {cut}"
            await db.close()


async def test_write_cut_at_any_byte_is_never_repeated(postgres_url: str) -> None:
    await _prepare(postgres_url)
    async with FaultProxy(postgres_url) as proxy, Database(postgres_url) as direct:
        db = _database(proxy.url)
        async with db:
            await _read(db)
            for number in range(ROWS, ROWS + 40):
                proxy.arm(number - ROWS)
                try:
                    await asyncio.wait_for(db.insert(Note(id=number, text="x")), ROUND_SECONDS)
                    told = True
                except BridgeError as error:
                    told = False
                    assert error.was_sent is not False or not await direct.exists(
                        select(Note).where(Note.id == number)
                    )
                proxy.arm(None)
                count = await direct.count(select(Note).where(Note.id == number))
                assert count == 1 if told else count <= 1


async def test_black_hole_meets_the_deadline(postgres_url: str) -> None:
    await _prepare(postgres_url)
    async with FaultProxy(postgres_url) as proxy:
        db = _database(proxy.url)
        async with db:
            await _read(db)
            proxy.is_swallowing = True
            loop = asyncio.get_running_loop()
            started = loop.time()
            with pytest.raises(BridgeError), db.timeout(0.3):
                await db.all(select(Note.id))
            assert loop.time() - started < ROUND_SECONDS
            proxy.is_swallowing = False
            await asyncio.sleep(0)
            assert await _read(db) == list(range(ROWS))
