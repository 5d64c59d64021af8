"""Set operations: the rows of several queries as those of one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bridgeorm import QueryError, UnsupportedFeatureError, func, select

from .conftest import OpenDatabase
from .models import Author, Book, Tag
from .test_queries import fill


async def test_operations(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        low = select(Book.title).where(Book.price < 10)
        named = select(Book.title).where(Book.title.ilike("sql%"))
        assert set(await db.all(low.union(named))) == {"under_score", "sql again", "SQL by hand"}
        assert sorted(await db.all(low.union_all(named))) == [
            "SQL by hand",
            "sql again",
            "sql again",
            "under_score",
        ]
        assert await db.all(low.intersect(named)) == ["sql again"]
        assert await db.all(low.except_(named)) == ["under_score"]
        every = low.intersect_all(named)
        if db.engine.has_capability("set_operators_all"):
            assert await db.all(every) == ["sql again"]
            assert await db.all(low.union_all(named).except_all(named).order_by(Book.title)) == [
                "sql again",
                "under_score",
            ]
        else:
            with pytest.raises(UnsupportedFeatureError, match="row_number"):
                await db.all(every)


async def test_order_and_page_of_the_whole(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        low = select(Book.title, Book.price).where(Book.price < 10)
        high = select(Book.title, Book.price).where(Book.price > 20)
        rows = await db.all(low.union_all(high).order_by(Book.price.desc()).limit(2))
        assert [price for _title, price in rows] == [Decimal("100.00"), Decimal("20.50")]
        assert len(await db.all(low.union_all(high).offset(1))) == 3
        cheapest = select(Book.title).order_by(Book.price).limit(1)
        dearest = select(Book.title).order_by(Book.price.desc()).limit(1)
        assert set(await db.all(cheapest.union_all(dearest))) == {"under_score", "back\\slash"}
        with pytest.raises(QueryError):
            await db.all(low.union(high).order_by(Book.author_id))


async def test_nested(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        names, tags, one = select(Author.name), select(Tag.name), select(Tag.name).where(Tag.name == "old")
        left = names.union(tags).except_(one)
        right = names.union(tags.except_(one))
        assert set(await db.all(left)) == set(await db.all(right)) == {"Ann", "Bob", "eve", "new", "rare"}
        assert await db.count(names.union_all(tags).union_all(one)) == 7
        total = names.union(tags).subquery("total")
        assert await db.one(select(func.count()).select_from(total)) == 6
        assert await db.all(select(Tag.name).where(Tag.name.in_(names.union(one)))) == ["old"]


async def test_models(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        both = select(Author).where(Author.name == "Ann").union(select(Author).where(Author.name == "Bob"))
        authors = await db.all(both.order_by(Author.name))
        assert [author.name for author in authors] == ["Ann", "Bob"]
        assert all(isinstance(author, Author) for author in authors)


def test_different_shapes_are_refused_when_built() -> None:
    with pytest.raises(QueryError):
        select(Author.name).union(select(Author.id))  # type: ignore[arg-type]  # another type on purpose
    with pytest.raises(QueryError):
        select(Author.name).union(select(Author.name, Author.id))  # type: ignore[arg-type]  # another shape on purpose
    with pytest.raises(QueryError):
        select(Author).union(select(Book))  # type: ignore[arg-type]  # another model on purpose


async def test_more_clauses_are_refused(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        with pytest.raises(QueryError, match="subquery"):
            await db.all(select(Author.name).union(select(Tag.name)).where(Author.name == "x"))
