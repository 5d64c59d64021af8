"""Relations by keys of every kind, and what writing, refreshing, failing and copying leave of them."""

from __future__ import annotations

import asyncio
import copy
import gc
import pickle
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest

from bridgeorm import (
    Column,
    Database,
    ForeignKeyViolationError,
    Many,
    Model,
    ModelError,
    NotLoadedError,
    One,
    QueryError,
    UniqueViolationError,
    ValidationError,
    column,
    foreign_key,
    foreign_keys,
    many,
    one,
    optional,
    primary_key,
    select,
    version,
)

from .conftest import OpenDatabase
from .models import Author, Book, Tag

Answer = TypeVar("Answer")


class Country(Model, table="exam_countries"):
    id: Column[int] = primary_key()
    code: Column[str] = column(unique=True, max_length=2)
    name: Column[str] = column()
    cities: Many[City] = many(back="country")


class City(Model, table="exam_cities"):
    """Refers to a unique column that is not the key."""

    id: Column[int] = primary_key()
    country_code: Column[str] = foreign_key(Country.code, max_length=2)
    country: One[Country] = one(country_code)


class Order(Model, table="exam_orders"):
    region: Column[str] = primary_key(generated=False, max_length=5)
    number: Column[int] = primary_key(generated=False)
    note: Column[str] = column(default="")
    lines: Many[Line] = many(back="order")


class Line(Model, table="exam_lines"):
    id: Column[int] = primary_key()
    region: Column[str] = foreign_key(max_length=5)
    number: Column[int] = foreign_key()
    order: One[Order] = one(region, number)
    constraints = [foreign_keys((region, number), (Order.region, Order.number))]


class Hen(Model, table="exam_hens"):
    """May live without the egg it came from, so that the circle can be written."""

    id: Column[int] = primary_key()
    egg_id: Column[int | None] = foreign_key("Egg.id")


class Egg(Model, table="exam_eggs"):
    id: Column[int] = primary_key()
    hen_id: Column[int] = foreign_key(Hen.id)


async def elsewhere(work: Callable[[], Awaitable[Answer]]) -> Answer:
    """Runs it in a task of its own, whose identity map is empty."""

    async def run() -> Answer:
        return await work()

    return await asyncio.create_task(run())


