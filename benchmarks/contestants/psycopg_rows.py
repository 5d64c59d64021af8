"""psycopg 3 through its pool: tuples, binary results, binary COPY."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
import psycopg_pool

from benchmarks.contestants.contract import POOL_SIZE, Contestant, Target
from benchmarks.contestants.plain_sql import COPY, SELECT_ALL, SELECT_BY_KEY

COPY_TYPES = ("int8", "int4", "float8", "bool", "varchar", "timestamptz", "uuid", "numeric")


class PsycopgRows(Contestant):
    """Tuples."""

    name = "psycopg 3"
    dialects = ("postgresql",)
    _pool: psycopg_pool.AsyncConnectionPool

    def version(self) -> str:
        return f"{psycopg.__version__} ({psycopg.pq.__impl__})"

    async def open(self, target: Target) -> None:
        self._pool = psycopg_pool.AsyncConnectionPool(
            target.address, min_size=POOL_SIZE, max_size=POOL_SIZE, open=False, kwargs={"autocommit": True}
        )
        await self._pool.open(wait=True)

    async def close(self) -> None:
        await self._pool.close()

    async def bulk_insert(self, objects: Sequence[Any]) -> None:
        async with (
            self._pool.connection() as connection,
            connection.cursor() as cursor,
            cursor.copy(COPY) as copy,
        ):
            copy.set_types(COPY_TYPES)
            for row in objects:
                await copy.write_row(row)

    async def bulk_fetch(self) -> Sequence[Any]:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(SELECT_ALL, binary=True)
            rows: Sequence[Any] = await cursor.fetchall()
            return rows

    async def read_key(self, key: int) -> Any:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(SELECT_BY_KEY.format("%s"), (key,), binary=True)
            return await cursor.fetchone()
