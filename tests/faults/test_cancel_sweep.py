"""A task cancelled at any step of any verb leaves a whole pool, no open transaction, and a next answer."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable

import pytest

from bridgeorm import BreakerOptions, Database, PoolOptions, select

from .models import Note

ROUND_SECONDS = 10.0
FIRST_ID = 1_000
# Bounds a verb that never ends; the longest takes some thirty steps while answers take no time.
MAX_STEPS = 200_000
# Steps are tried one by one up to here, then with growing strides: later ones only wait for the server.
DENSE_STEPS = 400 if os.environ.get("BRIDGE_FULL") else 60
STRIDE = 1.5

Verb = Callable[[Database, int], Awaitable[object]]


async def _insert(db: Database, number: int) -> object:
    return await db.insert(Note(id=number, text="x"))


async def _insert_many(db: Database, number: int) -> object:
    return await db.insert_many(Note, [{"id": number, "text": "x"}, {"id": -number, "text": "y"}])


async def _update(db: Database, number: int) -> object:
    note = await db.get(Note, 1)
    note.text = f"changed {number}"
    return await db.update(note)


async def _read(db: Database, _number: int) -> object:
    return await db.all(select(Note).order_by(Note.id))


async def _read_together(db: Database, _number: int) -> object:
    return await asyncio.gather(*(db.get(Note, 1) for _ in range(4)))


async def _transaction(db: Database, number: int) -> object:
    async with db.transaction() as outer:
        await outer.insert(Note(id=number, text="x"))
        async with outer.transaction() as inner:
            await inner.insert(Note(id=-number, text="x"))
        return await outer.count(select(Note))


async def _session(db: Database, number: int) -> object:
    async with db.session() as session:
        note = await session.get(Note, 1)
        note.text = f"in session {number}"
        session.add(Note(id=number, text="x"))
        await session.flush()
    return None


async def _run_transaction(db: Database, number: int) -> object:
    async def body() -> None:
        await db.insert(Note(id=number, text="x"))

    return await db.run_transaction(body)


VERBS: dict[str, Verb] = {
    "insert": _insert,
    "insert_many": _insert_many,
    "update": _update,
    "read": _read,
    "read_together": _read_together,
    "transaction": _transaction,
    "session": _session,
    "run_transaction": _run_transaction,
}


async def _cancel_after(work: Awaitable[object], steps: int, *, again: bool) -> bool:
    """Whether it ended before its time; `again` cancels once more while it cleans up."""
    task = asyncio.ensure_future(work)
    for _ in range(steps):
        if task.done():
            break
        await asyncio.sleep(0)
    is_done = task.done()
    task.cancel()
    if again:
        await asyncio.sleep(0)
        task.cancel()
    await asyncio.wait([task], timeout=ROUND_SECONDS)
    assert task.done(), f"cancelled after {steps} steps it hangs"
    if not task.cancelled() and (error := task.exception()) is not None:
        raise error
    return is_done


async def _until_free(db: Database) -> None:
    async with asyncio.timeout(ROUND_SECONDS):
        while db.pool.stats().lent or db.pool.stats().waiting:  # noqa: ASYNC110  # the pool tells nobody
            await asyncio.sleep(0.001)


async def _assert_no_open_transaction(db: Database) -> None:
    """Asked on a second handle's connection, which sees the server's side."""
    result = await db.execute_raw(
        "SELECT count(*) AS open FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
    )
    assert [tuple(row) for row in result.rows] == [(0,)]


@pytest.mark.parametrize("again", [False, True], ids=["once", "twice"])
@pytest.mark.parametrize("name", list(VERBS))
async def test_cancelled_at_every_step(database_url: str, name: str, again: bool) -> None:
    verb, is_postgres = VERBS[name], database_url.startswith("postgres")
    pool, breaker = PoolOptions(max_size=2), BreakerOptions(is_enabled=False)
    async with Database(database_url, pool=pool, breaker=breaker) as db, Database(database_url) as watcher:
        await db.create_tables(Note)
        await db.insert(Note(id=1, text="first"))
        steps, finished = 0, 0
        while finished < 3 and steps < MAX_STEPS:
            finished += await _cancel_after(verb(db, FIRST_ID + steps), steps, again=again)
            await _until_free(db)
            if is_postgres:
                await _assert_no_open_transaction(watcher)
            note = await asyncio.wait_for(db.one(select(Note).where(Note.id == 1)), ROUND_SECONDS)
            assert note.id == 1
            # both halves of what belongs together, or none
            if name in {"transaction", "insert_many"}:
                kept = await watcher.count(
                    select(Note).where(Note.id.in_([FIRST_ID + steps, -FIRST_ID - steps]))
                )
                assert kept in {0, 2}
            steps = steps + 1 if steps < DENSE_STEPS else int(steps * STRIDE)
        assert finished == 3, "the sweep has reached the end of the verb"
        assert db.pool.stats().size <= pool.max_size
