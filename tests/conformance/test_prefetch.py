"""Prefetch: filter, order and limit for each parent, every kind of key, the number of statements."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest

from bridgeorm import (
    Column,
    Database,
    Many,
    Model,
    One,
    QueryError,
    aliased,
    column,
    foreign_key,
    foreign_keys,
    func,
    insert,
    many,
    one,
    primary_key,
    select,
    telemetry,
    update,
)
from bridgeorm.testing import count_queries

from .conftest import OpenDatabase
from .models import EXAM_MODELS, Author, Book, BookTag, Category, Profile, Tag

Answer = TypeVar("Answer")


class Shelf(Model, table="prefetch_shelves"):
    """Its key has a part of each kind that travels differently."""

    room: Column[UUID] = primary_key(generated=False)
    code: Column[str] = primary_key(generated=False, max_length=10)
    boxes: Many[Box] = many(back="shelf")


class Box(Model, table="prefetch_boxes"):
    id: Column[int] = primary_key()
    room: Column[UUID | None] = column(default=None)
    code: Column[str | None] = column(max_length=10, default=None)
    weight: Column[int] = column()
    shelf: One[Shelf | None] = one(room, code)
    constraints = [foreign_keys((room, code), (Shelf.room, Shelf.code))]


class Parent(Model, table="prefetch_parents"):
    id: Column[int] = primary_key(generated=False)
    children: Many[Child] = many(back="parent")


class Child(Model, table="prefetch_children"):
    id: Column[int] = primary_key(generated=False)
    parent_id: Column[int] = foreign_key(Parent.id, index=True)
    parent: One[Parent] = one(parent_id)


async def in_a_task_of_its_own(work: Callable[[], Awaitable[Answer]]) -> Answer:
    """What work gives that finds no object already read."""

    async def run() -> Answer:
        return await work()

    return await asyncio.create_task(run())


async def fill(db: Database) -> None:
    """Four authors of five books each, every book with two tags or three, the first author with a profile."""
    authors = await db.insert_many([Author(name=f"author {number}") for number in range(4)])
    tags = await db.insert_many([Tag(name=f"tag {number}") for number in range(3)])
    await db.insert(Profile(author=authors[0], motto="always"))
    for author in authors:
        books = [Book(author=author, title=f"book {place}", price=Decimal(place)) for place in range(5)]
        await db.insert_many(books)
        for book in books:
            wanted = tags if book.title == "book 4" else tags[:2]
            await db.insert_many([BookTag(book_id=book.id, tag_id=tag.id) for tag in wanted])


async def test_limit_for_each_parent_is_kept_by_the_database(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        received: list[int | None] = []
        dearest = Author.books.where(Book.price < 4).order_by(Book.price.desc()).limit(2)

        async def work() -> list[list[str]]:
            remove = telemetry.on_query(lambda event: received.append(event.rowcount))
            try:
                authors = await db.all(select(Author).order_by(Author.id).prefetch(dearest))
            finally:
                remove()
            return [[book.title for book in author.books] for author in authors]

        assert await in_a_task_of_its_own(work) == [["book 3", "book 2"]] * 4
        assert received == [4, 8]


async def test_limits_at_every_level_of_a_tree(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        tags = Book.tags.where(Tag.name != "tag 0").order_by(Tag.name.desc()).limit(1)
        books = Author.books.order_by(Book.title.desc()).limit(2).prefetch(tags)

        async def work() -> list[list[tuple[str, list[str]]]]:
            authors = await db.all(select(Author).order_by(Author.id).prefetch(books, Author.profile))
            return [
                [(book.title, [tag.name for tag in book.tags]) for book in author.books] for author in authors
            ]

        assert await in_a_task_of_its_own(work) == [[("book 4", ["tag 2"]), ("book 3", ["tag 1"])]] * 4


async def test_equal_keys_of_the_order_are_cut_for_certain(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        root = await db.insert(Category(name="root"))
        leaves = await db.insert_many([Category(name="leaf", parent=root) for _ in range(6)])

        async def work() -> list[int]:
            found = await db.one(
                select(Category)
                .where(Category.parent_id.is_null())
                .prefetch(Category.children.order_by(Category.name).limit(3))
            )
            return [child.id for child in found.children]

        first = [leaf.id for leaf in leaves][:3]
        assert await in_a_task_of_its_own(work) == first
        assert await in_a_task_of_its_own(work) == first


async def test_three_levels_over_a_thousand_parents_take_three_statements(
    open_database: OpenDatabase,
) -> None:
    async with open_database() as db:
        authors = await db.insert_many([Author(name=f"author {number}") for number in range(1_000)])
        books = [Book(author=author, title=f"book {place}") for author in authors for place in range(2)]
        await db.insert_many(books)
        tags = await db.insert_many([Tag(name=f"tag {number}") for number in range(3)])
        links = [BookTag(book_id=book.id, tag_id=tags[place % 3].id) for place, book in enumerate(books)]
        await db.insert_many(links)

        async def work() -> None:
            with count_queries(db) as queries:
                found = await db.all(
                    select(Author).order_by(Author.id).prefetch(Author.books.prefetch(Book.tags))
                )
            assert queries.count == 3
            with count_queries(db) as queries:
                read = {book.id: [tag.name for tag in book.tags] for author in found for book in author.books}
                titles = {tuple(sorted(book.title for book in author.books)) for author in found}
            assert queries.count == 0
            assert read == {book.id: [f"tag {place % 3}"] for place, book in enumerate(books)}
            assert titles == {("book 0", "book 1")}

        await in_a_task_of_its_own(work)


async def test_names_and_relations_of_one_path_come_once(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)

        async def work() -> None:
            with count_queries(db) as queries:
                books = await db.all(
                    select(Book)
                    .prefetch_related("author", "author__profile", "author__books")
                    .prefetch(Book.author, Book.tags)
                )
            assert queries.count == 5
            with count_queries(db) as queries:
                assert {len(book.author.books) for book in books} == {5}
                mottos = {book.author.profile.motto for book in books if book.author.profile is not None}
                assert mottos == {"always"}
            assert queries.count == 0

        await in_a_task_of_its_own(work)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ((Author.books.where(Book.price > 1), Author.books.where(Book.price > 2)), r"Author\.books.*twice"),
        ((Author.books.limit(1), "books__tags"), r"Author\.books.*twice"),
        ((Author.books.prefetch(Book.tags.limit(1), Book.tags),), r"Book\.tags.*twice"),
        ((Author.books.prefetch(Author.profile),), r"Author\.profile is no relation of Book"),
        ((Book.tags,), r"Book\.tags is no relation of Author"),
        (("books__nothing",), "nothing"),
        ((Author.name,), "takes relations"),
    ],
)
async def test_what_cannot_be_prefetched_is_refused_before_anything_is_sent(
    open_database: OpenDatabase, wanted: tuple[Any, ...], message: str
) -> None:
    async with open_database() as db:
        with count_queries(db) as queries:
            for ask in (db.all, db.first, db.one):
                with pytest.raises(Exception, match=message):
                    await ask(select(Author).prefetch(*wanted))
            with pytest.raises(Exception, match=message):
                await db.page(select(Author).prefetch(*wanted), size=2)
            with pytest.raises(Exception, match=message):
                db.stream(select(Author).prefetch(*wanted))
        assert queries.count == 0


async def test_composite_keys_with_and_without_a_limit(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(Shelf, Box)
        rooms = [uuid4() for _ in range(3)]
        shelves = [Shelf(room=room, code=code) for room in rooms for code in ("a", "b'", "ü")]
        await db.insert_many(shelves)
        boxes = [
            Box(room=shelf.room, code=shelf.code, weight=weight) for shelf in shelves for weight in range(4)
        ]
        await db.insert_many([*boxes, Box(weight=9), Box(room=rooms[0], weight=10)])

        async def work() -> None:
            with count_queries(db) as queries:
                found = await db.all(select(Box).order_by(Box.id).prefetch(Box.shelf))
                assert [box.shelf and (box.shelf.room, box.shelf.code) for box in found] == [
                    *[(box.room, box.code) for box in boxes],
                    None,
                    None,
                ]
                known = await db.all(select(Shelf).prefetch(Shelf.boxes.order_by(Box.weight.desc())))
                assert [[box.weight for box in shelf.boxes] for shelf in known] == [[3, 2, 1, 0]] * 9
                await db.prefetch(known, Shelf.boxes.order_by(Box.weight.desc()).limit(2))
                assert [[box.weight for box in shelf.boxes] for shelf in known] == [[3, 2]] * 9
            assert queries.count == 5

        await in_a_task_of_its_own(work)


async def test_more_parents_than_one_statement_takes(open_database: OpenDatabase) -> None:
    parents = 20_000
    async with open_database() as db:
        await db.create_tables(Parent, Child)
        await db.insert_many(Parent, [{"id": number} for number in range(parents)])
        await db.insert_many(Child, [{"id": number, "parent_id": number} for number in range(0, parents, 2)])
        found = await db.all(select(Parent).order_by(Parent.id))
        with count_queries(db) as queries:
            await db.prefetch(found, Parent.children)
        assert queries.count == (1 if db.has_capability("array_parameters") else 3)
        assert [[child.id for child in parent.children] for parent in found] == [
            [number] if number % 2 == 0 else [] for number in range(parents)
        ]


async def test_prefetch_asks_again_and_forgets_what_was_loaded(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        author = await db.get(Author, name="author 0")
        assert len(await author.books) == 5
        await db.execute(
            update(Book).where(Book.author_id == author.id, Book.title == "book 0").set(title="new")
        )
        await db.prefetch([author], Author.books.where(Book.title.startswith("n")))
        assert [book.title for book in author.books] == ["new"]
        (again,) = await db.all(select(Author).where(Author.id == author.id).prefetch(Author.books))
        assert again is author
        assert len(author.books) == 5


async def test_every_way_to_select_an_entity(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        copy = aliased(Author)
        first, second = (select(Author).where(Author.name == f"author {number}") for number in (0, 1))
        common, nested = first.cte("common"), first.subquery("nested")
        queries: list[tuple[Any, int]] = [
            (select(copy).where(copy.name == "author 1"), 1),
            (first.union(second), 2),
            (select(common), 1),
            (select(nested), 1),
        ]
        for query, expected in queries:

            async def work(query: Any = query) -> list[int]:
                return [
                    len(author.books) for author in await db.all(query.prefetch(Author.books, Author.profile))
                ]

            assert await in_a_task_of_its_own(work) == [5] * expected

        async def tuples() -> None:
            rows = await db.all(select(Author, Book).join(Author.books).prefetch(Author.profile, Book.tags))
            assert len(rows) == 20
            assert sum(len(book.tags) for _author, book in rows) == 44
            assert sum(author.profile is not None for author, _book in rows) == 5

        await in_a_task_of_its_own(tuples)


async def test_rows_of_returning_statements(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        rename = update(Author).where(Author.name < "author 2").set(name="renamed").returning(Author)

        async def work() -> None:
            with pytest.raises(QueryError, match=r"Book\.tags is no relation of Author"):
                await db.all(rename.prefetch(Book.tags))
            assert await db.count(select(Author).where(Author.name == "renamed")) == 0
            authors = await db.all(rename.prefetch(Author.books.limit(2)).prefetch_related("profile"))
            assert [len(author.books) for author in authors] == [2, 2]
            assert [author.profile is not None for author in authors].count(True) == 1
            touch = update(Author).where(Author.name == "renamed").set(email=None).returning(Author)
            done = await db.execute(touch.prefetch(Author.books.limit(1)))
            assert [len(author.books) for author in done.rows] == [1, 1]

        await in_a_task_of_its_own(work)
        made = await db.all(insert(Author).values(name="Ann").returning(Author))
        await db.prefetch(made, Author.books, Author.profile)
        assert [(list(author.books), author.profile) for author in made] == [([], None)]


async def test_relations_in_a_transaction(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        async with db.transaction() as transaction:
            books = Author.books.prefetch(Book.tags)
            authors = await transaction.all(select(Author).prefetch(books, Author.profile))
            assert [len(author.books) for author in authors] == [5] * 4


async def test_siblings_are_sent_without_waiting_for_one_another(postgres_url: str) -> None:
    async with Database(postgres_url) as db:
        await db.create_tables(*EXAM_MODELS)
        await fill(db)
        authors = await db.all(select(Author))
        times: list[tuple[float, float]] = []

        def note(event: telemetry.QueryEvent) -> None:
            ended = time.monotonic()
            times.append((ended - event.duration, ended))

        pause = func.pg_sleep(0.01, returns=str).is_not_null()
        remove = telemetry.on_query(note)
        try:
            await db.prefetch(authors, Author.books.where(pause), Author.profile.where(pause))
        finally:
            remove()
        (first_start, first_end), (second_start, second_end) = times
        assert max(first_start, second_start) < min(first_end, second_end)


async def test_a_failing_sibling_raises_and_leaves_the_connection_clean(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        authors = await db.all(select(Author))
        with db.budget(queries=1), pytest.raises(QueryError, match="budget"):
            await db.prefetch(authors, Author.books, Author.profile)
        await db.prefetch(authors, Author.books, Author.profile)
        assert [len(author.books) for author in authors] == [5] * 4
