"""Arrow columns: filled by BridgeORM from the wire, and by pyarrow from asyncpg's records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from benchmarks.contestants.asyncpg_pool import AsyncpgPool
from benchmarks.contestants.bridge_models import Record
from benchmarks.contestants.bridge_objects import BridgeObjects
from benchmarks.contestants.contract import Operation
from benchmarks.workload import COLUMNS
from bridgeorm import select


def rows_of(table: Any) -> list[Sequence[object]]:
    """The rows of a table as tuples."""
    columns = [column.to_pylist() for column in pa.table(table).columns]
    return list(zip(*columns, strict=True))


class BridgeArrow(BridgeObjects):
    """`db.arrow`, which any data frame library reads."""

    name = "BridgeORM, Arrow"
    rows_are_objects = False
    operations = (Operation.BULK_FETCH,)

    async def bulk_fetch(self) -> Any:
        return await self._db.arrow(select(Record).order_by(Record.id))

    def to_tuples(self, rows: Any) -> list[Sequence[object]]:
        return rows_of(rows)


class AsyncpgArrow(AsyncpgPool):
    """Records turned round and made into columns, as programs do by hand."""

    name = "asyncpg, to pyarrow"
    operations = (Operation.BULK_FETCH,)

    async def bulk_fetch(self) -> Any:
        records = await super().bulk_fetch()
        return pa.table(dict(zip(COLUMNS, zip(*records, strict=True), strict=True)))

    def to_tuples(self, rows: Any) -> list[Sequence[object]]:
        return rows_of(rows)
