"""What a stream gives, and that nothing of it is left behind however it ends."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bridgeorm import (
    BridgeError,
    Database,
    DeadlineExceededError,
    DecodeError,
    PoolOptions,
    QueryError,
    SyncDatabase,
    delete,
    func,
    select,
    sql,
)
from bridgeorm.testing import count_queries

from .conftest import ROWS, OpenShelf
from .models import MODELS, Rated, Record, Shelf


async def _comes_to_rest(db: Database) -> bool:
    """Whether every connection comes home within the round trip that closing a cursor takes."""
    for _ in range(REST_LOOKS):
        if db.pool.stats().lent == 0:
            return True
        await asyncio.sleep(0.01)
    return False


REST_LOOKS = 100


@dataclass
class Title:
    title: str
    copies: int


async def test_any_rows_in_the_order_the_query_says(shelf: OpenShelf) -> None:
    async with shelf() as db:
        query = select(Record).order_by(Record.title.desc(), Record.id)
        whole = [record.id for record in await db.all(query)]
        for batch in (1, 7, ROWS, ROWS + 1):
            assert [record.id async for record in db.stream(query, batch=batch)] == whole
        pairs = select(Record.id, Shelf).join(Record.shelf).order_by(Record.id)
        assert [(number, found.id) async for number, found in db.stream(pairs, batch=4)] == [
            (number, 1 + number % 2) for number in range(ROWS)
        ]
        grouped = select(Record.title, func.count().label("copies")).group_by(Record.title)
        titles = [row async for row in db.stream(grouped.order_by(Record.title).into(Title), batch=2)]
        assert titles == [Title("title 0", 9), Title("title 1", 8), Title("title 2", 8)]
        raw = sql("SELECT id FROM stream_records WHERE id >= {low} ORDER BY id", low=20)
        assert [row async for row in db.stream(raw, batch=2)] == [(number,) for number in range(20, ROWS)]
        assert [row async for row in db.stream(select(Record).where(Record.id < 0))] == []
        assert await _comes_to_rest(db)


async def test_relations_come_with_each_batch(shelf: OpenShelf, database_url: str) -> None:
    async with shelf(), Database(database_url, pool=PoolOptions(max_size=2)) as db:
        query = select(Record).order_by(Record.id).prefetch(Record.shelf)
        assert [record.shelf.name async for record in db.stream(query, batch=10)] == [
            f"shelf {1 + number % 2}" for number in range(ROWS)
        ]
        with count_queries(db) as counter:
            async for record in db.stream(select(Record).order_by(Record.id), batch=10):
                await record.shelf
        # A batch's siblings are loaded together: the stream itself, and one load per batch.
        assert counter.count == 1 + 3


async def test_leaving_early_frees_the_connection(shelf: OpenShelf) -> None:
    async with shelf() as db:
        query = select(Record).order_by(Record.id)
        for _ in range(5):
            async for record in db.stream(query, batch=2):
                if record.id == 3:
                    break
            assert await db.count(select(Record)) == ROWS
        with pytest.raises(ZeroDivisionError):
            async for record in db.stream(query, batch=2):
                _ = 1 // record.id
        assert await db.count(select(Record)) == ROWS
        stream = db.stream(query, batch=2)
        async with stream as rows:
            reader = aiter(rows)
            assert (await anext(reader)).id == 0
        with pytest.raises(StopAsyncIteration):
            await anext(reader)
        assert await db.count(select(Record)) == ROWS
        assert await _comes_to_rest(db)


async def test_a_dropped_reader_frees_the_connection(shelf: OpenShelf) -> None:
    async with shelf() as db:

        async def numbers() -> AsyncIterator[int]:
            async for record in db.stream(select(Record).order_by(Record.id), batch=2):
                yield record.id

        reader = aiter(db.stream(select(Record).order_by(Record.id), batch=2))
        assert (await anext(reader)).id == 0
        del reader
        assert await db.count(select(Record)) == ROWS
        generator = numbers()
        assert [await anext(generator) for _ in range(3)] == [0, 1, 2]
        del generator
        gc.collect()
        await asyncio.sleep(0)  # the loop closes generators nobody holds
        assert await db.count(select(Record)) == ROWS
        assert await _comes_to_rest(db)


async def test_a_stream_never_begun_costs_nothing_and_none_is_read_twice(shelf: OpenShelf) -> None:
    async with shelf() as db:
        with count_queries(db) as counter:
            stream = db.stream(select(Record))
            async with db.stream(select(Record)):
                pass
        assert counter.count == 0
        assert len([record async for record in stream]) == ROWS
        with pytest.raises(QueryError, match="read once"):
            async for _record in stream:
                pass
        with pytest.raises(QueryError, match="positive"):
            db.stream(select(Record), batch=0)
        with pytest.raises(QueryError, match="only reads"):
            db.stream(delete(Record).everywhere().returning(Record.id))


async def test_other_statements_between_batches_of_a_transaction(shelf: OpenShelf) -> None:
    async with shelf() as db:
        query = select(Record.id).order_by(Record.id)
        async with db.transaction():
            seen = []
            async for number in db.stream(query, batch=3):
                seen.append(number)
                await db.insert(Shelf(id=100 + number, name="new"))
            assert seen == list(range(ROWS))
            assert await db.count(select(Shelf)) == 2 + ROWS
        assert await db.count(select(Shelf)) == 2 + ROWS


async def test_two_streams_of_one_query_in_one_transaction(shelf: OpenShelf) -> None:
    async with shelf() as db, db.transaction():
        query = select(Record.id).order_by(Record.id)
        first, second = aiter(db.stream(query, batch=2)), aiter(db.stream(query, batch=3))
        pairs = [(await anext(first), await anext(second)) for _ in range(ROWS)]
        assert pairs == [(number, number) for number in range(ROWS)]


async def test_a_stream_ends_with_its_transaction(shelf: OpenShelf) -> None:
    async with shelf() as db:
        async with db.transaction():
            reader = aiter(db.stream(select(Record.id).order_by(Record.id), batch=2))
            assert await anext(reader) == 0
        assert await anext(reader) == 1  # in hand already
        with pytest.raises(QueryError, match="has ended"):
            await anext(reader)
        assert await db.count(select(Record)) == ROWS
        assert await _comes_to_rest(db)


async def test_early_exit_inside_a_transaction_leaves_it_usable(shelf: OpenShelf) -> None:
    async with shelf() as db:
        async with db.transaction():
            for _ in range(3):
                async for _record in db.stream(select(Record), batch=2):
                    break
            await db.insert(Shelf(id=9, name="nine"))
        assert await db.exists(select(Shelf).where(Shelf.id == 9))


async def test_cancelled_in_the_middle_of_a_batch(shelf: OpenShelf) -> None:
    async with shelf() as db:
        if "sqlite" in repr(db):
            slow = sql(
                "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 300000000) "
                "SELECT max(n) FROM t"
            )
        elif "mysql" in repr(db) or "mariadb" in repr(db):
            slow = sql("SELECT SLEEP(60)")
        else:
            slow = sql("SELECT pg_sleep(60)")

        async def read() -> None:
            async for _row in db.stream(slow):
                pass

        task = asyncio.create_task(read())
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.wait_for(db.count(select(Record)), 5) == ROWS
        assert await _comes_to_rest(db)
        with pytest.raises(DeadlineExceededError), db.timeout(0.2):
            async for _row in db.stream(slow):
                pass
        assert await asyncio.wait_for(db.count(select(Record)), 5) == ROWS


async def test_a_row_that_cannot_be_read_ends_it_after_those_before(shelf: OpenShelf) -> None:
    async with shelf() as db:
        await db.execute_raw("UPDATE stream_records SET rating = 7 WHERE id <> 12")
        query = select(Rated.rating).order_by(Rated.id)
        rows: list[int] = []
        with pytest.raises(DecodeError):
            async for rating in db.stream(query, batch=5):
                rows.append(rating)
        assert rows == [7] * 10
        assert await db.count(select(Record)) == ROWS
        assert await _comes_to_rest(db)


async def test_one_event_covers_the_stream(shelf: OpenShelf) -> None:
    async with shelf() as db:
        events: list[tuple[str, int | None]] = []
        remove = db.watch(lambda event: events.append((event.operation, event.rowcount)))
        assert len([record async for record in db.stream(select(Record), batch=4)]) == ROWS
        async for _record in db.stream(select(Record), batch=4):
            await asyncio.sleep(0.05)  # the batch ahead comes meanwhile
            break
        await db.count(select(Record))
        remove()
        assert events[0] == ("select", ROWS)
        assert events[1] == ("select", 8)


async def test_a_budget_counts_the_rows_that_came(shelf: OpenShelf) -> None:
    async with shelf() as db:
        seen = 0
        with pytest.raises(BridgeError, match="budget of 10 rows"), db.budget(rows=10):
            async for _record in db.stream(select(Record), batch=4):
                seen += 1
        assert seen == 8
        assert await _comes_to_rest(db)


async def test_closing_the_handle_ends_a_stream(shelf: OpenShelf) -> None:
    async with shelf() as db:
        reader = aiter(db.stream(select(Record), batch=2))
        await anext(reader)
        loop = asyncio.get_running_loop()
        started = loop.time()
        await db.close()
        assert loop.time() - started < 2, "it waits for nobody who only rests"
        await anext(reader)
        with pytest.raises(BridgeError):
            for _ in range(ROWS):
                await anext(reader)
        await db.connect()


async def test_writes_go_on_beside_a_stream_of_a_file(sqlite_url: str) -> None:
    async with Database(sqlite_url) as db:
        await db.create_tables(*MODELS)
        await db.insert_many(Shelf, [{"id": number, "name": "s"} for number in range(10)])
        seen = []
        async for number in db.stream(select(Shelf.id).order_by(Shelf.id), batch=2):
            seen.append(number)
            await db.insert(Shelf(id=100 + number, name="new"))
        assert seen == list(range(10)), "it reads what was there when it began"
        with pytest.raises(BridgeError):
            async for _row in db.stream(sql("DELETE FROM stream_shelves RETURNING id")):
                pass
        assert await db.count(select(Shelf)) == 20


async def test_a_stream_in_memory_locks_nobody_out() -> None:
    async with Database("sqlite://") as db:
        await db.create_tables(*MODELS)
        await db.insert_many(Shelf, [{"id": number, "name": "s"} for number in range(10)])
        seen = []
        async for number in db.stream(select(Shelf.id).where(Shelf.id < 100).order_by(Shelf.id), batch=2):
            seen.append(number)
            async with db.transaction():
                await db.insert(Shelf(id=100 + number, name="new"))
            await db.execute_raw("SELECT 1")
        assert seen == list(range(10))
        async for _number in db.stream(select(Shelf.id), batch=2):
            break
        await db.drop_tables(*MODELS)  # refused while a cursor is open on them


def test_the_blocking_face_streams_the_same(database_url: str) -> None:
    with SyncDatabase(database_url, pool=PoolOptions(max_size=1)) as db:
        db.create_tables(*MODELS)
        db.insert_many(Shelf, [{"id": number, "name": "s"} for number in range(10)])
        query = select(Shelf.id).order_by(Shelf.id)
        assert list(db.stream(query, batch=3)) == list(range(10))
        for number in db.stream(query, batch=3):
            if number == 4:
                break
        with db.stream(query, batch=3) as rows:
            assert next(iter(rows)) == 0
        assert db.count(select(Shelf)) == 10
        assert db.pool.stats().lent == 0


def _leave_a_stream_to_a_closed_loop(url: str) -> None:
    async def begin() -> object:
        db = Database(url)
        await db.connect()
        await db.create_tables(*MODELS)
        await db.insert_many(Shelf, [{"id": number, "name": "s"} for number in range(10)])
        reader = aiter(db.stream(select(Shelf.id), batch=2))
        await anext(reader)
        return reader

    reader = asyncio.run(begin())
    del reader
    gc.collect()  # a handle nobody closed counts as open while it lives


async def test_a_loop_that_has_gone(database_url: str) -> None:
    await asyncio.to_thread(_leave_a_stream_to_a_closed_loop, database_url)
    async with Database(database_url) as other:
        assert await other.count(select(Shelf)) == 10


async def _seconds_of_a_slow_stream(db: Database) -> float:
    """Batches that take the server as long as they take the application."""
    loop = asyncio.get_running_loop()
    slow = sql("SELECT n, pg_sleep(0.02) FROM generate_series(1, 40) AS t(n)")
    started, seen = loop.time(), 0
    async for _row in db.stream(slow, batch=5):
        seen += 1
        if seen % 5 == 0:
            await asyncio.sleep(0.1)
    assert seen == 40
    return loop.time() - started


async def test_the_next_batch_is_prepared_while_one_is_in_hand(postgres_url: str) -> None:
    async with Database(postgres_url) as db:
        async with db.transaction():
            one_after_the_other = await _seconds_of_a_slow_stream(db)
        assert await _seconds_of_a_slow_stream(db) < 0.8 * one_after_the_other