async def test_reference_by_a_unique_column_is_loaded(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(Country, City)
        country = await db.insert(Country(code="de", name="Germany"))
        first = await db.insert(City(country=country))
        second = await db.insert(City(country_code="de"))
        assert first.country_code == "de"

        async def work() -> None:
            city = await db.get(City, second.id)
            assert city.country.code == "de"
            with pytest.raises(NotLoadedError, match="not loaded"):
                _ = city.country.name
            loaded = await city.country
            assert (loaded.id, loaded.name) == (country.id, "Germany")
            assert city.country is loaded
            assert await db.get(Country, country.id) is loaded
            assert len(await loaded.cities) == 2

        await elsewhere(work)


async def test_composite_key_is_taken_and_loaded(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(Order, Line)
        order = await db.insert(Order(region="eu", number=1, note="fragile"))
        line = await db.insert(Line(order=order))
        assert (line.region, line.number) == ("eu", 1)
        wrong: list[dict[str, Any]] = [{"order": order, "region": "eu"}, {"region": "eu"}, {}]
        for arguments in wrong:
            with pytest.raises(TypeError):
                Line(**arguments)
        with pytest.raises(ForeignKeyViolationError):
            await db.insert(Line(region="xx", number=3))

        async def work() -> None:
            found = await db.get(Line, line.id)
            assert (found.order.region, found.order.number) == ("eu", 1)
            assert (await found.order).note == "fragile"
            assert await db.get(Order, ("eu", 1)) is found.order
            assert [each.id for each in await found.order.lines] == [line.id]

        await elsewhere(work)
        assert await db.all(select(Line.id).join(Line.order).where(Order.note == "fragile")) == [line.id]


async def test_parent_outlives_its_insert(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        async with db.session() as session:
            staged = Book(author=Author(name="staged"), title="x")
            session.add(staged)
        book = Book(author=Author(name="inserted"), title="y")
        await db.insert(book.author)
        await db.insert(book)
        gc.collect()
        assert (staged.author.name, book.author.name) == ("staged", "inserted")
        copied = copy.copy(book)
        assert (copied.title, copied.author.name) == ("y", "inserted")
        assert pickle.loads(pickle.dumps(book)).author.name == "inserted"  # noqa: S301 our own bytes


async def test_failed_session_gives_children_their_parents_back(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.insert(Tag(name="taken"))
        parent = Author(name="parent")
        child = Book(author=parent, title="child")
        with pytest.raises(UniqueViolationError):
            async with db.session() as session:
                session.add(child)
                await session.flush()
                assert child.author_id == parent.id
                session.add(Tag(name="taken"))
        with pytest.raises(NotLoadedError, match="no value yet"):
            _ = parent.id
        with pytest.raises(NotLoadedError, match="no value yet"):
            _ = child.author_id
        assert child.author is parent
        async with db.session() as session:
            session.add(child)
        assert child.author_id == parent.id
        assert await db.count(select(Book)) == 1


async def test_refreshed_object_stays_the_object_of_its_row(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        ann = await db.insert(Author(name="Ann"))
        await db.refresh(ann)
        assert await db.get(Author, ann.id) is ann
        book = await db.insert(Book(author=ann, title="x"))
        await db.refresh(book)
        assert book.author is ann
        ann.name = "Anna"
        with pytest.raises(RuntimeError, match="undo"):
            async with db.transaction():
                await db.update(ann)
                raise RuntimeError("undo")
        assert await db.get(Author, ann.id) is ann
        assert ann.name == "Anna"
        await db.update(ann)
        assert await db.scalar(select(Author.name)) == "Anna"


async def test_circle_that_one_side_may_leave_open(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(Hen, Egg)
        hen = await db.insert(Hen(egg_id=None))
        egg = await db.insert(Egg(hen_id=hen.id))
        hen.egg_id = egg.id
        await db.update(hen)
        with pytest.raises(ForeignKeyViolationError):
            await db.insert(Hen(egg_id=egg.id + 1))
        assert await db.count(select(Hen)) == 1


async def test_key_of_nothing_is_refused(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        for key in (None, (None,)):
            with pytest.raises(ValidationError, match=r"Tag\.id"):
                await db.get(Tag, key)
            with pytest.raises(ValidationError, match=r"Tag\.id"):
                await db.find(Tag, key)


async def test_prefetch_from_a_model_not_selected_is_refused(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await _two_authors(db)
        with pytest.raises(QueryError, match=r"Book\.author"):
            await db.all(select(Author).prefetch(Book.author))
        with pytest.raises(QueryError, match=r"Book\.author"):
            await db.prefetch(await db.all(select(Author)), Book.author)
        author = await db.first(select(Author))
        assert author is not None
        await db.insert(Book(author=author, title="x"))
        with pytest.raises(QueryError, match=r"Author\.profile is no relation of Book"):
            await db.all(select(Author).prefetch(Author.books.prefetch(Author.profile)))
        rows = await db.all(
            select(Author, optional(Book))
            .left_join(Author.books)
            .where(Book.id.is_null())
            .prefetch(Book.tags)
        )
        assert [book for _author, book in rows] == [None]


async def _two_authors(db: Database) -> None:
    await db.insert_many([Author(name="Ann"), Author(name="Bob")])


async def test_rows_that_name_no_column_are_refused(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        with pytest.raises(QueryError, match="Tag: the first row names no column"):
            await db.insert_many(Tag, [{}])
        assert await db.count(select(Tag)) == 0


def test_second_version_column_is_refused() -> None:
    with pytest.raises(ModelError, match=r"Twice\.second"):

        class Twice(Model, table="exam_twice"):  # pyright: ignore[reportUnusedClass]  # making it is the test
            id: Column[int] = primary_key()
            first: Column[int] = version()
            second: Column[int] = version()
