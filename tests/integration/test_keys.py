"""Composite keys and foreign keys, one-to-one, models that refer to themselves, links without a model."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from bridgeorm import (
    BudgetExceededError,
    Column,
    Database,
    ForeignKeyViolationError,
    Many,
    Model,
    ModelError,
    NoRowFoundError,
    NotLoadedError,
    One,
    QueryError,
    UniqueViolationError,
    ValidationError,
    aliased,
    column,
    foreign_key,
    foreign_keys,
    func,
    many,
    one,
    primary_key,
    select,
)
from bridgeorm.testing import count_queries


class Hall(Model, table="key_halls"):
    building: Column[str] = primary_key(generated=False, max_length=20)
    number: Column[int] = primary_key(generated=False)
    title: Column[str] = column(default="")
    seats: Many[Seat] = many(back="hall")


class Seat(Model, table="key_seats"):
    id: Column[int] = primary_key()
    building: Column[str] = column(max_length=20)
    hall_number: Column[int] = column()
    label: Column[str] = column()
    hall: One[Hall] = one(building, hall_number)
    constraints = [foreign_keys((building, hall_number), (Hall.building, Hall.number), on_delete="cascade")]


class Person(Model, table="key_people"):
    id: Column[int] = primary_key()
    name: Column[str] = column()
    parent_id: Column[int | None] = foreign_key("Person.id")
    parent: One[Person | None] = one(parent_id)
    children: Many[Person] = many(back="parent")
    passport: One[Passport | None] = one(back="person")
    friends: Many[Person] = many()
    clubs: Many[Club] = many()


class Passport(Model, table="key_passports"):
    person_id: Column[int] = foreign_key(Person.id, primary_key=True, on_delete="cascade")
    code: Column[str] = column()
    person: One[Person] = one(person_id)


class Club(Model, table="key_clubs"):
    town: Column[str] = primary_key(generated=False, max_length=20)
    name: Column[str] = primary_key(generated=False, max_length=20)
    people: Many[Person] = many(back="clubs")


def seat_in(hall: Hall, label: str) -> Seat:
    """A seat by its hall alone; type checkers want the two columns of the key as well."""
    values: dict[str, Any] = {"hall": hall, "label": label}
    return Seat(**values)


MODELS = (Hall, Seat, Person, Passport, Club)
Open = Callable[[], AbstractAsyncContextManager[Database]]


@pytest.fixture
def keyed(database_url: str) -> Open:
    """`async with keyed() as db:` gives a handle whose tables exist."""

    @asynccontextmanager
    async def opening() -> AsyncIterator[Database]:
        async with Database(database_url) as db:
            await db.create_tables(*MODELS)
            yield db

    return opening


async def test_composite_keys_find_update_and_delete_their_row(keyed: Open) -> None:
    async with keyed() as db:
        await db.insert_many([Hall(building=name, number=number) for name in "AB" for number in (1, 2)])
        hall = await db.get(Hall, ("B", 2))
        assert hall is await db.one(select(Hall).where(Hall.building == "B", Hall.number == 2))
        hall.title = "Great Hall"
        await db.update(hall)
        titles = await db.all(select(Hall.title).order_by(Hall.building, Hall.number))
        assert titles == ["", "", "", "Great Hall"]
        with pytest.raises(UniqueViolationError):
            await db.insert(Hall(building="B", number=2))
        await db.delete(hall)
        with pytest.raises(NoRowFoundError):
            await db.get(Hall, ("B", 2))
        assert await db.count(select(Hall)) == 3


async def test_composite_foreign_keys_lead_both_ways(keyed: Open) -> None:
    async with keyed() as db:
        halls = [Hall(building="A", number=number, title=f"A{number}") for number in (1, 2)]
        await db.insert_many(halls)
        await db.insert_many([seat_in(hall, f"{hall.title}-{row}") for hall in halls for row in "xy"])
        with pytest.raises(ForeignKeyViolationError):
            await db.insert(Seat(building="A", hall_number=3, label="nowhere"))
    async with keyed() as db:
        seats = await db.all(select(Seat).order_by(Seat.label))
        assert (seats[3].hall.building, seats[3].hall.number) == ("A", 2)
        with count_queries(db) as queries:
            assert [(await seat.hall).title for seat in seats] == ["A1", "A1", "A2", "A2"]
        assert queries.count == 1
        hall = await db.get(Hall, ("A", 1))
        assert sorted(seat.label for seat in await hall.seats) == ["A1-x", "A1-y"]
        joined = (
            select(Hall.title, func.count(Seat.id)).join(Hall.seats).group_by(Hall.title).order_by(Hall.title)
        )
        assert await db.all(joined) == [("A1", 2), ("A2", 2)]
        assert await db.count(select(Seat).where(Seat.hall == hall)) == 2
        assert await db.count(select(Hall).where(Hall.seats.any(Seat.label == "A2-y"))) == 1
        loaded = await db.all(select(Hall).prefetch(Hall.seats.order_by(Seat.label)).order_by(Hall.number))
        assert [[seat.label for seat in each.seats] for each in loaded] == [
            ["A1-x", "A1-y"],
            ["A2-x", "A2-y"],
        ]
        await db.delete(hall)
        assert await db.count(select(Seat)) == 2


async def test_composite_parents_go_first_in_a_session(keyed: Open) -> None:
    async with keyed() as db:
        async with db.session() as session:
            hall = Hall(building="C", number=7)
            session.add(seat_in(hall, "one"), Seat(building="C", hall_number=7, label="two"), hall)
        assert sorted(await db.all(select(Seat.label))) == ["one", "two"]
        seat = await db.one(select(Seat).where(Seat.label == "one"))
        await db.insert(Hall(building="D", number=8))
        seat.hall = await db.get(Hall, ("D", 8))
        assert (seat.building, seat.hall_number) == ("D", 8)
        await db.update(seat)
        assert await db.count(select(Seat).where(Seat.building == "D", Seat.hall_number == 8)) == 1


async def test_one_to_one_from_both_sides(keyed: Open) -> None:
    async with keyed() as db:
        ann, bob = await db.insert_many([Person(name="Ann"), Person(name="Bob")])
        await db.insert(Passport(person=ann, code="X1"))
        with pytest.raises(UniqueViolationError):
            await db.insert(Passport(person=ann, code="X2"))
        ann_id, bob_id = ann.id, bob.id
    async with keyed() as db:
        ann, bob = await db.get(Person, ann_id), await db.get(Person, bob_id)
        with pytest.raises(NotLoadedError):
            _ = ann.passport
        passport = await Person.passport.load(ann)
        assert passport is not None
        assert passport.code == "X1"
        assert ann.passport is passport
        assert await passport.person is ann
        assert await Person.passport.load(bob) is None
        assert bob.passport is None
        people = await db.all(select(Person).prefetch(Person.passport).order_by(Person.name))
        assert [person.passport.code if person.passport else None for person in people] == ["X1", None]
        assert await db.all(select(Person.name).where(Person.passport.has(Passport.code == "X1"))) == ["Ann"]


async def test_models_that_refer_to_themselves(keyed: Open) -> None:
    async with keyed() as db:
        async with db.session() as session:
            old = Person(name="Old")
            young = Person(name="Young", parent=old)
            session.add(Person(name="Youngest", parent=young), Person(name="Twin", parent=young))
        parent = aliased(Person)
        pairs = select(Person.name, parent.name).join(Person.parent, parent).order_by(Person.name)
        assert await db.all(pairs) == [("Twin", "Young"), ("Young", "Old"), ("Youngest", "Young")]
    async with keyed() as db:
        people = await db.all(select(Person).order_by(Person.id))
        assert people[0].parent is None
        with count_queries(db) as queries:
            counts = {person.name: len(await person.children) for person in people}
        assert counts == {"Old": 1, "Young": 2, "Youngest": 0, "Twin": 0}
        assert queries.count == 1
        roots = await db.all(
            select(Person)
            .where(Person.parent_id.is_null())
            .prefetch(Person.children.prefetch(Person.children.order_by(Person.name)))
        )
        assert [[[leaf.name for leaf in child.children] for child in root.children] for root in roots] == [
            [["Twin", "Youngest"]]
        ]


async def test_links_without_a_model(keyed: Open) -> None:
    async with keyed() as db:
        ann, bob, cid = await db.insert_many([Person(name=name) for name in ("Ann", "Bob", "Cid")])
        chess, rowing = await db.insert_many([Club(town="Ulm", name=name) for name in ("chess", "rowing")])
        await ann.clubs.add(chess, rowing)
        await ann.clubs.add(chess)
        await rowing.people.add(bob)
        await ann.friends.add(bob, cid)
        await cid.friends.set([ann])
        ids = {person.name: person.id for person in (ann, bob, cid)}
    async with keyed() as db:
        ann, cid = await db.get(Person, ids["Ann"]), await db.get(Person, ids["Cid"])
        assert sorted(club.name for club in await ann.clubs) == ["chess", "rowing"]
        assert sorted(friend.name for friend in await ann.friends) == ["Bob", "Cid"]
        assert [friend.name for friend in await cid.friends] == ["Ann"]
        rowing = await db.get(Club, ("Ulm", "rowing"))
        assert sorted(person.name for person in await rowing.people) == ["Ann", "Bob"]
        assert await db.count(select(Person).where(Person.clubs.any(Club.name == "chess"))) == 1
        await ann.clubs.remove(rowing)
        await ann.friends.set([])
        assert [club.name for club in ann.clubs] == ["chess"]
        assert [person.name for person in await rowing.people.where()] == ["Bob"]
        clubs = await db.all(select(Club).prefetch(Club.people).order_by(Club.name))
        assert [[person.name for person in club.people] for club in clubs] == [["Ann"], ["Bob"]]
        await db.delete(await db.get(Person, ids["Bob"]))
        assert await db.count(select(Club).where(Club.people.any())) == 1


@pytest.mark.parametrize("key", [1, ("north",), ("north", 1, 2), ()])
async def test_a_key_has_as_many_parts_as_columns(keyed: Open, key: object) -> None:
    async with keyed() as db:
        with pytest.raises(QueryError, match=r"the key of Hall has 2 columns, \d were given"):
            await db.get(Hall, key)


@pytest.mark.parametrize("key", [("north", "1"), ("north", True), (None, 1), (1, 1)])
async def test_a_key_is_checked_like_any_value(keyed: Open, key: object) -> None:
    async with keyed() as db:
        with pytest.raises(ValidationError, match=r"Hall\.(building|number): expected"):
            await db.find(Hall, key)


async def test_a_lookup_counts_against_a_budget(keyed: Open) -> None:
    async with keyed() as db:
        with db.budget(queries=1), pytest.raises(BudgetExceededError):
            assert await db.find(Hall, ("north", 1)) is None
            await db.find(Hall, ("north", 1))


def test_parts_of_keys_belong_to_a_key() -> None:
    class Adrift(Model, table="key_adrift"):
        id: Column[int] = primary_key()
        building: Column[str] = foreign_key(max_length=20)

    with pytest.raises(ModelError, match=r"Adrift\.building: a foreign_key\(\) without a target"):
        Adrift(building="A")
    with pytest.raises(ModelError, match=r"foreign_keys\(\.\.\.\)"):
        foreign_key(on_delete="cascade")
