"""Vitess's rules as PlanetScale sets them: known before they hurt, and told by name where they are met."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.conftest import PLANETSCALE, SERVERS, fresh_database

from bridgeorm import (
    BridgeError,
    ConfigurationError,
    Database,
    DeadlineExceededError,
    PoolOptions,
    StatementError,
    UniqueViolationError,
    UnsupportedFeatureError,
    func,
    select,
    sql,
)
from bridgeorm.raw_sql import RawSql

from .models import Note

MOST_ROWS = 100_000
INSERTED_AT_ONCE = 10_000
HASTE_SECONDS = 1
SERVERS_LIMIT_SECONDS = 20


@pytest.fixture
def url() -> Iterator[str]:
    """The emptied database; skips, saying so, where there is none."""
    if not SERVERS[PLANETSCALE].url():
        pytest.skip("no Vitess: tools/servers start mysql --tls, then planetscale")
    with fresh_database(PLANETSCALE) as made:
        yield made


async def fill(db: Database, count: int) -> None:
    await db.create_tables(Note)
    for first in range(0, count, INSERTED_AT_ONCE):
        numbers = range(first, min(first + INSERTED_AT_ONCE, count))
        await db.insert_many([Note(id=number, text="") for number in numbers])


async def test_more_rows_than_come_at_once_are_an_error_that_names_the_stream(url: str) -> None:
    async with Database(url) as db:
        await fill(db, MOST_ROWS + 1)
        with pytest.raises(StatementError, match=r"100,000 rows at once.*db\.stream\(\)"):
            await db.all(select(Note.id))
        streamed = [number async for number in db.stream(select(Note.id).order_by(Note.id), batch=7_000)]
        assert streamed == list(range(MOST_ROWS + 1))
        # What streamed is not left in the streaming workload.
        with pytest.raises(StatementError, match="100,000"):
            await db.all(select(Note.id))


async def test_a_stream_waits_for_its_reader_and_may_be_left(url: str) -> None:
    one = PoolOptions(max_size=1)
    async with Database(url, pool=one) as db:
        await fill(db, 3 * INSERTED_AT_ONCE)
        query = select(Note.id).order_by(Note.id)
        taken = []
        async for number in db.stream(query, batch=10):
            taken.append(number)
            if len(taken) % 10 == 0:
                await asyncio.sleep(0.01)
            if len(taken) == 25:
                break
        assert taken == list(range(25))
        assert await db.scalar(select(func.count(Note.id))) == 3 * INSERTED_AT_ONCE


async def test_streams_stand_outside_of_transactions(url: str) -> None:
    async with Database(url) as db:
        await fill(db, 2)
        async with db.transaction() as tx:
            with pytest.raises(UnsupportedFeatureError, match="stream outside"):
                [row async for row in tx.stream(select(Note))]
            assert len(await tx.all(select(Note))) == 2


async def test_a_transaction_ends_before_the_server_ends_it(url: str) -> None:
    async with Database(f"{url}&transaction_timeout={HASTE_SECONDS}") as db:
        await fill(db, 1)
        with pytest.raises(DeadlineExceededError, match="1 seconds, after which PlanetScale ends it"):
            async with db.transaction() as tx:
                await tx.insert(Note(id=7, text="too late"))
                await asyncio.sleep(HASTE_SECONDS + 0.1)
                await tx.all(select(Note))
        began = time.monotonic()
        with pytest.raises(DeadlineExceededError, match="do less in one"):
            async with db.transaction() as tx:
                await tx.execute_raw("SELECT SLEEP(10)")
        assert time.monotonic() - began < SERVERS_LIMIT_SECONDS / 2
        assert await db.all(select(Note.id)) == [0]


@pytest.mark.slow
async def test_the_servers_own_end_of_a_transaction_is_told_by_name(url: str) -> None:
    async with Database(f"{url}&transaction_timeout=60") as db:
        await fill(db, 1)
        with pytest.raises(DeadlineExceededError, match="open for 20 seconds"):
            async with db.transaction() as tx:
                await tx.insert(Note(id=7, text="too late"))
                await asyncio.sleep(SERVERS_LIMIT_SECONDS + 2)
                await tx.all(select(Note))
        assert await db.all(select(Note.id)) == [0]


async def test_foreign_keys_that_are_not_enabled_are_told_by_name(url: str) -> None:
    async with Database(f"{url}&foreign_keys=on") as db:
        await fill(db, 1)
        with pytest.raises(UnsupportedFeatureError, match="foreign keys are not enabled"):
            await db.execute_raw(
                "CREATE TABLE fault_children "
                "(id bigint PRIMARY KEY, FOREIGN KEY (id) REFERENCES fault_notes (id))"
            )


@pytest.mark.parametrize(
    ("statement", "way_out"),
    [
        (sql("LOCK TABLES fault_notes WRITE"), "for_update"),
        (sql("SELECT GET_LOCK('name', 1)"), "for_update"),
        (sql("SET sql_mode = ''"), "SET_VAR"),
        (sql("CREATE PROCEDURE p() SELECT 1"), "no stored procedures"),
    ],
    ids=["tables", "names", "settings", "programs"],
)
async def test_what_no_session_can_have_is_refused_before_it_is_sent(
    url: str, statement: RawSql[Any], way_out: str
) -> None:
    async with Database(url) as db:
        with pytest.raises(UnsupportedFeatureError, match=way_out):
            await db.execute_raw(statement)


async def test_no_error_tells_the_values_of_a_statement(url: str) -> None:
    async with Database(url) as db:
        await fill(db, 1)
        with pytest.raises(UniqueViolationError) as caught:
            await db.insert(Note(id=0, text="canary"))
        assert "canary" not in str(caught.value) + repr(caught.value.__dict__)
        with pytest.raises(BridgeError) as unknown:
            await db.execute_raw(sql("SELECT none FROM fault_notes WHERE text = {text}", text="canary"))
        assert "canary" not in str(unknown.value) + repr(unknown.value.__dict__)


async def test_values_never_end_their_quotes(url: str) -> None:
    hostile = ["'", "\\", "\\'", "'; DROP TABLE fault_notes; -- ", "\\\\' OR 1=1 -- ", '\x1a\n\r"%_']
    async with Database(url) as db:
        await db.create_tables(Note)
        await db.insert_many([Note(id=number, text=text) for number, text in enumerate(hostile)])
        for number, text in enumerate(hostile):
            assert await db.all(select(Note.id).where(Note.text == text)) == [number]
            assert await db.all(select(Note.id).where(Note.text.startswith(text)))
        assert await db.scalar(select(func.count(Note.id))) == len(hostile)


def test_a_url_without_tls_is_refused_by_name() -> None:
    for url in ("planetscale://u@h/d?sslmode=disable", "planetscale://u@/d?socket=/tmp/mysql.sock"):
        with pytest.raises(ConfigurationError, match="PlanetScale URL: it is reached over TLS only"):
            Database(url)
