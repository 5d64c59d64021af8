"""aiosqlite: the standard sqlite3 in a thread of its own, rows converted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import aiosqlite

from benchmarks.contestants.contract import Contestant, Target
from benchmarks.contestants.plain_sql import CLEAR, CREATE_SQLITE, INSERT, PRAGMAS, SELECT_ALL, SELECT_BY_KEY
from benchmarks.contestants.sqlite_rows import from_stored, to_stored


class AiosqliteRows(Contestant):
    """Tuples in the types an application wants; one connection, which is one thread."""

    name = "aiosqlite, converted"
    dialects = ("sqlite",)
    _connection: aiosqlite.Connection

    def version(self) -> str:
        return version("aiosqlite")

    async def open(self, target: Target) -> None:
        self._connection = await aiosqlite.connect(target.address)
        for statement in (*PRAGMAS, CREATE_SQLITE):
            await self._connection.execute(statement)

    async def close(self) -> None:
        await self._connection.close()

    async def clear(self) -> None:
        await self._connection.execute(CLEAR)
        await self._connection.commit()

    async def bulk_insert(self, objects: Sequence[Any]) -> None:
        await self._connection.executemany(INSERT, [to_stored(row) for row in objects])
        await self._connection.commit()

    async def bulk_fetch(self) -> Sequence[Any]:
        return [from_stored(row) for row in await self._connection.execute_fetchall(SELECT_ALL)]

    async def read_key(self, key: int) -> Any:
        found = list(await self._connection.execute_fetchall(SELECT_BY_KEY.format("?"), (key,)))
        return from_stored(found[0])
