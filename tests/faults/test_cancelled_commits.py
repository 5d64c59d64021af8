"""A task cancelled while its COMMIT is on its way is told that nobody knows what became of it."""

from __future__ import annotations

import asyncio

import pytest

from bridgeorm import BreakerOptions, CommitOutcomeUnknownError, Database, PoolOptions, select
from bridgeorm.transaction import Transaction

from .models import Note
from .proxy import FaultProxy

ROUND_SECONDS = 10.0
NUMBER = 7
MOST_STEPS = 100_000
ALONE = PoolOptions(max_size=1)
UNBROKEN = BreakerOptions(is_enabled=False)


async def _until_there(db: Database) -> None:
    async with asyncio.timeout(ROUND_SECONDS):
        while not await db.exists(select(Note).where(Note.id == NUMBER)):  # noqa: ASYNC110  # a database tells nobody
            await asyncio.sleep(0.005)


async def _until_free(db: Database) -> None:
    async with asyncio.timeout(ROUND_SECONDS):
        while db.pool.stats().lent:  # noqa: ASYNC110  # the pool tells nobody
            await asyncio.sleep(0.001)


@pytest.mark.parametrize("kind", ["transaction", "session"])
@pytest.mark.parametrize("arrives", [True, False], ids=["answer_held", "request_held"])
async def test_cancelled_while_commit_is_on_its_way(postgres_url: str, kind: str, arrives: bool) -> None:
    begun: list[Transaction] = []
    notes: list[Note] = []
    held = asyncio.Event()

    async with FaultProxy(postgres_url) as proxy, Database(postgres_url) as direct:
        await direct.create_tables(Note)
        async with Database(proxy.url, pool=ALONE, breaker=UNBROKEN) as db:
            gate = proxy.lets_replies_pass if arrives else proxy.lets_requests_pass

            async def work() -> None:
                async with db.session() if kind == "session" else db.transaction() as block:
                    begun.append(block)  # type: ignore[arg-type]  # both say how they ended
                    notes.append(await block.insert(Note(id=NUMBER, text="x")))
                    gate.clear()
                    held.set()

            task = asyncio.create_task(work())
            await held.wait()
            await (_until_there(direct) if arrives else asyncio.sleep(0.05))
            task.cancel()
            await asyncio.sleep(0.05)
            gate.set()
            with pytest.raises(asyncio.CancelledError) as caught:
                await asyncio.wait_for(asyncio.shield(task), ROUND_SECONDS)
            cause = caught.value.__cause__
            assert isinstance(cause, CommitOutcomeUnknownError)
            assert cause.was_sent is True
            assert begun[0].ending == "unknown"
            await _until_free(db)
            there = await db.exists(select(Note).where(Note.id == NUMBER))
            assert there == await direct.exists(select(Note).where(Note.id == NUMBER))
            assert there or not arrives
            assert db.pool.stats().size == 1


async def test_endings_that_are_known(database_url: str) -> None:
    async with Database(database_url, pool=ALONE) as db:
        await db.create_tables(Note)
        async with db.transaction() as kept:
            await kept.insert(Note(id=1, text="x"))
        assert kept.ending == "committed"
        undone = db.transaction()
        with pytest.raises(LookupError):
            async with undone:
                await undone.insert(Note(id=2, text="x"))
                raise LookupError
        assert undone.ending == "rolled_back"
        async with db.session() as idle:
            pass
        assert idle.ending == "open"


async def test_whatever_is_said_to_be_known_is_so(database_url: str) -> None:
    async with Database(database_url, breaker=UNBROKEN) as db:
        await db.create_tables(Note)
        ending, number = "open", 0
        while ending != "committed":
            begun: list[Transaction] = []

            async def work(number: int = number, begun: list[Transaction] = begun) -> None:
                async with db.transaction() as block:
                    begun.append(block)
                    await block.insert(Note(id=number, text="x"))

            task = asyncio.create_task(work())
            for _ in range(number):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
            await _until_free(db)
            ending = begun[0].ending if begun else "open"
            there = await db.exists(select(Note).where(Note.id == number))
            assert ending == "unknown" or there == (ending == "committed")
            number += 1
            assert number < MOST_STEPS, "the sweep reaches the end"
