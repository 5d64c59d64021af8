"""BridgeORM through its blocking face."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.contestants.bridge_models import Record
from benchmarks.contestants.bridge_objects import bridge_url, bridge_version
from benchmarks.contestants.contract import POOL_SIZE, Contestant, Operation, Target
from benchmarks.workload import Row, by_column
from bridgeorm import PoolOptions, SyncDatabase, delete, select


class BridgeBlocking(Contestant):
    """Model instances in a thread that may block."""

    name = "BridgeORM, blocking"
    group = "sync"
    operations = (
        Operation.BULK_INSERT,
        Operation.BULK_FETCH,
        Operation.BULK_FETCH_READ,
        Operation.KEY_READ_ALONE,
    )
    rows_are_objects = True
    _db: SyncDatabase

    def version(self) -> str:
        return bridge_version()

    async def open(self, target: Target) -> None:
        self._db = SyncDatabase(bridge_url(target), pool=PoolOptions(max_size=POOL_SIZE))
        self._db.connect()
        if not target.is_postgres:
            self._db.create_tables(Record)

    async def close(self) -> None:
        self._db.close()

    async def clear(self) -> None:
        self._db.execute(delete(Record).everywhere())

    def make_objects(self, rows: Sequence[Row]) -> Sequence[Any]:
        return [Record(**by_column(row)) for row in rows]

    async def bulk_insert(self, objects: Sequence[Any]) -> None:
        self._db.insert_many(objects)

    async def bulk_fetch(self) -> Sequence[Any]:
        return self._db.all(select(Record).order_by(Record.id))

    async def read_key(self, key: int) -> Any:
        return self._db.get(Record, key)
