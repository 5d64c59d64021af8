"""asyncpg: the driver by itself, through its pool, and as one connection held throughout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg  # type: ignore[import-untyped] # ships no types

from benchmarks.contestants.contract import POOL_SIZE, Contestant, Operation, Target
from benchmarks.contestants.plain_sql import SELECT_ALL, SELECT_BY_KEY
from benchmarks.workload import COLUMNS, TABLE


class AsyncpgPool(Contestant):
    """Records, connections borrowed for each statement as a server application does."""

    name = "asyncpg, pool"
    dialects = ("postgresql",)
    _pool: asyncpg.Pool

    def version(self) -> str:
        return str(asyncpg.__version__)

    async def open(self, target: Target) -> None:
        self._pool = await asyncpg.create_pool(target.address, min_size=POOL_SIZE, max_size=POOL_SIZE)

    async def close(self) -> None:
        await self._pool.close()

    async def bulk_insert(self, objects: Sequence[Any]) -> None:
        await self._pool.copy_records_to_table(TABLE, records=objects, columns=COLUMNS)

    async def bulk_fetch(self) -> Sequence[Any]:
        rows: list[Any] = await self._pool.fetch(SELECT_ALL)
        return rows

    async def read_key(self, key: int) -> Any:
        return await self._pool.fetchrow(SELECT_BY_KEY.format("$1"), key)


class AsyncpgConnection(Contestant):
    """One connection without a pool, its statement prepared once: the least a driver can cost."""

    name = "asyncpg, one connection"
    dialects = ("postgresql",)
    operations = (Operation.KEY_READ_ALONE, Operation.BULK_FETCH, Operation.BULK_FETCH_READ)
    _connection: asyncpg.Connection
    _by_key: Any = None

    def version(self) -> str:
        return str(asyncpg.__version__)

    async def open(self, target: Target) -> None:
        self._connection = await asyncpg.connect(target.address)

    async def close(self) -> None:
        await self._connection.close()

    async def bulk_insert(self, objects: Sequence[Any]) -> None:
        await self._connection.copy_records_to_table(TABLE, records=objects, columns=COLUMNS)

    async def bulk_fetch(self) -> Sequence[Any]:
        rows: list[Any] = await self._connection.fetch(SELECT_ALL)
        return rows

    async def read_key(self, key: int) -> Any:
        # Prepared when first used: a statement prepared and not run keeps its table locked.
        self._by_key = self._by_key or await self._connection.prepare(SELECT_BY_KEY.format("$1"))
        return await self._by_key.fetchrow(key)
