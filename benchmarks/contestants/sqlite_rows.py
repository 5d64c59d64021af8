"""Python's own sqlite3: rows as stored, and rows converted by hand to the types an application wants."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from benchmarks.contestants.contract import Contestant, Operation, Target
from benchmarks.contestants.plain_sql import CLEAR, CREATE_SQLITE, INSERT, PRAGMAS, SELECT_ALL, SELECT_BY_KEY
from benchmarks.workload import Row

StoredRow = tuple[int, int, float, int, str, str, bytes, str]


def to_stored(row: Row) -> StoredRow:
    """A row in types SQLite has."""
    number, quantity, ratio, is_active, title, created_at, code, price = row
    return (number, quantity, ratio, int(is_active), title, created_at.isoformat(), code.bytes, str(price))


def from_stored(row: Iterable[Any]) -> Row:
    """A row in the types it was made of."""
    number, quantity, ratio, is_active, title, created_at, code, price = row
    moment = datetime.fromisoformat(created_at)
    return (number, quantity, ratio, bool(is_active), title, moment, UUID(bytes=code), Decimal(price))


class SqliteStored(Contestant):
    """Rows as stored: moments, prices and codes stay text and bytes."""

    name = "sqlite3, as stored"
    group = "sync"
    dialects = ("sqlite",)
    operations = (
        Operation.BULK_INSERT,
        Operation.BULK_FETCH,
        Operation.BULK_FETCH_READ,
        Operation.KEY_READ_ALONE,
    )
    _connection: sqlite3.Connection

    def version(self) -> str:
        return f"SQLite {sqlite3.sqlite_version}"

    async def open(self, target: Target) -> None:
        self._connection = sqlite3.connect(target.address)
        for statement in (*PRAGMAS, CREATE_SQLITE):
            self._connection.execute(statement)

    async def close(self) -> None:
        self._connection.close()

    async def clear(self) -> None:
        with self._connection:
            self._connection.execute(CLEAR)

    def make_objects(self, rows: Sequence[Row]) -> Sequence[Any]:
        return [to_stored(row) for row in rows]

    async def bulk_insert(self, objects: Sequence[Any]) -> None:
        with self._connection:
            self._connection.executemany(INSERT, objects)

    async def bulk_fetch(self) -> Sequence[Any]:
        return self._connection.execute(SELECT_ALL).fetchall()

    async def read_key(self, key: int) -> Any:
        return self._connection.execute(SELECT_BY_KEY.format("?"), (key,)).fetchone()

    def to_tuples(self, rows: Sequence[Any]) -> list[Sequence[object]]:
        return [from_stored(row) for row in rows]


class SqliteConverted(SqliteStored):
    """Rows converted to and from the types an application wants, by hand-written code."""

    name = "sqlite3, converted"

    def make_objects(self, rows: Sequence[Row]) -> Sequence[Any]:
        return rows

    async def bulk_insert(self, objects: Sequence[Any]) -> None:
        with self._connection:
            self._connection.executemany(INSERT, map(to_stored, objects))

    async def bulk_fetch(self) -> Sequence[Any]:
        return [from_stored(row) for row in self._connection.execute(SELECT_ALL)]

    async def read_key(self, key: int) -> Any:
        return from_stored(self._connection.execute(SELECT_BY_KEY.format("?"), (key,)).fetchone())

    def to_tuples(self, rows: Sequence[Any]) -> list[Sequence[object]]:
        return list(rows)
