"""Many objects at once: all or none, each with its own generated values, or all as they were before."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from bridgeorm import (
    Column,
    Database,
    HookAbortedError,
    Many,
    Model,
    NoRowFoundError,
    One,
    QueryError,
    SyncDatabase,
    UniqueViolationError,
    _engine,
    after,
    before,
    column,
    foreign_key,
    func,
    many,
    one,
    primary_key,
    select,
)
from bridgeorm.model_schema import schema_of
from bridgeorm.testing import count_queries


class Parcel(Model, table="bulk_parcels"):
    id: Column[int] = primary_key(generated=False)
    label: Column[str] = column(max_length=40)
    weight: Column[int] = column(default=1)
    arrived_at: Column[datetime] = column(default=func.now())
    contents: Column[dict[str, object]] = column(default=dict)


class Depot(Model, table="bulk_depots"):
    id: Column[int] = primary_key()
    name: Column[str] = column(max_length=40, unique=True)
    crates: Many[Crate] = many(back="depot")
    tags: Many[Tag] = many()


class Crate(Model, table="bulk_crates"):
    id: Column[int] = primary_key()
    depot_id: Column[int] = foreign_key(Depot.id)
    number: Column[int] = column()
    depot: One[Depot] = one(depot_id)


class Tag(Model, table="bulk_tags"):
    name: Column[str] = primary_key(generated=False, max_length=40)
    depots: Many[Depot] = many(back="tags")


class Token(Model, table="bulk_tokens"):
    owner: Column[int] = primary_key(generated=False)
    made_at: Column[datetime] = primary_key(generated=False, default=func.now())  # type: ignore[call-overload]  # typed for Python's own
    note: Column[str] = column()


class Ticket(Model, table="bulk_tickets"):
    id: Column[int] = primary_key()


MODELS = (Parcel, Depot, Crate, Tag, Token, Ticket)
Open = Callable[[], AbstractAsyncContextManager[Database]]
MANY = 60_000
BROKEN = 50_000
LONG_AGO = datetime(2001, 2, 3, tzinfo=UTC)
SEVERAL_STATEMENTS = 1_700


class _DeliberateError(Exception):
    pass


@pytest.fixture
def stores(database_url: str) -> Open:
    """`async with stores() as db:` gives a handle whose tables exist and are empty."""

    @asynccontextmanager
    async def opening() -> AsyncIterator[Database]:
        async with Database(database_url) as db:
            await db.create_tables(*MODELS)
            yield db

    return opening


def _is_untouched(instance: Model) -> bool:
    return (
        not _engine.is_persistent(instance)
        and _engine.identity_map_of(instance) is None
        and bool(_engine.changed_columns(instance))
    )


def _parcels(count: int) -> list[Parcel]:
    return [Parcel(id=number, label=f"p{number}", arrived_at=LONG_AGO) for number in range(1, count + 1)]


async def test_objects_are_clean_known_and_stored_whole(stores: Open) -> None:
    async with stores() as db:
        parcels = _parcels(300)
        parcels[7].contents = {"a": [1, 2]}
        with count_queries(db) as queries:
            assert await db.insert_many(parcels) == parcels
        assert queries.count == 1
        assert all(
            _engine.is_persistent(parcel) and not _engine.changed_columns(parcel) for parcel in parcels
        )
        assert await db.get(Parcel, 300) is parcels[299]
        parcels[7].contents["a"] = 3
        assert _engine.changed_columns(parcels[7])
        await db.update(parcels[7])
    async with stores() as db:
        assert (await db.get(Parcel, 8)).contents == {"a": 3}
        assert await db.count(select(Parcel)) == 300


async def test_groups_with_other_columns_set_get_the_rest_from_the_database(stores: Open) -> None:
    async with stores() as db:
        mixed: list[Parcel | Depot] = []
        for number in range(40, 0, -1):
            parcel = Parcel(id=number, label=f"p{number}")
            if number % 3 == 0:
                parcel.arrived_at = LONG_AGO
            mixed.append(parcel)
            mixed.append(Depot(name=f"d{number}"))
        await db.insert_many(mixed)
        parcels = [thing for thing in mixed if isinstance(thing, Parcel)]
        depots = [thing for thing in mixed if isinstance(thing, Depot)]
        assert [parcel.id for parcel in parcels] == list(range(40, 0, -1))
        assert all((parcel.arrived_at == LONG_AGO) == (parcel.id % 3 == 0) for parcel in parcels)
        arrivals = dict(await db.all(select(Parcel.id, Parcel.arrived_at)))
        assert arrivals == {parcel.id: parcel.arrived_at for parcel in parcels}
        stored = dict(await db.all(select(Depot.name, Depot.id)))
        assert stored == {depot.name: depot.id for depot in depots}


async def test_generated_keys_reach_their_own_objects_over_many_statements(stores: Open) -> None:
    async with stores() as db:
        depots = [Depot(name=f"{number * 7919 % SEVERAL_STATEMENTS}") for number in range(SEVERAL_STATEMENTS)]
        await db.insert_many(depots)
        assert dict(await db.all(select(Depot.name, Depot.id))) == {each.name: each.id for each in depots}
        assert await db.get(Depot, depots[1234].id) is depots[1234]


async def test_keys_made_of_expressions_and_rows_of_defaults(stores: Open) -> None:
    async with stores() as db:
        tokens = [Token(owner=owner, note=f"n{owner}") for owner in (3, 1, 2)]
        await db.insert_many(tokens)
        assert [token.owner for token in tokens] == [3, 1, 2]
        assert await db.get(Token, (1, tokens[1].made_at)) is tokens[1]
        tickets = await db.insert_many([Ticket(), Ticket(), Ticket()])
        assert len({ticket.id for ticket in tickets}) == 3


async def test_parents_give_their_keys_and_relations_load_afterwards(stores: Open) -> None:
    async with stores() as db:
        north, south = await db.insert_many([Depot(name="north"), Depot(name="south")])
        crates = [Crate(depot=(north, south)[number % 2], number=number) for number in range(20)]
        bare = [Crate(depot_id=north.id, number=number) for number in range(20, 30)]
        await db.insert_many([*crates, *bare])
        assert [crate.depot_id for crate in crates[:2]] == [north.id, south.id]
        assert (await bare[0].depot) is north
        async with db.session() as session:
            new = Depot(name="new")
            session.add(*[Crate(depot=new, number=number) for number in range(5)])
        assert await db.count(select(Crate).where(Crate.depot_id == new.id)) == 5
        unsaved = Crate(depot=Depot(name="unsaved"), number=1)
        with pytest.raises(QueryError, match=r"Crate\.depot refers to an unsaved Depot"):
            await db.insert_many([Crate(depot=north, number=1), unsaved])


async def test_hooks_run_for_every_object_and_stop_all_of_them(stores: Open) -> None:
    seen: list[str] = []

    @before(Parcel, "insert")
    def fill(parcel: Parcel) -> None:
        if parcel.label == "forbidden":
            raise HookAbortedError("not this one")
        parcel.weight = 10 + parcel.id

    @after(Parcel, "insert")
    async def note(parcel: Parcel) -> None:
        seen.append(f"{parcel.id} {_engine.is_persistent(parcel)}")

    try:
        async with stores() as db:
            await db.insert_many([Parcel(id=number, label="fine") for number in (1, 2)])
            assert seen == ["1 True", "2 True"]
            assert await db.all(select(Parcel.weight).order_by(Parcel.id)) == [11, 12]
            refused = [Parcel(id=3, label="fine"), Parcel(id=4, label="forbidden")]
            with pytest.raises(HookAbortedError):
                await db.insert_many(refused)
            assert all(_is_untouched(parcel) for parcel in refused)
            assert await db.count(select(Parcel)) == 2
    finally:
        schema_of(Parcel).hooks.clear()


async def test_a_row_that_fails_far_inside_leaves_everything_as_it_was(stores: Open) -> None:
    async with stores() as db:
        parcels = _parcels(MANY)
        parcels[BROKEN].id = 1
        with pytest.raises(UniqueViolationError):
            await db.insert_many(parcels)
        assert await db.count(select(Parcel)) == 0
        assert all(_is_untouched(parcel) for parcel in parcels)
        parcels[BROKEN].id = BROKEN + 1
        await db.insert_many(parcels)
        assert await db.count(select(Parcel)) == MANY


@pytest.mark.parametrize("is_inside", [False, True], ids=["apart", "in a transaction"])
async def test_a_generated_row_that_fails_takes_all_of_them_back(stores: Open, *, is_inside: bool) -> None:
    async with stores() as db:
        depots = [Depot(name=f"d{number}") for number in range(SEVERAL_STATEMENTS)]
        depots[-3].name = "d1"
        with pytest.raises(UniqueViolationError):
            if is_inside:
                async with db.transaction():
                    await db.insert_many(depots)
            else:
                await db.insert_many(depots)
        assert await db.count(select(Depot)) == 0
        assert all(_is_untouched(depot) for depot in depots)
        assert {_engine.peek(depot, 0) for depot in depots} == {_engine.UNSET}


async def test_a_rollback_gives_objects_everything_back(stores: Open) -> None:
    async with stores() as db:
        north = await db.insert(Depot(name="north"))
        crate, parcel = Crate(depot=north, number=1), Parcel(id=1, label="one")
        parcel.contents = {"a": 1}
        with pytest.raises(_DeliberateError):
            async with db.transaction():
                async with db.transaction():
                    await db.insert_many([crate, parcel])
                parcel.label = "changed"
                await db.update(parcel)
                raise _DeliberateError
        assert _is_untouched(crate)
        assert _is_untouched(parcel)
        assert (parcel.label, parcel.contents) == ("one", {"a": 1})
        assert crate.depot is north
        assert _engine.peek(crate, 0) is _engine.UNSET
        await db.insert_many([crate, parcel])
        assert (crate.depot_id, await db.count(select(Parcel))) == (north.id, 1)


async def test_what_cannot_be_inserted_is_named_before_anything_is_sent(stores: Open) -> None:
    async with stores() as db:
        stored = await db.insert(Parcel(id=9, label="stored"))
        fresh = Parcel(id=1, label="fresh")
        wrong: list[tuple[list[Any], str]] = [
            ([fresh, 17], "objects of models are inserted, not int"),
            ([fresh, stored], "is in the database already"),
            ([fresh, Parcel(id=2, label="between"), fresh], "stands twice"),
        ]
        for objects, message in wrong:
            with pytest.raises(QueryError, match=message):
                await db.insert_many(objects)
            assert _is_untouched(fresh)
        assert await db.count(select(Parcel)) == 1
        assert await db.insert_many(parcel for parcel in (fresh,)) == [fresh]
        assert await db.insert_many([]) == []


async def test_rows_of_dicts_come_in_buffers_and_fail_as_one(stores: Open) -> None:
    async with stores() as db:
        rows = ({"id": number, "label": "row"} for number in range(1, 1001))
        assert await db.insert_many(Parcel, rows) == 1000
        broken = ({"id": number, "label": None if number == 3300 else "row"} for number in range(3000, 3400))
        with pytest.raises(Exception, match="label"):
            await db.insert_many(Parcel, broken)
        assert await db.count(select(Parcel)) == 1000


async def test_a_session_deletes_and_links_many_by_one_statement(stores: Open) -> None:
    async with stores() as db:
        depots = await db.insert_many([Depot(name=f"d{number}") for number in range(30)])
        tags = await db.insert_many([Tag(name=f"t{number}") for number in range(4)])
        with count_queries(db) as queries:
            async with db.session():
                for depot in depots:
                    await depot.tags.add(*tags)
        assert queries.count == 1
        await depots[0].tags.remove(tags[0], tags[1])
        assert await db.count(select(Depot).where(Depot.tags.any(Tag.name == "t0"))) == 29
        for depot in depots:
            await depot.tags.set([])
        with count_queries(db) as queries:
            async with db.session() as session:
                for depot in depots[:20]:
                    session.delete(depot)
        assert queries.count == 1
        assert sorted(await db.all(select(Depot.name))) == sorted(depot.name for depot in depots[20:])


async def test_a_row_missing_among_many_deleted_is_noticed(stores: Open) -> None:
    async with stores() as db:
        parcels = await db.insert_many(_parcels(5))
        await db.execute_raw("DELETE FROM bulk_parcels WHERE id = 3")
        with pytest.raises(NoRowFoundError, match="1 of 5"):
            async with db.session() as session:
                for parcel in parcels:
                    session.delete(parcel)
        assert await db.count(select(Parcel)) == 4
        assert all(_engine.is_persistent(parcel) for parcel in parcels)


def test_the_blocking_face_inserts_the_same_way(database_url: str) -> None:
    with SyncDatabase(database_url) as db:
        db.create_tables(*MODELS)
        depots = db.insert_many([Depot(name=f"d{number}") for number in range(SEVERAL_STATEMENTS)])
        assert dict(db.all(select(Depot.name, Depot.id))) == {depot.name: depot.id for depot in depots}
        parcels = db.insert_many(_parcels(500))
        assert db.get(Parcel, 500) is parcels[499]
