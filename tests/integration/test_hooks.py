"""Hooks: when they are called, with what, and that a write stands or falls with all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bridgeorm import (
    Column,
    ConfigurationError,
    Database,
    HookAbortedError,
    Model,
    ModelError,
    NotLoadedError,
    SyncDatabase,
    after,
    before,
    column,
    primary_key,
    select,
)


class Audited(Model, table="hook_audited"):
    id: Column[int] = primary_key()
    name: Column[str] = column()
    slug: Column[str] = column(default="")


class Note(Model, table="hook_notes"):
    id: Column[int] = primary_key()
    text: Column[str] = column()


class Quiet(Model, table="hook_quiet"):
    id: Column[int] = primary_key()
    name: Column[str] = column()


class Stamped(Model, abstract=True):
    stamp: Column[str] = column(default="")


class Letter(Stamped, table="hook_letters"):
    id: Column[int] = primary_key()


class Parcel(Stamped, table="hook_parcels"):
    id: Column[int] = primary_key()


calls = list[str]()
MODELS = (Audited, Note, Quiet, Letter, Parcel)


@before(Letter, "insert")
def stamp_letter(thing: Letter) -> None:
    thing.stamp += " letter"


@before(Stamped, "insert")
def stamp(thing: Stamped) -> None:
    thing.stamp = "stamped"


@before(Audited, "insert")
def slugify(thing: Audited) -> None:
    calls.append(f"before insert {thing.name}")
    thing.slug = thing.name.lower()
    if thing.name == "refused":
        raise HookAbortedError("this name is taken")


@after(Audited, "insert")
async def note_insert(thing: Audited) -> None:
    calls.append(f"after insert {thing.name}")
    await select(Note).all()
    if thing.name == "too late":
        raise HookAbortedError("noticed afterwards")
    await _handle().insert(Note(text=f"inserted {thing.id}"))


@before(Audited, "update")
async def refuse_update(thing: Audited) -> None:
    calls.append(f"before update {thing.name}")
    await asyncio.sleep(0)
    if thing.name == "refused":
        raise HookAbortedError("no such name")
    thing.slug = thing.name.lower()


@after(Audited, "update")
def see_update(thing: Audited) -> None:
    calls.append(f"after update {thing.name}")
    if thing.name == "too late":
        raise HookAbortedError("noticed afterwards")


@before(Audited, "delete")
def refuse_delete(thing: Audited) -> None:
    calls.append(f"before delete {thing.name}")
    if thing.name == "kept":
        raise HookAbortedError("this one stays")


@after(Audited, "delete")
def see_delete(thing: Audited) -> None:
    calls.append(f"after delete {thing.name}")
    if thing.name == "kept after all":
        raise ValueError("any exception undoes the write")


_current: list[Database] = []


def _handle() -> Database:
    return _current[0]


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """A handle with the tables, which the hooks use as well."""
    calls.clear()
    async with Database(url) as db:
        await db.create_tables(*MODELS)
        _current[:] = [db]
        yield db


async def test_hooks_see_every_object_and_may_change_it(database_url: str) -> None:
    async with opened(database_url) as db:
        ann = await db.insert(Audited(name="Ann"))
        assert ann.slug == "ann"
        assert await db.all(select(Audited.slug)) == ["ann"]
        assert await db.all(select(Note.text)) == [f"inserted {ann.id}"]
        ann.name = "Bob"
        await db.update(ann)
        assert await db.all(select(Audited.slug)) == ["bob"]
        await db.delete(ann)
        assert calls == [
            "before insert Ann",
            "after insert Ann",
            "before update Bob",
            "after update Bob",
            "before delete Bob",
            "after delete Bob",
        ]


async def test_hooks_of_abstract_models_are_inherited(database_url: str) -> None:
    async with opened(database_url) as db:
        await db.insert_many([Letter(), Parcel()])
        assert await db.all(select(Letter.stamp)) == ["stamped letter"]
        assert await db.all(select(Parcel.stamp)) == ["stamped"]


async def test_before_hooks_stop_a_write(database_url: str) -> None:
    async with opened(database_url) as db:
        with pytest.raises(HookAbortedError, match="taken"):
            await db.insert(Audited(name="refused"))
        kept = await db.insert(Audited(name="kept"))
        with pytest.raises(HookAbortedError, match="stays"):
            await db.delete(kept)
        kept.name = "refused"
        with pytest.raises(HookAbortedError, match="no such name"):
            await db.update(kept)
        assert await db.all(select(Audited.name)) == ["kept"]


async def test_after_hooks_undo_a_write(database_url: str) -> None:
    async with opened(database_url) as db:
        late = Audited(name="too late")
        with pytest.raises(HookAbortedError, match="afterwards"):
            await db.insert(late)
        with pytest.raises(NotLoadedError):
            _ = late.id
        assert await db.count(Audited.where()) == 0
        ann = await db.insert(Audited(name="Ann"))
        ann.name = "too late"
        with pytest.raises(HookAbortedError):
            await db.update(ann)
        assert await db.all(select(Audited.name)) == ["Ann"]
        ann.name = "kept after all"
        await db.update(ann)
        with pytest.raises(ValueError, match="undoes the write"):
            await db.delete(ann)
        assert await db.all(select(Audited.name)) == ["kept after all"]


async def test_many_objects_are_all_written_or_none(database_url: str) -> None:
    async with opened(database_url) as db:
        objects = [Audited(name="one"), Quiet(name="plain"), Audited(name="two")]
        await db.insert_many(objects)
        assert calls == ["before insert one", "before insert two", "after insert one", "after insert two"]
        assert await db.count(Note.where()) == 2
        for name in ("refused", "too late"):
            with pytest.raises(HookAbortedError):
                await db.insert_many([Quiet(name="lost"), Audited(name="three"), Audited(name=name)])
        assert await db.all(select(Audited.name).order_by(Audited.id)) == ["one", "two"]
        assert await db.count(Quiet.where()) == 1
        assert await db.count(Note.where()) == 2


async def test_inside_a_transaction_only_the_write_is_undone(database_url: str) -> None:
    async with opened(database_url) as db:
        async with db.transaction() as tx:
            await tx.insert(Quiet(name="before"))
            with pytest.raises(HookAbortedError):
                await tx.insert(Audited(name="too late"))
            with pytest.raises(HookAbortedError):
                await db.insert_many([Audited(name="one"), Audited(name="too late")])
            await tx.insert(Quiet(name="behind"))
        assert await db.count(Audited.where()) == 0
        assert await db.count(Note.where()) == 0
        assert await db.all(select(Quiet.name).order_by(Quiet.id)) == ["before", "behind"]


async def test_a_flush_calls_hooks_and_falls_with_them(database_url: str) -> None:
    async with opened(database_url) as db:
        async with db.session() as session:
            ann = Audited(name="Ann")
            session.add(ann)
            await session.flush()
            ann.name = "Bob"
        assert calls == ["before insert Ann", "after insert Ann", "before update Bob", "after update Bob"]
        assert await db.all(select(Audited.slug)) == ["bob"]
        with pytest.raises(HookAbortedError):
            async with db.session() as session:
                session.add(Quiet(name="lost"), Audited(name="too late"))
        async with db.session() as session:
            session.delete(ann)
        assert calls[-2:] == ["before delete Bob", "after delete Bob"]
        assert await db.count(Quiet.where()) == 0


async def test_hooks_that_ask_for_the_connection_of_their_write_get_it(database_url: str) -> None:
    """A hook's own statements run in the transaction of the write, even where no other connection is free."""
    async with opened(database_url) as db:
        await asyncio.wait_for(
            asyncio.gather(*(db.insert(Audited(name=f"n{index}")) for index in range(25))), 20
        )
        assert await db.count(Note.where()) == 25


def test_blocking_handles_call_plain_hooks_and_refuse_async_ones(database_url: str) -> None:
    calls.clear()
    with SyncDatabase(database_url) as db:
        db.create_tables(*MODELS)
        with pytest.raises(ConfigurationError, match="plain `def`"):
            db.insert(Audited(name="Ann"))
        assert db.all(select(Audited.name)) == []
        assert calls == ["before insert Ann"]
        with pytest.raises(HookAbortedError):
            db.insert_many([Audited(name="refused")])


def test_hooks_name_a_model_and_an_event() -> None:
    with pytest.raises(ConfigurationError, match="insert, update, delete"):
        before(Audited, "select")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # what is refused
    with pytest.raises(ModelError):
        after(int, "insert")
