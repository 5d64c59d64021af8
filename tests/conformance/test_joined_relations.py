"""To-one relations of short queries: one statement brings them, and nobody sees a difference but that."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

import pytest

from bridgeorm import (
    Column,
    Database,
    Many,
    Model,
    One,
    aliased,
    column,
    foreign_key,
    foreign_keys,
    func,
    many,
    one,
    optional,
    primary_key,
    select,
)
from bridgeorm.errors import QueryError
from bridgeorm.testing import count_queries

from .conftest import OpenDatabase
from .models import Author, Book, Category, Profile

Answer = TypeVar("Answer")
FEW = 10
"""The most rows that relations are joined to."""


class Rack(Model, table="joined_racks"):
    """Its key has two parts."""

    room: Column[int] = primary_key(generated=False)
    code: Column[str] = primary_key(generated=False, max_length=10)
    crates: Many[Crate] = many(back="rack")


class Crate(Model, table="joined_crates"):
    id: Column[int] = primary_key(generated=False)
    room: Column[int | None] = column(default=None)
    code: Column[str | None] = column(max_length=10, default=None)
    rack: One[Rack | None] = one(room, code)
    constraints = [foreign_keys((room, code), (Rack.room, Rack.code))]


class Slip(Model, table="joined_slips"):
    """Refers to a crate, several slips to one."""

    id: Column[int] = primary_key(generated=False)
    crate_id: Column[int] = foreign_key(Crate.id)
    weight: Column[int | None] = column(default=None)
    crate: One[Crate] = one(crate_id)


async def apart(db: Database, work: Callable[[], Awaitable[Answer]]) -> tuple[Answer, int]:
    """What work gives in a task that finds no object already read, and how many statements it sent."""

    async def run() -> tuple[Answer, int]:
        with count_queries(db) as queries:
            answer = await work()
        return answer, queries.count

    return await asyncio.create_task(run())


def motto_of(profile: Profile | None) -> str | None:
    """What a profile says, where there is one."""
    return None if profile is None else profile.motto


async def fill(db: Database) -> None:
    """Three authors of four books each, the first with a profile, and a tree of categories."""
    authors = await db.insert_many([Author(name=f"author {number}") for number in range(3)])
    await db.insert(Profile(author=authors[0], motto="always"))
    await db.insert_many(
        [
            Book(author_id=author.id, title=f"book {place}", price=Decimal(place))
            for author in authors
            for place in range(4)
        ]
    )
    root = await db.insert(Category(name="root"))
    branch = await db.insert(Category(name="branch", parent=root))
    await db.insert_many([Category(name=f"leaf {number}", parent=branch) for number in range(3)])


async def test_verbs_for_one_row_send_one_statement(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        query = select(Book).where(Book.title == "book 2").order_by(Book.author_id).prefetch(Book.author)

        async def first() -> str:
            book = await db.first(query)
            assert book is not None
            return book.author.name

        async def only() -> str:
            return (await db.one(query.where(Book.author.has(Author.name == "author 1")))).author.name

        async def listed() -> list[str]:
            return [book.author.name for book in await db.all(query.limit(2).offset(1))]

        async def nothing() -> object:
            return await db.first(query.where(Book.title == "none"))

        assert await apart(db, first) == ("author 0", 1)
        assert await apart(db, only) == ("author 1", 1)
        assert await apart(db, listed) == (["author 1", "author 2"], 1)
        assert await apart(db, nothing) == (None, 1)


async def test_limit_decides_and_changes_nothing_else(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        orders = [
            (Book.price.desc(), Book.author_id.asc()),
            (func.length(Book.title).desc(), Book.title.desc(), Book.author_id.asc()),
        ]
        for keys in orders:
            query = select(Book).order_by(*keys).prefetch(Book.author.prefetch(Author.profile), Book.tags)

            async def shown(query: Any = query) -> list[tuple[str, str, str | None, int]]:
                return [
                    (
                        book.title,
                        book.author.name,
                        motto_of(book.author.profile),
                        len(book.tags),
                    )
                    for book in await db.all(query)
                ]

            joined, few = await apart(db, partial(shown, query.limit(FEW)))
            second, many_statements = await apart(db, partial(shown, query.limit(FEW + 1)))
            assert joined == second[:FEW]
            assert (few, many_statements) == (2, 4)  # tags by a statement of their own, either way


async def test_nullable_and_to_itself(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        query = select(Category).order_by(Category.name.desc()).prefetch(Category.parent)

        async def chain() -> list[tuple[str, str | None]]:
            found = await db.all(query.limit(FEW))
            branch = next(each for each in found if each.name == "branch")
            leaf = next(each for each in found if each.name == "leaf 0")
            assert leaf.parent is branch  # one row is one object, on whichever side it came
            return [(each.name, None if each.parent is None else each.parent.name) for each in found]

        async def siblings() -> int:
            leaf = await db.one(select(Category).where(Category.name == "leaf 1").prefetch(Category.parent))
            assert leaf.parent is not None
            with count_queries(db) as queries:
                assert len(await leaf.parent.children) == 3
            with pytest.raises(Exception, match="not loaded"):
                len(leaf.children)  # no sibling of its parent
            return queries.count

        assert (await apart(db, chain))[0] == [
            ("root", None),
            ("leaf 2", "branch"),
            ("leaf 1", "branch"),
            ("leaf 0", "branch"),
            ("branch", "root"),
        ]
        assert await apart(db, siblings) == (1, 2)


async def test_reverse_side_and_missing_partners(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)

        async def mottoes() -> list[str | None]:
            found = await db.all(select(Author).order_by(Author.name).limit(3).prefetch(Author.profile))
            return [motto_of(author.profile) for author in found]

        assert await apart(db, mottoes) == (["always", None, None], 1)


async def test_keys_of_several_parts_and_nulls_in_the_order(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(Rack, Crate, Slip)
        await db.insert_many([Rack(room=1, code="a"), Rack(room=1, code="b")])
        await db.insert_many(
            [Crate(id=1, room=1, code="b"), Crate(id=2), Crate(id=3, room=1, code="a"), Crate(id=4, room=1)]
        )
        await db.insert_many(
            [
                Slip(id=number, crate_id=number, weight=None if number % 2 else number)
                for number in (1, 2, 3, 4)
            ]
        )

        for keys in ((Slip.weight.desc().nulls_last(),), (Slip.weight.asc().nulls_first(),)):
            query = select(Slip).order_by(*keys, Slip.id).prefetch(Slip.crate.prefetch(Crate.rack))

            async def shown(query: Any = query) -> list[tuple[int, str | None]]:
                return [(slip.id, slip.crate.rack and slip.crate.rack.code) for slip in await db.all(query)]

            joined, few = await apart(db, partial(shown, query.limit(4)))
            second, more = await apart(db, shown)
            assert joined == second
            assert {code for _id, code in joined} == {"a", "b", None}
            assert (few, more) == (1, 3)


async def test_rows_of_several_things(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        other = aliased(Category)
        pairs = (
            select(Book.title, Book, optional(Profile))
            .left_join(Profile, on=Profile.author_id == Book.author_id)
            .order_by(Book.title, Book.author_id)
            .limit(4)
            .prefetch(Book.author, Profile.author)
        )

        async def shown() -> list[tuple[str, str, str | None]]:
            return [
                (title, book.author.name, None if profile is None else profile.author.name)
                for title, book, profile in await db.all(pairs)
            ]

        async def twice() -> list[str]:
            both = (
                select(Category, other)
                .join(Category.parent, other)
                .order_by(Category.name)
                .limit(2)
                .prefetch(Category.parent)
            )
            return [f"{near.name} {far.parent and far.parent.name}" for near, far in await db.all(both)]

        assert await apart(db, shown) == (
            [
                ("book 0", "author 0", "author 0"),
                ("book 0", "author 1", None),
                ("book 0", "author 2", None),
                ("book 1", "author 0", "author 0"),
            ],
            1,
        )
        assert await apart(db, twice) == (["branch None", "leaf 0 root"], 2)


async def test_what_a_join_would_change_takes_a_second_statement(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        query = select(Book).where(Book.title == "book 1").order_by(Book.author_id).limit(2)
        wanted = query.prefetch(Book.author)
        second = {
            "filter": query.prefetch(Book.author.where(Author.name == "author 0")),
            "distinct": wanted.distinct(),
            "group": select(Book).group_by(Book.id).order_by(Book.id).limit(2).prefetch(Book.author),
            "union": query.without_order()
            .limit(None)
            .union(query.without_order().limit(None))
            .limit(2)
            .prefetch(Book.author),
        }
        if db.has_capability("row_locks"):
            second["lock"] = wanted.for_update()
        for name, asked in second.items():

            async def run(asked: Any = asked) -> int:
                async with db.transaction():
                    with count_queries(db) as queries:
                        assert len(await db.all(asked)) == 2
                    return queries.count

            assert (await apart(db, run))[0] == 2, name


async def test_an_owner_that_was_changed_gets_what_it_refers_to_now(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        authors = await db.all(select(Author).order_by(Author.id))
        book = await db.one(select(Book).where(Book.author_id == authors[0].id, Book.title == "book 3"))
        book.author_id = authors[2].id
        again = await db.one(select(Book).where(Book.id == book.id).prefetch(Book.author))
        assert again is book
        assert book.author is authors[2]
        unknown = await db.one(
            select(Book).where(Book.author_id == authors[1].id, Book.title == "book 0").prefetch(Book.author)
        )
        assert unknown.author is authors[1]


async def test_sessions_and_pages(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)

        async def renamed() -> str:
            async with db.session() as session:
                book = await session.first(
                    select(Book).order_by(Book.author_id, Book.title).prefetch(Book.author)
                )
                assert book is not None
                book.author.name = "renamed"  # found by itself, though it came beside the rows
            return (await db.one(select(Author).where(Author.id == book.author_id))).name

        async def paged() -> list[list[str]]:
            query = select(Book).where(Book.title == "book 0").order_by(Book.author_id).prefetch(Book.author)
            first = await db.page(query, size=2)
            second = await db.page(query, size=2, after=first.next)
            return [[book.author.name for book in page.items] for page in (first, second)]

        assert (await apart(db, renamed))[0] == "renamed"
        assert await apart(db, paged) == ([["renamed", "author 1"], ["author 2"]], 2)


async def test_wrong_relations_are_refused_as_ever(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        with pytest.raises(QueryError, match="prefetched twice"):
            await db.first(select(Book).prefetch(Book.author, Book.author.where(Author.name == str(uuid4()))))
