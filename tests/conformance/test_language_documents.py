"""Members of JSON documents and lists, patterns, text search."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bridgeorm import Database, QueryError, UnsupportedFeatureError, func, select, update

from .conftest import OpenDatabase
from .models import Author, Book, Everything
from .test_values import ORDINARY

DETAILS: dict[str, object] = {
    "author": {"name": 'Ann "A" O\'Neil', "born": 1970},
    "tags": ["sql", "orm"],
    "price": "12.50",
    "weight": 1.5,
    "sold": True,
    "nothing": None,
    'odd "name"': "x",
}


async def shelve(db: Database) -> None:
    ann = await db.insert(Author(name="Ann"))
    await db.insert(Book(author_id=ann.id, title="full", details=dict(DETAILS)))
    await db.insert(Book(author_id=ann.id, title="empty", details={}))


async def test_members_are_read(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await shelve(db)
        path = Book.details["author"]
        query = select(
            path["name"].as_str(),
            path["born"].as_int(),
            Book.details["tags"][1].as_str(),
            Book.details["price"].as_decimal(),
            Book.details["weight"].as_float(),
            Book.details["sold"].as_bool(),
            Book.details['odd "name"'].as_str(),
        ).where(Book.title == "full")
        assert await db.one(query) == ('Ann "A" O\'Neil', 1970, "orm", Decimal("12.50"), 1.5, True, "x")
        assert await db.one(select(path["name"].as_str()).where(Book.title == "empty")) is None
        assert await db.all(select(Book.title).where(path["born"].as_int() > 1960)) == ["full"]
        assert await db.all(select(Book.title).where(Book.details["nothing"].exists())) == ["full"]
        assert await db.all(select(Book.title).where(~Book.details["author"].exists())) == ["empty"]
        assert await db.one(select(path).where(Book.title == "full")) == DETAILS["author"]
        no_list = select(Book.details["price"][0].as_str(), path[0].as_str()).where(Book.title == "full")
        assert await db.one(no_list) == (None, None)


async def test_members_are_written(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await shelve(db)
        full = update(Book).where(Book.title == "full")
        await db.execute(full.set(Book.details.to(Book.details["author"]["name"].set("Bob"))))
        await db.execute(full.set(Book.details.to(Book.details["tags"][0].set({"deep": [1, None]}))))
        await db.execute(full.set(Book.details.to(Book.details["price"].removed())))
        details = await db.one(select(Book.details).where(Book.title == "full"))
        assert details["author"] == {"name": "Bob", "born": 1970}
        assert details["tags"] == [{"deep": [1, None]}, "orm"]
        assert "price" not in details
        with pytest.raises(QueryError):
            Book.details['odd "name"'].set(1)


async def test_containment(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await shelve(db)
        query = select(Book.title).where(Book.details.contains({"author": {"born": 1970}}))
        if db.engine.has_capability("regular_expressions"):
            assert await db.all(query) == ["full"]
        else:
            with pytest.raises(UnsupportedFeatureError, match="path"):
                await db.all(query)


async def test_lists(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        one = await db.insert(Everything(**ORDINARY))
        numbers, words = one.numbers, one.words

        async def holds(condition: object) -> bool:
            return await db.exists(select(Everything.id).where(condition))  # type: ignore[arg-type]  # conditions of every kind

        assert await holds(Everything.numbers.contains(numbers[0]))
        assert not await holds(Everything.numbers.contains(987_654))
        assert await holds(Everything.words.contains(words[0]))
        assert await holds(func.array_overlaps(Everything.numbers, [987_654, numbers[0]]))
        assert not await holds(func.array_overlaps(Everything.numbers, [987_654]))
        assert await holds(func.array_contains_all(Everything.words, words))
        assert not await holds(func.array_contains_all(Everything.words, [*words, "no such word"]))
        assert await db.one(select(func.array_length(Everything.numbers))) == len(numbers)
        assert await db.one(select(Everything.numbers[0], Everything.words[0])) == (numbers[0], words[0])
        assert await db.one(select(Everything.numbers[50])) is None


async def test_patterns_and_search(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await shelve(db)
        pattern = select(Book.title).where(func.matches(Book.title, "^FU", ignore_case=True))
        search = select(Book.title).where(func.search("full", Book.title))
        if db.engine.has_capability("regular_expressions"):
            assert await db.all(pattern) == ["full"]
        else:
            with pytest.raises(UnsupportedFeatureError, match="like"):
                await db.all(pattern)
        if db.engine.has_capability("text_search"):
            assert await db.all(search) == ["full"]
            rank = func.search_rank("full", Book.title)
            assert await db.all(select(Book.title).order_by(rank.desc()).limit(1)) == ["full"]
        else:
            with pytest.raises(UnsupportedFeatureError, match="ilike"):
                await db.all(search)
