"""Rows written behind the model's back: a misfit is a typed error with names, never a guessed value."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, LiteralString

import psycopg
import pytest

from bridgeorm import Database, DataError, DecodeError, select

from .models import Everything, Genre
from .test_values import ORDINARY

CANARY = "canary-7d1f"
NUMERIC_INFINITY_SINCE = 140_000  # as the server numbers its versions

# (column, SQL expression stored in it); the table has no types, so that it keeps whatever it is given.
SQLITE_MISFITS: list[tuple[str, LiteralString]] = [
    ("small", "'canary-7d1f'"),
    ("small", "32768"),
    ("small", "-32769"),
    ("small", "1.5"),
    ("small", "x'01'"),
    ("small", "NULL"),
    ("medium", "2147483648"),
    ("medium", "-2147483649"),
    ("medium", "'canary-7d1f'"),
    ("large", "'canary-7d1f'"),
    ("large", "0.5"),
    ("large", "9.3e18"),
    ("large", "x'0102'"),
    ("large", "NULL"),
    ("flag", "2"),
    ("flag", "-1"),
    ("flag", "'canary-7d1f'"),
    ("flag", "0.5"),
    ("flag", "NULL"),
    ("real", "'canary-7d1f'"),
    ("real", "x'01'"),
    ("real", "NULL"),
    ("money", "'canary-7d1f'"),
    ("money", "'NaN'"),
    ("money", "'Infinity'"),
    ("money", "'1e5'"),
    ("money", "x'01'"),
    ("money", "0.1"),
    ("text", "x'63616e617279'"),
    ("text", "CAST(x'ff' AS TEXT)"),
    ("text", "CAST(x'eda080' AS TEXT)"),
    ("text", "CAST(x'c080' AS TEXT)"),
    ("text", "NULL"),
    ("short", "CAST(x'61ff' AS TEXT)"),
    ("raw", "'canary-7d1f'"),
    ("raw", "5"),
    ("raw", "NULL"),
    ("day", "'canary-7d1f'"),
    ("day", "'2024-02-30'"),
    ("day", "'2024-02-29 00:00:00'"),
    ("day", "'0000-01-01'"),
    ("day", "20240229"),
    ("day", "2460369.5"),
    ("moment", "'24:00:00'"),
    ("moment", "'12:60:00'"),
    ("moment", "43200"),
    ("at", "'2024-13-01 00:00:00'"),
    ("at", "1709210000"),
    ("at", "'canary-7d1f'"),
    ("local", "'2024-02-29 25:00:00'"),
    ("local", "'infinity'"),
    ("local", "1709210000"),
    ("span", "'1 day'"),
    ("span", "1.5"),
    ("key", "'12345678-1234-5678-1234-567812345678'"),
    ("key", "x'0102'"),
    ("key", "NULL"),
    ("genre", "'canary-7d1f'"),
    ("genre", "'NOVEL'"),
    ("genre", "x'6e6f76656c'"),
    ("genre", "NULL"),
    ("document", "'{canary-7d1f'"),
    ("document", "'{\"a\": NaN}'"),
    ("document", "x'7b7d'"),
    ("document", "'[]'"),
    ("document", "'5'"),
    ("document", "'\"canary-7d1f\"'"),
    ("document", "NULL"),
    ("numbers", "'{}'"),
    ("numbers", "'[\"canary-7d1f\"]'"),
    ("numbers", "'[1.5]'"),
    ("numbers", "'[9223372036854775808]'"),
    ("numbers", "'[null]'"),
    ("words", "'[1]'"),
    ("words", "'[\"a\"'"),
    ("address", "'canary-7d1f'"),
    ("address", "'192.0.2.256'"),
    ("address", "'2001:db8::1'"),
    ("maybe_large", "'canary-7d1f'"),
    ("maybe_text", "5"),
    ("maybe_money", "'canary-7d1f'"),
    ("maybe_at", "'2024-02-29'"),
]

# (column, its type in the table, SQL expression stored in it)
POSTGRES_MISFITS: list[tuple[str, LiteralString, LiteralString]] = [
    ("small", "int4", "1"),
    ("small", "int8", "1"),
    ("small", "text", "'canary-7d1f'"),
    ("small", "bool", "true"),
    ("small", "int2", "NULL"),
    ("medium", "int8", "1"),
    ("medium", "numeric", "1"),
    ("large", "text", "'5'"),
    ("large", "varchar(9)", "'5'"),
    ("large", "numeric", "5"),
    ("large", "float8", "5"),
    ("large", "bool", "true"),
    ("large", "timestamptz", "now()"),
    ("large", "int8", "NULL"),
    ("flag", "int4", "1"),
    ("flag", "text", "'t'"),
    ("real", "numeric", "1.5"),
    ("real", "int8", "1"),
    ("real", "text", "'1.5'"),
    ("money", "float8", "1.5"),
    ("money", "text", "'1.5'"),
    ("money", "numeric", "'NaN'"),
    ("money", "numeric", "'Infinity'"),
    ("money", "numeric", "'-Infinity'"),
    ("text", "int4", "5"),
    ("text", "bytea", "'\\x63'"),
    ("text", "text", "NULL"),
    ("raw", "text", "'canary-7d1f'"),
    ("day", "timestamp", "'2024-02-29'"),
    ("day", "text", "'2024-02-29'"),
    ("day", "date", "'infinity'"),
    ("day", "date", "'-infinity'"),
    ("day", "date", "'0001-01-01 BC'"),
    ("day", "date", "'10000-01-01'"),
    ("moment", "timetz", "'12:00+02'"),
    ("moment", "time", "'24:00'"),
    ("at", "timestamp", "'2024-02-29'"),
    ("at", "date", "'2024-02-29'"),
    ("at", "timestamptz", "'infinity'"),
    ("at", "timestamptz", "'-infinity'"),
    ("at", "timestamptz", "'10000-01-01'"),
    ("local", "timestamptz", "'2024-02-29'"),
    ("local", "timestamp", "'infinity'"),
    ("local", "timestamp", "'0001-01-01 BC'"),
    ("span", "interval", "'1 month'"),
    ("span", "text", "'1 day'"),
    ("span", "int8", "5"),
    ("key", "text", "'12345678-1234-5678-1234-567812345678'"),
    ("key", "bytea", "'\\x12345678123456781234567812345678'"),
    ("genre", "text", "'canary-7d1f'"),
    ("genre", "text", "'NOVEL'"),
    ("genre", "int4", "1"),
    ("document", "text", "'{}'"),
    ("document", "jsonb", "'[]'"),
    ("document", "jsonb", "'5'"),
    ("document", "jsonb", "'\"canary-7d1f\"'"),
    ("numbers", "text[]", "'{1}'"),
    ("numbers", "int8", "1"),
    ("numbers", "int8[]", "'{1,NULL}'"),
    ("numbers", "int8[]", "'{{1,2},{3,4}}'"),
    ("words", "int8[]", "'{1}'"),
    ("words", "text[]", "'{NULL}'"),
    ("address", "text", "'192.0.2.1'"),
    ("address", "inet", "'192.0.2.0/24'"),
    ("address", "inet", "'2001:db8::1'"),
    ("maybe_large", "text", "'canary-7d1f'"),
    ("maybe_money", "numeric", "'NaN'"),
    ("maybe_at", "timestamptz", "'infinity'"),
]

# (column, its type in the table, SQL expression stored in it, what is read)
POSTGRES_WIDENINGS: list[tuple[str, LiteralString, LiteralString, Any]] = [
    ("medium", "int2", "-32768", -(2**15)),
    ("large", "int2", "32767", 2**15 - 1),
    ("large", "int4", "-2147483648", -(2**31)),
    ("real", "float4", "1.5", 1.5),
    ("real", "int4", "7", 7.0),
    ("money", "int4", "7", Decimal(7)),
    ("money", "int8", "9223372036854775807", Decimal(2**63 - 1)),
    ("text", "varchar(20)", "'wide'", "wide"),
    ("text", "name", "'named'", "named"),
    ("short", "text", "'short'", "short"),
    ("at", "timestamptz(0)", "'2024-02-29 12:00:00+02'", datetime(2024, 2, 29, 10, tzinfo=UTC)),
    ("genre", "varchar(9)", "'poem'", Genre.POEM),
    ("document", "json", "'{\"a\": 1}'", {"a": 1}),
    ("numbers", "int4[]", "'{1,2}'", [1, 2]),
    ("words", "varchar(9)[]", "'{a,b}'", ["a", "b"]),
]


def _by_place(case: tuple[Any, ...]) -> str:
    return "-".join(str(part) for part in case[:3])


@asynccontextmanager
async def _filled(url: str) -> AsyncIterator[Database]:
    """A database with one row that fits."""
    async with Database(url) as db:
        await db.create_tables(Everything)
        await db.insert(Everything(**ORDINARY))
    async with Database(url) as db:
        yield db


async def _refuses_to_read(db: Database, name: str) -> None:
    """Neither the entity nor the column alone gives a value."""
    column: Any = getattr(Everything, name)
    for query in (select(Everything), select(column), select(Everything.id, column)):
        with pytest.raises(DecodeError) as caught:
            rows: list[Any] = await db.all(query)
            [getattr(row, name) for row in rows if isinstance(row, Everything)]
        assert name in str(caught.value)
        assert caught.value.code == "decode"
        assert CANARY not in str(caught.value)
        assert "12345678-1234" not in str(caught.value)
    assert await db.scalar(select(Everything.id)) == 1


@pytest.mark.parametrize("case", SQLITE_MISFITS, ids=_by_place)
async def test_misfit_in_sqlite(sqlite_url: str, case: tuple[str, LiteralString]) -> None:
    name, stored = case
    async with _filled(sqlite_url) as db:
        _loosen(sqlite_url.removeprefix("sqlite:///"), name, stored)
        await _refuses_to_read(db, name)


def _loosen(path: str, name: str, stored: str) -> None:
    """Replaces the table by one without types or constraints, so that the value is kept as it is written."""
    with sqlite3.connect(path) as connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(exam_everything)")]
        columns = ", ".join(f'"{each}"' for each in names)
        connection.execute("ALTER TABLE exam_everything RENAME TO strict_everything")
        connection.execute(f"CREATE TABLE exam_everything ({columns})")
        connection.execute(f"INSERT INTO exam_everything ({columns}) SELECT {columns} FROM strict_everything")  # noqa: S608 - names of our own table
        connection.execute(f'UPDATE exam_everything SET "{name}" = {stored}')  # noqa: S608 - from the list above
    connection.close()


@pytest.mark.parametrize("case", POSTGRES_MISFITS, ids=_by_place)
async def test_misfit_in_postgres(postgres_url: str, case: tuple[str, LiteralString, LiteralString]) -> None:
    name, kind, stored = case
    async with _filled(postgres_url) as db:
        if (
            kind == "numeric"
            and "Infinity" in stored
            and _server_version(postgres_url) < NUMERIC_INFINITY_SINCE
        ):
            with pytest.raises(psycopg.errors.InvalidTextRepresentation):
                _retype(postgres_url, name, kind, stored)
            return
        _retype(postgres_url, name, kind, stored)
        await _refuses_to_read(db, name)


def _server_version(url: str) -> int:
    with psycopg.connect(url) as connection:
        return connection.info.server_version


@pytest.mark.parametrize("case", POSTGRES_WIDENINGS, ids=_by_place)
async def test_lossless_widening_in_postgres(
    postgres_url: str, case: tuple[str, LiteralString, LiteralString, Any]
) -> None:
    name, kind, stored, expected = case
    async with _filled(postgres_url) as db:
        _retype(postgres_url, name, kind, stored)
        value = await db.scalar(select(getattr(Everything, name)))
        assert value == expected
        assert type(value) is type(expected)
        assert getattr(await db.get(Everything, 1), name) == expected


def _retype(url: str, name: str, kind: LiteralString, stored: LiteralString) -> None:
    """Gives the column another type, and this value."""
    column = psycopg.sql.Identifier(name)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("ALTER TABLE exam_everything DROP COLUMN {}").format(column))
        connection.execute(
            psycopg.sql.SQL("ALTER TABLE exam_everything ADD COLUMN {} {}").format(
                column, psycopg.sql.SQL(kind)
            )
        )
        connection.execute(
            psycopg.sql.SQL("UPDATE exam_everything SET {} = {}").format(column, psycopg.sql.SQL(stored))
        )


async def test_invalid_text_from_a_postgres_without_encoding(postgres_server_url: str) -> None:
    """SQL_ASCII stores any byte, and converts nothing for us."""
    name = psycopg.sql.Identifier("test_sql_ascii")
    with psycopg.connect(postgres_server_url, autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
        connection.execute(
            psycopg.sql.SQL(
                "CREATE DATABASE {} ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
            ).format(name)
        )
        try:
            url = postgres_server_url.rpartition("/")[0] + "/test_sql_ascii"
            async with _filled(url) as db:
                with psycopg.connect(url, autocommit=True) as writer:
                    writer.execute("UPDATE exam_everything SET text = E'\\xff\\xfe'")
                with pytest.raises(DataError):  # the server itself refuses to call that UTF-8
                    await db.all(select(Everything.text))
                assert await db.scalar(select(Everything.id)) == 1
        finally:
            connection.execute(psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


async def test_one_bad_row_leaves_the_others_readable(sqlite_url: str) -> None:
    async with _filled(sqlite_url) as db:
        await db.insert(Everything(**{**ORDINARY, "id": 2, "large": 22}))
        _loosen_one(sqlite_url.removeprefix("sqlite:///"))
        with pytest.raises(DecodeError):
            await db.all(select(Everything))
        assert (await db.get(Everything, 2)).large == 22
        assert await db.all(select(Everything.large).where(Everything.id == 2)) == [22]


def _loosen_one(path: str) -> None:
    _loosen(path, "flag", "flag")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE exam_everything SET large = 'x' WHERE id = 1")
    connection.close()
