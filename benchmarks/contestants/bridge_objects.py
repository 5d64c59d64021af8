"""BridgeORM through its asynchronous face: model instances, and tuples of columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.contestants.bridge_models import Record
from benchmarks.contestants.contract import POOL_SIZE, Contestant, Operation, Target
from benchmarks.workload import COLUMNS, Row, by_column
from bridgeorm import Database, PoolOptions, delete, select


def bridge_url(target: Target) -> str:
    """The target as BridgeORM spells it."""
    return target.address if target.is_postgres else f"sqlite:///{target.address}"


def bridge_version() -> str:
    """The installed version, or that of the source tree."""
    try:
        return version("bridgeorm")
    except PackageNotFoundError:
        listing = (Path(__file__).resolve().parents[2] / "CMakeLists.txt").read_text(encoding="utf-8")
        found = re.search(r"project\(bridgeorm VERSION ([0-9.]+)", listing)
        return f"{found[1]} (source tree)" if found else "source tree"


class BridgeObjects(Contestant):
    """Model instances."""

    name = "BridgeORM"
    rows_are_objects = True
    _db: Database

    def version(self) -> str:
        return bridge_version()

    async def open(self, target: Target) -> None:
        self._db = Database(bridge_url(target), pool=PoolOptions(max_size=POOL_SIZE))
        await self._db.connect()
        if not target.is_postgres:
            await self._db.create_tables(Record)

    async def close(self) -> None:
        await self._db.close()

    async def clear(self) -> None:
        await self._db.execute(delete(Record).everywhere())

    def make_objects(self, rows: Sequence[Row]) -> Sequence[Any]:
        return [Record(**by_column(row)) for row in rows]

    async def bulk_insert(self, objects: Sequence[Any]) -> None:
        await self._db.insert_many(objects)

    async def bulk_fetch(self) -> Sequence[Any]:
        return await self._db.all(select(Record).order_by(Record.id))

    async def read_key(self, key: int) -> Any:
        return await self._db.get(Record, key)


class BridgeTuples(BridgeObjects):
    """The same rows as plain tuples of selected columns."""

    name = "BridgeORM, tuples"
    rows_are_objects = False
    operations = (Operation.BULK_FETCH, Operation.BULK_FETCH_READ)

    async def bulk_fetch(self) -> Sequence[Any]:
        columns = [getattr(Record, name) for name in COLUMNS]
        return await self._db.all(select(*columns).order_by(Record.id))
