"""Tortoise ORM, over asyncpg or aiosqlite."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

from tortoise import Tortoise, fields
from tortoise.models import Model

from benchmarks.contestants.contract import POOL_SIZE, Contestant, Target
from benchmarks.workload import TABLE, TITLE_LENGTH, Row, by_column

BATCH = 10_000


class Record(Model):
    """One row."""

    id = fields.BigIntField(primary_key=True, generated=False)
    quantity = fields.IntField()
    ratio = fields.FloatField()
    is_active = fields.BooleanField()
    title = fields.CharField(max_length=TITLE_LENGTH)
    created_at = fields.DatetimeField()
    code = fields.UUIDField()
    price = fields.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        """Where it is stored."""

        table = TABLE


def connection_settings(target: Target) -> dict[str, object]:
    """The target as Tortoise spells it."""
    if not target.is_postgres:
        credentials = {"file_path": target.address, "journal_mode": "WAL", "synchronous": "NORMAL"}
        return {"engine": "tortoise.backends.sqlite", "credentials": credentials}
    parts = urlsplit(target.address)
    return {
        "engine": "tortoise.backends.asyncpg",
        "credentials": {
            "host": parts.hostname,
            "port": parts.port or 5432,
            "user": parts.username,
            "password": parts.password,
            "database": parts.path.lstrip("/"),
            "minsize": POOL_SIZE,
            "maxsize": POOL_SIZE,
        },
    }


class TortoiseObjects(Contestant):
    """Model instances."""

    name = "Tortoise ORM"
    rows_are_objects = True
    _driver = ""

    def version(self) -> str:
        return f"{version('tortoise-orm')} on {self._driver} {version(self._driver)}"

    async def open(self, target: Target) -> None:
        self._driver = "asyncpg" if target.is_postgres else "aiosqlite"
        await Tortoise.init(
            config={
                "connections": {"default": connection_settings(target)},
                "apps": {"models": {"models": [__name__], "default_connection": "default"}},
                "use_tz": True,
                "timezone": "UTC",
            }
        )
        if not target.is_postgres:
            await Tortoise.generate_schemas(safe=True)

    async def close(self) -> None:
        await Tortoise.close_connections()

    async def clear(self) -> None:
        await Record.all().delete()

    def make_objects(self, rows: Sequence[Row]) -> Sequence[Any]:
        return [Record(**by_column(row)) for row in rows]

    async def bulk_insert(self, objects: Sequence[Any]) -> None:
        await Record.bulk_create(objects, batch_size=BATCH)

    async def bulk_fetch(self) -> Sequence[Any]:
        return await Record.all().order_by("id")

    async def read_key(self, key: int) -> Any:
        return await Record.get(id=key)
