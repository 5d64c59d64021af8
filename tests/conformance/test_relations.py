"""Relations: references that know their key, batched loading, prefetch, collections."""

from __future__ import annotations

import asyncio
import gc
import pickle
from decimal import Decimal

import pytest

from bridgeorm import (
    ConfigurationError,
    Database,
    NoRowFoundError,
    NotLoadedError,
    ValidationError,
    delete,
    select,
)
from bridgeorm.testing import count_queries

from .conftest import OpenDatabase
from .models import Author, Book, BookTag, Category, Profile, Tag


async def fill(db: Database) -> None:
    for number in range(5):
        author = await db.insert(Author(name=f"author {number}"))
        for index in range(3):
            await db.insert(Book(author=author, title=f"book {index}", price=Decimal(index)))
    first = await db.get(Author, name="author 0")
    await db.insert(Profile(author=first, motto="always"))


async def test_reference_knows_its_key_and_loads_once(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
    async with open_database() as db:
        book = await db.first(select(Book).order_by(Book.author_id, Book.title))
        assert book is not None
        assert book.author.id == book.author_id
        with pytest.raises(NotLoadedError) as caught:
            _ = book.author.name
        assert not isinstance(caught.value, AttributeError)
        author = await book.author
        assert author.name == "author 0"
        assert book.author is author
        with count_queries(db) as queries:
            assert (await book.author) is author
        assert queries.count == 0


async def test_lazy_loading_is_batched_over_siblings(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
    async with open_database() as db:
        books = await db.all(select(Book))
        with count_queries(db) as queries:
            names = {(await book.author).name for book in books}
        assert len(names) == 5
        assert queries.count == 1
        authors = await db.all(select(Author))
        with count_queries(db) as queries:
            sizes = [len(await author.books) for author in authors]
        assert sizes == [3] * 5
        assert queries.count == 1


async def test_concurrent_loads_share_one_statement(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
    async with open_database() as db:
        books = await db.all(select(Book))

        async def load(book: Book) -> str:
            return (await book.author).name

        with count_queries(db) as queries:
            names = await asyncio.gather(*(load(book) for book in books))
        assert len(set(names)) == 5
        assert queries.count == 1


async def test_collection_reads_only_when_loaded(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        author = await db.get(Author, name="author 0")
        fresh = await db.get(Author, name="author 1")
        for read in (len, list, bool):
            with pytest.raises(NotLoadedError):
                read(fresh.books)
        loaded = await author.books
        assert sorted(book.title for book in loaded) == ["book 0", "book 1", "book 2"]
        assert len(author.books) == 3
        assert {book.title for book in author.books} == {"book 0", "book 1", "book 2"}
        assert all(book.author is author for book in author.books)
        cheap = await db.all(author.books.where(Book.price < 1))
        assert [book.title for book in cheap] == ["book 0"]


async def test_one_to_one(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
    async with open_database() as db:
        first = await db.get(Author, name="author 0")
        other = await db.get(Author, name="author 1")
        with pytest.raises(NotLoadedError):
            _ = first.profile
        profile = await Author.profile.load(first)
        assert profile is not None
        assert profile.motto == "always"
        assert first.profile is profile
        assert await Author.profile.load(other) is None
        assert other.profile is None


async def test_nullable_reference_reads_as_none(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        root = await db.insert(Category(name="root"))
        leaf = await db.insert(Category(name="leaf", parent=root))
        assert root.parent is None
        assert leaf.parent is root
        assert leaf.parent_id == root.id
        leaf.parent_id = None
        emptied = leaf  # by its first name type checkers still see what was assigned
        assert emptied.parent is None
        leaf.parent = root
        assert emptied.parent_id == root.id
        children = await root.children
        assert [child.name for child in children] == ["leaf"]


async def test_prefetch_any_depth(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        tag = await db.insert(Tag(name="old"))
        for book in await db.all(select(Book).where(Book.title == "book 0")):
            await db.insert(BookTag(book_id=book.id, tag_id=tag.id))
    async with open_database() as db:
        with count_queries(db) as queries:
            authors = await db.all(
                select(Author).order_by(Author.id).prefetch(Author.books.prefetch(Book.tags), Author.profile)
            )
        assert queries.count <= 4
        with count_queries(db) as queries:
            for author in authors:
                assert len(author.books) == 3
                for book in author.books:
                    assert [tag.name for tag in book.tags] == (["old"] if book.title == "book 0" else [])
            assert authors[0].profile is not None
            assert authors[1].profile is None
        assert queries.count == 0


async def test_many_to_many_changes(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        book = await db.first(select(Book))
        assert book is not None
        old, new = await db.insert(Tag(name="old")), await db.insert(Tag(name="new"))
        await book.tags.add(old, new)
        assert {tag.name for tag in await book.tags} == {"old", "new"}
        await book.tags.remove(old)
        assert {tag.name for tag in await book.tags} == {"new"}
        await book.tags.set([old])
        assert await db.all(select(Tag.name).join(BookTag, on=BookTag.tag_id == Tag.id)) == ["old"]


async def test_vanished_row_raises_and_leaves_siblings(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
    async with open_database() as db:
        books = await db.all(select(Book).order_by(Book.author_id))
        await db.execute(delete(Book).where(Book.id == books[0].id))
        gone = books[0].author_id
        await db.execute(delete(Author).where(Author.id == gone))
        with pytest.raises(NoRowFoundError):
            await books[0].author
        assert (await books[-1].author).id == books[-1].author_id


async def test_repeated_loads_warn_with_their_place(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        db.n_plus_one("warn")

        async def load_one_by_one() -> None:
            for number in range(3):
                author = await db.get(Author, name=f"author {number}")
                assert len(await author.books) == 3

        with pytest.warns(RuntimeWarning, match=r"Author\.books.*test_relations\.py:\d+.*prefetch"):
            await load_one_by_one()
        with pytest.raises(ConfigurationError, match="n_plus_one"):
            db.n_plus_one("always")  # type: ignore[arg-type]  # what no type checker lets through


async def test_siblings_are_held_weakly(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
    async with open_database() as db:
        books = await db.all(select(Book))
        kept = books[0]
        del books
        gc.collect()
        assert (await kept.author).id == kept.author_id


def test_constructor_takes_the_relation_or_its_key() -> None:
    author = Author(name="unsaved")
    with pytest.raises(TypeError):
        Book(title="neither")
    with pytest.raises(TypeError):
        Book(title="both", author=author, author_id=1)
    with pytest.raises(TypeError):
        Author(name="reverse", books=[])  # type: ignore[call-arg]  # a reverse side is no argument
    with pytest.raises(TypeError):
        Author(nmae="misspelt")  # type: ignore[call-arg]  # an unknown argument is refused
    with pytest.raises(TypeError):
        Author()  # type: ignore[call-arg]  # a missing argument is refused
    with pytest.raises(NotLoadedError):
        _ = author.id
    with pytest.raises(ValidationError):
        Book(title="wrong", author=Tag(name="x"))  # type: ignore[arg-type]  # another model's object


def test_repr_and_pickle() -> None:
    author = Author(name="secret name")
    assert "secret name" not in repr(author)
    assert "Author" in repr(author)
    copied = pickle.loads(pickle.dumps(author))  # noqa: S301 our own bytes
    assert copied.name == author.name
    assert copied is not author
