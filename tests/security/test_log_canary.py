"""Canaries in values: a value of every type, sent by every verb, never shows in a statement's text, neither
in the log of a real server nor in anything this library tells.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from bridgeorm import (
    BridgeError,
    Column,
    Database,
    DataError,
    DeadlineExceededError,
    Model,
    QueryEvent,
    UniqueViolationError,
    ValidationError,
    case,
    column,
    delete,
    excluded,
    func,
    insert,
    primary_key,
    select,
    sql,
    unique,
    update,
)

WORD = "canaryword"
NUMBER = 76543210987
NEEDLES = (
    "canary",
    "63616e617279",  # the same in bytes
    "Y2FuYXJ5",  # and in base 64
    str(NUMBER),
    "98765.4321",
    "7.654321",
    "1987-06-05",
    "03:14:15",
    "4321 day",
    "c0ffee00",
    "203.0.113.77",
    "31337",
)
PAGE = 31337


class Caged(Model, table="log_caged"):
    id: Column[int] = primary_key()
    name: Column[str] = column()
    short: Column[str] = column(max_length=20, default="")
    large: Column[int] = column()
    real: Column[float] = column()
    money: Column[Decimal] = column(precision=20, scale=4)
    raw: Column[bytes] = column()
    day: Column[date] = column()
    moment: Column[time] = column()
    at: Column[datetime] = column()
    local: Column[datetime] = column(timezone=False)
    span: Column[timedelta] = column()
    key: Column[UUID] = column()
    document: Column[dict[str, object]] = column()
    numbers: Column[list[int]] = column()
    words: Column[list[str]] = column()
    address: Column[IPv4Address] = column()
    constraints = [unique(name)]


VALUES: dict[str, Any] = {
    "short": WORD,
    "large": NUMBER,
    "real": 7.654321e-9,
    "money": Decimal("98765.4321"),
    "raw": WORD.encode(),
    "day": date(1987, 6, 5),
    "moment": time(3, 14, 15, 926535),
    "at": datetime(1987, 6, 5, 3, 14, 15, tzinfo=UTC),
    "local": datetime(1987, 6, 5, 3, 14, 15),  # noqa: DTZ001 - naive is what the column holds
    "span": timedelta(days=4321),
    "key": UUID("c0ffee00-0000-0000-0000-000000000001"),
    "document": {"canarykey": {"canaryinner": WORD}},
    "numbers": [NUMBER, 1],
    "words": [WORD, "other"],
    "address": IPv4Address("203.0.113.77"),
}


async def _write(db: Database) -> None:
    one = await db.insert(Caged(name=f"{WORD} 1", **VALUES))
    await db.insert_many([Caged(name=f"{WORD} {index}", **VALUES) for index in (2, 3)])
    await db.insert_many(Caged, [{"name": f"{WORD} {index}", **VALUES} for index in (4, 5)])
    one.name = f"{WORD} changed"
    one.words = [*one.words, f"{WORD} more"]
    await db.update(one)
    await db.execute(
        update(Caged).where(Caged.large == NUMBER).set(short=f"{WORD} a", money=Decimal("98765.4321"))
    )
    statement = insert(Caged).values(name=f"{WORD} changed", **VALUES)
    await db.execute(statement.on_conflict(Caged.name).update(Caged.short.to(excluded(Caged.short))))
    await db.execute(delete(Caged).where(Caged.name == f"{WORD} 5"))
    async with db.session() as session:
        session.add(Caged(name=f"{WORD} 6", **VALUES))
        one.short = f"{WORD} b"
        await session.flush()
        async with db.transaction():
            await db.insert(Caged(name=f"{WORD} 7", **VALUES))
    await db.delete(one)


async def _ask(db: Database) -> None:
    for name, value in VALUES.items():
        found: Any = getattr(Caged, name)
        if name not in {"document", "numbers", "words"}:
            await db.all(select(Caged.id).where((found == value) | (found != value), found.in_([value])))
            await db.all(select(Caged.id).where(found.between(value, value), ~(found < value)))
            await db.all(select(Caged.id, case((found == value, "canarycase"), else_="canaryelse")))
            await db.all(select(Caged.id).where(func.coalesce(found, value) == value))
    for text in (Caged.name.like(f"%{WORD}%"), Caged.name.ilike(WORD), Caged.name.contains(WORD)):
        await db.all(select(Caged.id).where(text | Caged.name.startswith(WORD) | Caged.name.endswith(WORD)))
    await db.all(select(Caged.id).where(Caged.document["canarykey"]["canaryinner"].as_str() == WORD))
    await db.all(select(Caged.id).limit(PAGE).offset(PAGE))
    await db.find(Caged, name=WORD)
    page = await db.page(select(Caged).order_by(Caged.name, Caged.at), size=1)
    await db.page(select(Caged).order_by(Caged.name, Caged.at), size=1, after=page.next)
    async for _row in db.stream(select(Caged).where(Caged.name != WORD), batch=1):
        pass
    inner = select(Caged).where(Caged.large == NUMBER).subquery("inner_rows")
    await db.all(select(inner.id).where(inner.name != WORD))
    await db.explain(select(Caged).where(Caged.name == WORD))
    await _ask_raw(db)


async def _ask_raw(db: Database) -> None:
    await db.execute_raw("SELECT {x}, {y}", x=WORD, y=NUMBER)
    await db.all(sql("SELECT id FROM {caged} WHERE name IN {names}", caged=Caged, names=[WORD, f"{WORD} 2"]))
    await db.all(select(Caged.id).where(sql("{name} = {x}", name=Caged.name, x=WORD)))
    endless = sql(
        "WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers"
        " WHERE {x} <> ''), ended AS (SELECT max(number) AS number FROM numbers) SELECT number FROM ended",
        x=WORD,
    )
    with db.timeout(0.1), pytest.raises(DeadlineExceededError):
        await db.all(endless)


@contextmanager
def _everything_told(db: Database) -> Iterator[list[str]]:
    """Statements and errors of events, and what goes to the log."""
    told = list[str]()

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(record.getMessage())

    def hear(event: QueryEvent) -> None:
        told.append(f"{event.statement} {event.error}")

    logger, listener = logging.getLogger("bridgeorm"), Listener()
    level = logger.level
    logger.addHandler(listener)
    logger.setLevel(logging.DEBUG)
    remove = db.watch(hear)
    try:
        yield told
    finally:
        remove()
        logger.removeHandler(listener)
        logger.setLevel(level)


def _refuse_canaries(texts: list[str]) -> None:
    for text in texts:
        for needle in NEEDLES:
            assert needle.lower() not in text.lower(), text


async def test_nothing_that_is_told_holds_a_value(database_url: str) -> None:
    async with Database(database_url) as db:
        await db.create_tables(Caged)
        with _everything_told(db) as told:
            await _write(db)
            await _ask(db)
        assert sum("log_caged" in text for text in told) > len(VALUES)
        _refuse_canaries(told)


async def test_messages_of_errors_hold_no_value(database_url: str) -> None:
    async with Database(database_url) as db:
        await db.create_tables(Caged)
        await db.insert(Caged(name=WORD, **VALUES))
        twice = Caged(name=WORD, **VALUES)
        with _everything_told(db) as told:
            with pytest.raises(UniqueViolationError) as violated:
                await db.insert(twice)
            with pytest.raises(UniqueViolationError) as violated_in_bulk:
                await db.insert_many(Caged, [{"name": WORD, **VALUES}])
            with pytest.raises(ValidationError) as invalid:
                await db.insert(Caged(name=WORD, **{**VALUES, "large": WORD}))
            with pytest.raises(ValidationError) as too_long:
                Caged(name=WORD, **{**VALUES, "short": WORD * 10})
        errors: list[BridgeError] = [violated.value, violated_in_bulk.value, invalid.value, too_long.value]
        texts = [text for error in errors for text in (str(error), repr(error))]
        _refuse_canaries([*told, *texts])


async def test_what_a_server_quotes_in_its_message_stays_out_of_ours(postgres_url: str) -> None:
    """PostgreSQL repeats the value it cannot read; that is a detail, which nobody logs by accident."""
    async with Database(postgres_url) as db:
        with _everything_told(db) as told, pytest.raises(DataError) as refused:
            await db.execute_raw("SELECT CAST(CAST({x} AS text) AS integer)", x=WORD)
        _refuse_canaries([*told, str(refused.value), repr(refused.value)])


# --- the server's own log ---

LOGGING = {
    "log_statement": "all",
    "log_min_duration_statement": "0",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}


@contextmanager
def _server_log(url: str) -> Iterator[list[str]]:
    """What the server writes to its log meanwhile about the database, with every statement in it."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SELECT current_database(), current_setting('data_directory')").fetchone()
        assert found is not None
        name, storage = found
        for setting, value in LOGGING.items():
            connection.execute(
                psycopg.sql.SQL("ALTER DATABASE {} SET {} = {}").format(
                    psycopg.sql.Identifier(name), psycopg.sql.Identifier(setting), psycopg.sql.Literal(value)
                )
            )
    path = Path(storage).parent / "server.log"
    written = list[str]()
    with path.open(encoding="utf-8", errors="replace") as log:
        log.seek(0, os.SEEK_END)
        yield written
        written += log.read().splitlines()


async def test_the_log_of_the_server_holds_no_value(postgres_url: str) -> None:
    with _server_log(postgres_url) as lines:
        async with Database(postgres_url) as db:
            await db.create_tables(Caged)
            await _write(db)
            await _ask(db)
    assert sum("log_caged" in line for line in lines) > len(VALUES), "the statements are in the log"
    assert any("COPY" in line for line in lines)
    _refuse_canaries(lines)


def test_the_log_would_show_a_value_that_is_text(postgres_url: str) -> None:
    with _server_log(postgres_url) as lines, psycopg.connect(postgres_url) as connection:
        connection.execute(f"SELECT '{WORD}'")
    with pytest.raises(AssertionError):
        _refuse_canaries(lines)
