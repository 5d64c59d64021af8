"""Budgets and timeouts: what they stop, that the server stops too, and that connections come back clean."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import time
from typing import Any

import pytest

from bridgeorm import (
    BudgetExceededError,
    ConfigurationError,
    Database,
    DeadlineExceededError,
    PoolOptions,
    PoolTimeoutError,
    SyncDatabase,
    insert,
    select,
    sql,
)
from bridgeorm.raw_sql import RawSql

from .conftest import OpenLibrary
from .models import MODELS, Label, Novel, Writer

ENDLESS = sql(
    "WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers)"
    " SELECT max(number) FROM numbers"
)
NUMBERS = sql(
    "WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers"
    " WHERE number < {most}) SELECT number FROM numbers"
)
MOST = 50_000_000
MOST_MADE_BEFOREHAND = 300_000
"""On MySQL and MariaDB, which make all rows of a common table before they send the first."""
SOON = 0.15
LONGEST_STOP = 5.0
"""Seconds; a statement that is not stopped runs for minutes."""


async def _fill(db: Database) -> Writer:
    ann = await db.insert(Writer(name="Ann"))
    await db.insert_many([Novel(writer=ann, title=f"novel {index}") for index in range(10)])
    return ann


def many_rows(url: str) -> RawSql[Any]:
    """More rows than anybody waits for."""
    return NUMBERS(most=MOST_MADE_BEFOREHAND if url.startswith(("mysql", "mariadb")) else MOST)


async def _is_clean(db: Database) -> None:
    """The next statement works, and soon nothing is lent: what was stopped has told so."""
    assert await db.scalar(sql("SELECT 'well' AS answer")) == "well"
    patience = time.monotonic() + LONGEST_STOP
    while db.pool.stats().lent > 0 and time.monotonic() < patience:  # noqa: ASYNC110 - nothing tells
        await asyncio.sleep(0.01)
    assert db.pool.stats().lent == 0


# --- queries ---


async def test_every_statement_counts_whoever_asks(library: OpenLibrary) -> None:
    async with library() as db:
        with db.budget(queries=100) as spent:
            ann = await _fill(db)
            assert spent.queries_used == 2
            await db.get(Writer, ann.id)
            await db.find(Writer, name="nobody")
            await db.all(Novel.where().prefetch(Novel.writer, Novel.labels))
            assert spent.queries_used == 7
            await db.insert_many(Label, [{"name": "one"}, {"name": "two"}])
            await db.execute(insert(Label).values(name="three"))
            await db.execute_raw("SELECT 1 AS one")
            assert await db.count(Label.where()) == 3
            assert spent.queries_used == 11
            async for _label in db.stream(select(Label), batch=1):
                pass
            await db.explain(select(Label))
            await db.page(select(Label).order_by(Label.name), size=2)
            await db.refresh(ann)
            assert spent.queries_used == 15


async def test_lazy_loads_count(library: OpenLibrary) -> None:
    async with library() as db:
        await _fill(db)
        novels = await db.all(Novel.where().limit(1))
        with db.budget(queries=0), pytest.raises(BudgetExceededError, match="0 queries"):
            await novels[0].labels
        with db.budget(queries=1) as spent:
            await novels[0].labels
            await novels[0].labels
        assert spent.queries_used == 1


async def test_one_too_many_is_never_sent(library: OpenLibrary) -> None:
    async with library() as db:
        sent = list[str]()
        remove = db.watch(lambda event: sent.append(event.operation))
        with db.budget(queries=1):
            await db.insert(Label(name="one"))
            with pytest.raises(BudgetExceededError):
                await db.insert(Label(name="two"))
            with pytest.raises(BudgetExceededError):
                await db.insert_many(Label, [{"name": "three"}])
        remove()
        assert sent == ["insert"]
        await _is_clean(db)
        assert await db.all(select(Label.name)) == ["one"]


async def test_statements_sent_together_stop_at_the_budget(library: OpenLibrary) -> None:
    async with library() as db:
        labels = [Label(name=f"label {index}") for index in range(4)]
        await db.insert_many(labels)
        ann = await _fill(db)
        novels = await db.all(Novel.where(Novel.writer_id == ann.id))
        with db.budget(queries=3):
            async with db.transaction():
                with pytest.raises(BudgetExceededError):
                    async with db.session():
                        await db.all(Novel.where())
                        # Three kinds of change are three statements; two of them are left.
                        for index, novel in enumerate(novels):
                            novel.title += "?"
                            if index % 3 > 0:
                                novel.price += 1
                            if index % 3 > 1:
                                novel.notes["seen"] = True
        await _is_clean(db)


async def test_budgets_nest_and_the_tightest_holds(library: OpenLibrary) -> None:
    async with library() as db:
        with db.budget(queries=2) as outer:
            with db.budget(queries=10) as inner:
                await db.count(Label.where())
                await db.count(Label.where())
                with pytest.raises(BudgetExceededError, match="2 queries"):
                    await db.count(Label.where())
            assert (outer.queries_used, inner.queries_used) == (2, 2)
        await db.count(Label.where())


async def test_tasks_share_the_budget_they_were_started_in(library: OpenLibrary) -> None:
    async with library() as db:
        with db.budget(queries=3) as spent:
            answers = await asyncio.gather(
                *(db.count(Label.where()) for _ in range(5)), return_exceptions=True
            )
        assert sum(isinstance(answer, BudgetExceededError) for answer in answers) == 2
        assert spent.queries_used == 3


async def test_a_budget_is_that_of_the_call(library: OpenLibrary) -> None:
    async with library() as db:
        with db.budget(queries=1) as spent:
            pending = db.count(Label.where())
        await pending
        assert spent.queries_used == 1


# --- rows ---


async def test_rows_beyond_the_budget_stop_the_statement(library: OpenLibrary, database_url: str) -> None:
    async with library() as db:
        began = time.monotonic()
        with db.budget(rows=1000), pytest.raises(BudgetExceededError, match="1000 rows"):
            await db.all(many_rows(database_url))
        assert time.monotonic() - began < LONGEST_STOP
        await _is_clean(db)


async def test_rows_are_counted_over_statements(library: OpenLibrary) -> None:
    async with library() as db:
        await _fill(db)
        with db.budget(rows=15) as spent:
            await db.all(Novel.where())
            with pytest.raises(BudgetExceededError, match="15 rows"):
                await db.all(Novel.where())
        assert spent.rows_used == 10
        with db.budget(rows=20):
            await db.all(Novel.where())
            await db.all(Novel.where())
        await _is_clean(db)


async def test_a_stream_stops_at_its_rows(library: OpenLibrary, database_url: str) -> None:
    async with library() as db:
        seen = 0
        with db.budget(rows=25), pytest.raises(BudgetExceededError):
            async for _row in db.stream(many_rows(database_url), batch=10):
                seen += 1
        assert seen == 20
        await _is_clean(db)


async def test_rows_in_a_transaction(library: OpenLibrary, database_url: str) -> None:
    async with library() as db:
        with pytest.raises(BudgetExceededError):
            async with db.transaction():
                await db.insert(Label(name="lost"))
                with db.budget(rows=10):
                    await db.all(many_rows(database_url))
        assert await db.count(Label.where()) == 0
        await _is_clean(db)


async def test_the_server_stops_too(postgres_url: str) -> None:
    """Nothing of what was given up goes on running there."""
    async with Database(postgres_url) as db:
        many = many_rows(postgres_url)
        for limit, endless in ((db.budget(rows=10), many), (db.budget(seconds=SOON), ENDLESS)):
            with limit, pytest.raises(BudgetExceededError):
                await db.all(endless)
        active = await db.scalar(
            sql(
                "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
                " AND datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%numbers%'"
            )
        )
        assert active == 0


# --- seconds ---


async def test_a_budget_of_seconds_ends_the_statement(library: OpenLibrary) -> None:
    async with library() as db:
        began = time.monotonic()
        with db.budget(seconds=SOON):
            with pytest.raises(BudgetExceededError, match="seconds"):
                await db.all(ENDLESS)
            with pytest.raises(BudgetExceededError, match="seconds"):
                await db.count(Label.where())
        assert SOON <= time.monotonic() - began < LONGEST_STOP
        await _is_clean(db)


async def test_a_timeout_ends_the_statement(library: OpenLibrary) -> None:
    async with library() as db:
        began = time.monotonic()
        with db.timeout(SOON), pytest.raises(DeadlineExceededError):
            await db.all(ENDLESS)
        assert SOON <= time.monotonic() - began < LONGEST_STOP
        await _is_clean(db)


async def test_whichever_ends_first_is_named(library: OpenLibrary) -> None:
    async with library() as db:
        with db.budget(seconds=60), db.timeout(SOON), pytest.raises(DeadlineExceededError):
            await db.all(ENDLESS)
        with db.timeout(60), db.budget(seconds=SOON), pytest.raises(BudgetExceededError):
            await db.all(ENDLESS)
        with db.timeout(SOON), db.timeout(60), pytest.raises(DeadlineExceededError):
            await db.all(ENDLESS)
        await _is_clean(db)


async def test_nothing_is_sent_when_the_time_is_over(library: OpenLibrary) -> None:
    async with library() as db:
        sent = list[str]()
        remove = db.watch(lambda event: sent.append(event.statement))
        with db.timeout(0.01):
            await asyncio.sleep(0.02)
            with pytest.raises(DeadlineExceededError):
                await db.count(Label.where())
            with pytest.raises(DeadlineExceededError):
                async with db.transaction():
                    raise AssertionError("never entered")
        remove()
        assert sent == []
        await _is_clean(db)


async def test_a_transaction_whose_time_is_over_is_not_kept(library: OpenLibrary) -> None:
    async with library() as db:
        with db.timeout(SOON), pytest.raises(DeadlineExceededError):
            async with db.transaction():
                await db.insert(Label(name="late"))
                await asyncio.sleep(SOON)
        assert await db.count(Label.where()) == 0
        await _is_clean(db)


async def test_tasks_inherit_the_time_that_is_left(library: OpenLibrary) -> None:
    async with library() as db:
        with db.timeout(SOON):
            task = asyncio.create_task(asyncio.wait_for(db.all(ENDLESS), LONGEST_STOP))
        with pytest.raises(DeadlineExceededError):
            await task
        await _is_clean(db)


async def test_a_stream_ends_with_the_time(library: OpenLibrary, database_url: str) -> None:
    async with library() as db:
        with db.timeout(SOON), pytest.raises(DeadlineExceededError):
            async for _row in db.stream(many_rows(database_url), batch=10):
                await asyncio.sleep(SOON / 3)
        await _is_clean(db)


async def test_the_wait_for_a_connection_counts(database_url: str) -> None:
    async with Database(database_url, pool=PoolOptions(max_size=1)) as db:
        await db.create_tables(*MODELS)
        outside = contextvars.copy_context()
        async with db.transaction():
            began = time.monotonic()
            task = asyncio.create_task(_ask(db), context=outside)
            with pytest.raises(PoolTimeoutError):
                await task
            assert time.monotonic() - began < LONGEST_STOP
        await _is_clean(db)


async def _ask(db: Database) -> None:
    with db.timeout(SOON):
        await db.all(sql("SELECT 1 AS one"))


async def test_a_cancelled_task_leaves_nothing(library: OpenLibrary) -> None:
    async with library() as db:
        with db.budget(rows=10, seconds=60):
            task = asyncio.create_task(db.all(ENDLESS))
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        await _is_clean(db)


def test_what_means_nothing_is_refused(sqlite_url: str) -> None:
    with SyncDatabase(sqlite_url) as db:
        for refused in (db.budget, functools.partial(db.timeout, 0), functools.partial(db.timeout, -1)):
            with pytest.raises(ConfigurationError), refused():
                pass


# --- the blocking face ---


def test_the_blocking_face_has_the_same_limits(database_url: str) -> None:
    with SyncDatabase(database_url) as db:
        db.create_tables(*MODELS)
        writer = db.insert(Writer(name="Ann"))
        db.insert(Novel(writer=writer, title="one"))
        novel = db.first(Novel.where())
        assert novel is not None
        with db.budget(queries=1) as spent:
            assert novel.writer.name == "Ann"
        assert spent.queries_used == 0, "the writer lives: no statement was needed"
        with db.budget(queries=0), pytest.raises(BudgetExceededError):
            list(novel.labels)
        with db.budget(rows=10), pytest.raises(BudgetExceededError):
            db.all(many_rows(database_url))
        with db.budget(seconds=SOON), pytest.raises(BudgetExceededError):
            db.all(ENDLESS)
        with db.timeout(SOON), pytest.raises(DeadlineExceededError):
            db.all(ENDLESS)
        with db.budget(rows=5), pytest.raises(BudgetExceededError):
            for _row in db.stream(many_rows(database_url), batch=2):
                pass
        assert db.scalar(sql("SELECT 'well' AS answer")) == "well"
