"""A reply cut at any byte ends in one typed error or a right repeat; the next statement is answered."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable

import pytest

from bridgeorm import BreakerOptions, BridgeError, ConnectivityError, Database, PoolOptions, select

from .models import Note
from .proxy import FaultProxy

ROWS = 20
ROUND_SECONDS = 5.0
# A prime step meets every kind of place in a message; every byte takes minutes and is for tools/test --full.
STEP = 1 if os.environ.get("BRIDGE_FULL") else 7


Dialogue = Callable[[Database, int], Awaitable[None]]


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


async def _write_one(db: Database, first: int) -> None:
    await db.insert(Note(id=first, text="x"))
    await db.insert(Note(id=first + 1, text="x"))


async def _write_in_transaction(db: Database, first: int) -> None:
    async with db.transaction() as transaction:
        await transaction.insert(Note(id=first, text="x"))
        assert await transaction.count(select(Note).where(Note.id == first)) == 1
        await transaction.insert(Note(id=first + 1, text="x"))


async def _copy(db: Database, first: int) -> None:
    await db.insert_many(Note, [{"id": first, "text": "x"}, {"id": first + 1, "text": "x"}])


DIALOGUES: dict[str, Dialogue] = {"transaction": _write_in_transaction, "copy": _copy, "writes": _write_one}


async def _size_of(dialogue: Dialogue, proxy: FaultProxy, db: Database) -> int:
    proxy.arm(None)
    await dialogue(db, ROWS)
    return proxy.passed


@pytest.mark.parametrize("query", ["", "?sslmode=require"], ids=["plain", "tls"])
@pytest.mark.parametrize("resets", [True, False], ids=["reset", "fin"])
@pytest.mark.parametrize("name", list(DIALOGUES))
async def test_write_cut_at_any_byte(postgres_url: str, name: str, resets: bool, query: str) -> None:
    await _prepare(postgres_url)
    dialogue, is_atomic = DIALOGUES[name], name != "writes"
    async with FaultProxy(postgres_url) as proxy, Database(postgres_url) as direct:
        proxy.resets, proxy.cuts_once = resets, True
        db = _database(proxy.url + query)
        async with db:
            size = await _size_of(dialogue, proxy, db)
            assert size > 0
            for cut in range(0, size, STEP):
                first = ROWS + 2 * (cut + 1)
                proxy.arm(cut)
                is_told = True
                try:
                    await asyncio.wait_for(dialogue(db, first), ROUND_SECONDS)
                except ConnectivityError as error:
                    is_told = False
                    assert error.was_sent is not None
                proxy.arm(None)
                count = await direct.count(select(Note).where(Note.id >= first, Note.id <= first + 1))
                if is_told:
                    assert count == 2, f"a success after a cut at byte {cut} is one"
                elif is_atomic:
                    assert count in {0, 2}, f"all or nothing after a cut at byte {cut}"
                assert (
                    await asyncio.wait_for(db.count(select(Note).where(Note.id < ROWS)), ROUND_SECONDS)
                    == ROWS
                )
                stats = db.pool.stats()
                assert (stats.lent, stats.waiting) == (0, 0), f"after a cut at byte {cut}"


@pytest.mark.parametrize("query", ["", "?sslmode=require"], ids=["plain", "tls"])
async def test_read_is_repeated_after_one_cut(postgres_url: str, query: str) -> None:
    await _prepare(postgres_url)
    async with FaultProxy(postgres_url) as proxy:
        proxy.cuts_once = True
        async with _database(proxy.url + query) as db:
            proxy.arm(None)
            await _read(db)
        for cut in range(0, proxy.passed, STEP):
            # a handle of its own each time: one alone has a budget of twenty repeats
            async with _database(proxy.url + query) as db:
                proxy.arm(cut)
                assert await _read(db) == list(range(ROWS)), f"after a cut at byte {cut}"
                proxy.arm(None)
