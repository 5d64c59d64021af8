"""Streams that load relations, with no connection but their own."""

from __future__ import annotations

from bridgeorm import Database, PoolOptions, SyncDatabase, select

from .conftest import OpenDatabase
from .models import EXAM_MODELS, Author, Book

ALONE = PoolOptions(max_size=1, acquire_timeout=1.0)
"""Waits for a connection that cannot come no longer than this."""


async def fill(db: Database) -> None:
    """Seven authors of three books each."""
    await db.create_tables(*EXAM_MODELS)
    authors = await db.insert_many([Author(name=f"author {number}") for number in range(7)])
    await db.insert_many(
        [Book(author_id=author.id, title=f"book {place}") for author in authors for place in range(3)]
    )


async def test_relations_come_by_the_only_connection(database_url: str) -> None:
    async with Database(database_url, pool=ALONE) as db:
        await fill(db)
        query = select(Author).order_by(Author.id).prefetch(Author.books.prefetch(Book.tags), Author.profile)
        seen = [
            (author.name, len(author.books), len(author.books[0].tags), author.profile)
            async for author in db.stream(query, batch=3)
        ]
        assert seen == [(f"author {number}", 3, 0, None) for number in range(7)]
        assert await db.count(select(Book)) == 21  # the connection is free again


async def test_leaving_early_frees_the_only_connection(database_url: str) -> None:
    async with Database(database_url, pool=ALONE) as db:
        await fill(db)
        query = select(Book).order_by(Book.title, Book.author_id).prefetch(Book.author)
        async for book in db.stream(query, batch=4):
            assert book.author.name == "author 0"
            break
        assert await db.count(select(Book)) == 21
        async with db.stream(query, batch=4) as books:
            reader = aiter(books)
            assert (await anext(reader)).author.name == "author 0"
        await db.insert(Author(name="another"))
        assert await db.count(select(Author)) == 8


async def test_a_stream_in_a_transaction_keeps_to_it(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        async with db.transaction():
            await db.insert(Author(name="unseen by others"))
            query = select(Author).order_by(Author.id.desc()).prefetch(Author.books)
            names = [author.name async for author in db.stream(query, batch=2)]
        assert names[0] == "unseen by others"


def test_blocking_streams_do_the_same(database_url: str) -> None:
    with SyncDatabase(database_url, pool=ALONE) as db:
        db.create_tables(*EXAM_MODELS)
        authors = db.insert_many([Author(name=f"author {number}") for number in range(5)])
        db.insert_many([Book(author_id=author.id, title="book") for author in authors])
        query = select(Book).order_by(Book.author_id).prefetch(Book.author)
        assert [book.author.name for book in db.stream(query, batch=2)] == [each.name for each in authors]
        first = db.first(query)
        assert first is not None
        assert first.author.name == "author 0"
