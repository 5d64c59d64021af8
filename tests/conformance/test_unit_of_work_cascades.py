"""Deleting rows that hang together through rows nobody has read: the database's cascades come first."""

from __future__ import annotations

import asyncio

import pytest

from bridgeorm import (
    Column,
    Database,
    Model,
    One,
    StaleRowError,
    foreign_key,
    one,
    primary_key,
    select,
    update,
    version,
)

from .conftest import OpenDatabase


class Harbour(Model, table="cascade_harbours"):
    id: Column[int] = primary_key(generated=False)
    revision: Column[int] = version()


class Ship(Model, table="cascade_ships"):
    id: Column[int] = primary_key(generated=False)
    harbour_id: Column[int] = foreign_key(Harbour.id, on_delete="cascade")
    revision: Column[int] = version()
    harbour: One[Harbour] = one(harbour_id)


class Cargo(Model, table="cascade_cargoes"):
    id: Column[int] = primary_key(generated=False)
    ship_id: Column[int] = foreign_key(Ship.id, on_delete="cascade")
    revision: Column[int] = version()
    ship: One[Ship] = one(ship_id)


class Folder(Model, table="cascade_folders"):
    """Hangs in others of its kind."""

    id: Column[int] = primary_key(generated=False)
    parent_id: Column[int | None] = foreign_key("Folder.id", on_delete="cascade", default=None)
    revision: Column[int] = version()
    parent: One[Folder | None] = one(parent_id)


async def fill(db: Database) -> None:
    """A cargo in a ship in a harbour, and a chain of five folders; nobody has read them."""
    await db.create_tables(Harbour, Ship, Cargo, Folder)

    async def write() -> None:
        await db.insert(Harbour(id=1))
        await db.insert(Ship(id=1, harbour_id=1))
        await db.insert_many([Cargo(id=number, ship_id=1) for number in (1, 2)])
        await db.insert_many([Folder(id=1), Folder(id=10)])
        for number in range(2, 6):
            await db.insert(Folder(id=number, parent_id=number - 1))

    await asyncio.create_task(write())


async def test_models_that_hang_together_through_another(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        harbour, cargo = await db.get(Harbour, 1), await db.get(Cargo, 1)
        async with db.session() as session:
            session.delete(harbour)
            session.delete(cargo)
        assert await db.count(select(Cargo)) == await db.count(select(Harbour)) == 0


@pytest.mark.parametrize("turned", [False, True])
async def test_rows_of_one_model_that_hang_together(open_database: OpenDatabase, *, turned: bool) -> None:
    async with open_database() as db:
        await fill(db)
        folders = [await db.get(Folder, number) for number in (1, 3, 5, 10)]
        await db.delete_many(reversed(folders) if turned else folders)
        assert await db.count(select(Folder)) == 0


@pytest.mark.parametrize("turned", [False, True])
async def test_a_row_somebody_changed_is_still_found(open_database: OpenDatabase, *, turned: bool) -> None:
    async with open_database() as db:
        await fill(db)
        top, leaf = await db.get(Folder, 1), await db.get(Folder, 4)
        harbour, cargo = await db.get(Harbour, 1), await db.get(Cargo, 1)
        await db.execute(update(Folder).where(Folder.id == leaf.id).set(revision=7))
        await db.execute(update(Cargo).where(Cargo.id == cargo.id).set(revision=7))
        for pair, lost in (([top, leaf], leaf), ([harbour, cargo], cargo)):
            with pytest.raises(StaleRowError) as caught:
                await db.delete_many(reversed(pair) if turned else pair)
            assert caught.value.objects == (lost,)
        assert await db.count(select(Folder)) == 6
        assert await db.count(select(Cargo)) == 2
