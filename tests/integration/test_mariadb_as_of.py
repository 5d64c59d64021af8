"""Former states of a system-versioned table on a real MariaDB server."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from bridgeorm import Column, Database, Model, column, primary_key, select


class Tariff(Model, table="tariffs"):
    id: Column[int] = primary_key(generated=False)
    name: Column[str] = column(max_length=40)


async def test_rows_come_as_they_were(mariadb_url: str) -> None:
    async with Database(mariadb_url) as db:
        await db.create_tables(Tariff)
        await db.execute_raw("ALTER TABLE {table} ADD SYSTEM VERSIONING", table=Tariff)
        tariff = await db.insert(Tariff(id=1, name="first"))
        await asyncio.sleep(0.05)
        before = datetime.now(UTC)
        await asyncio.sleep(0.05)
        tariff.name = "second"
        await db.update(tariff)
        (old,) = await db.all(select(Tariff).as_of(before))
        assert (old.name, tariff.name, old is tariff) == ("first", "second", False)
        assert await db.count(select(Tariff).where(Tariff.name == "second").as_of(before)) == 0
