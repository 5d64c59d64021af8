"""Subqueries, common tables and lists of values as tables: what is asked is what comes back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bridgeorm import (
    Database,
    QueryError,
    UnsupportedFeatureError,
    aliased,
    delete,
    exists,
    func,
    insert,
    optional,
    scalar,
    select,
    values_list,
)

from .conftest import OpenDatabase
from .models import Author, Book, BookTag, Category, Tag
from .test_queries import fill


async def grow(db: Database) -> None:
    """root > (left > leaf, right)."""
    root = await db.insert(Category(name="root"))
    left = await db.insert(Category(name="left", parent_id=root.id))
    await db.insert(Category(name="right", parent_id=root.id))
    await db.insert(Category(name="leaf", parent_id=left.id))


async def test_subquery_of_models_is_the_model(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        cheap = select(Book).where(Book.price < 15).subquery("cheap")
        books = await db.all(select(cheap).where(cheap.title != "under_score").order_by(cheap.price))
        assert [book.title for book in books] == ["sql again", "SQL by hand"]
        assert all(isinstance(book, Book) for book in books)
        names = await db.all(
            select(Author.name, cheap.title)
            .join(cheap, on=cheap.author_id == Author.id)
            .order_by(cheap.title)
        )
        assert ("Bob", "sql again") in names
        other = aliased(cheap)
        pairs = select(cheap.title, other.title).join(other, on=cheap.price < other.price)
        assert len(await db.all(pairs)) == 3
        kept = select(Author.name, optional(cheap.title)).left_join(cheap, on=cheap.author_id == Author.id)
        assert ("eve", None) in await db.all(kept)


async def test_top_of_each_group(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        rank = func.row_number().over(partition_by=Book.author_id, order_by=Book.price.desc()).label("rank")
        ranked = select(Book, rank).subquery("ranked")
        book = ranked[Book]
        query = select(book, ranked[rank]).where(ranked[rank] == 1).order_by(book.price)
        rows = await db.all(query)
        assert [(each.title, place) for each, place in rows] == [("100% done", 1), ("back\\slash", 1)]
        assert await db.all(select(ranked["rank"]).where(book.title == "sql again")) == [2]
        joined = select(Author.name, book.title).join(book, on=book.author_id == Author.id)
        assert len(await db.all(joined.where(ranked[rank] == 1))) == 2
        with pytest.raises(QueryError):
            ranked[Author]


async def test_two_models_in_one_subquery(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        pairs = select(Book, Author).join(Book.author).subquery("pairs")
        book, author = pairs[Book], pairs[Author]
        rows = await db.all(select(author, book).where(author.name == "Bob").order_by(book.title))
        assert [(one.name, two.title) for one, two in rows] == [("Bob", "back\\slash"), ("Bob", "sql again")]
        assert {(type(one), type(two)) for one, two in rows} == {(Author, Book)}


async def test_scalar_and_correlated_subqueries(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        number = scalar(select(func.count(Book.id)).where(Book.author_id == Author.id)).label("books")
        assert await db.all(select(Author.name, number).order_by(Author.name)) == [
            ("Ann", 3),
            ("Bob", 2),
            ("eve", 0),
        ]
        above = select(Book.title).where(Book.price > scalar(select(func.avg(Book.price))))
        assert await db.all(above) == ["back\\slash"]
        other = aliased(Book)
        dearest = ~exists(select(other).where(other.author_id == Book.author_id, other.price > Book.price))
        assert set(await db.all(select(Book.title).where(dearest))) == {"100% done", "back\\slash"}
        tagged = select(BookTag.book_id).join(Tag, on=Tag.id == BookTag.tag_id).where(Tag.name == "old")
        assert set(await db.all(select(Book.title).where(Book.id.in_(tagged)))) == {
            "SQL by hand",
            "sql again",
        }


async def test_lateral(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        dearest = (
            select(Book).where(Book.author_id == Author.id).order_by(Book.price.desc()).limit(1)
        ).lateral("dearest")
        query = select(Author.name, dearest.title).cross_join(dearest).order_by(Author.name)
        if db.engine.has_capability("lateral"):
            assert await db.all(query) == [("Ann", "100% done"), ("Bob", "back\\slash")]
        else:
            with pytest.raises(UnsupportedFeatureError, match="scalar subquery"):
                await db.all(query)


async def test_common_tables(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        cheap = select(Book).where(Book.price < 15).cte("cheap")
        totals = select(cheap.author_id.label("author"), func.count().label("books")).select_from(cheap)
        counted = totals.group_by(cheap.author_id).cte("counted", materialized=True)
        query = select(Author.name, counted["books"]).join(counted, on=counted["author"] == Author.id)
        assert await db.all(query.order_by(Author.name)) == [("Ann", 2), ("Bob", 1)]
        twice = aliased(cheap)
        pairs = select(cheap.title, twice.title).join(twice, on=cheap.price < twice.price)
        assert len(await db.all(pairs)) == 3
        inside = select(Author.name).where(Author.id.in_(select(cheap.author_id)))
        assert set(await db.all(inside)) == {"Ann", "Bob"}


async def test_recursive_common_tables(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await grow(db)
        tree = (
            select(Category)
            .where(Category.name == "left")
            .cte("tree", recursive=lambda t: select(Category).join(t, on=Category.parent_id == t.id))
        )
        rows = await db.all(select(tree).order_by(tree.name))
        assert [row.name for row in rows] == ["leaf", "left"]
        paths = (
            select(Category.id.label("id"), Category.name.label("path"))
            .where(Category.parent_id == None)  # noqa: E711 - builds IS NULL
            .cte(
                "paths",
                recursive=lambda t: select(Category.id, t["path"] + "/" + Category.name).join(
                    t, on=Category.parent_id == t["id"]
                ),
            )
        )
        assert await db.all(select(paths["path"]).order_by(paths["path"])) == [
            "root",
            "root/left",
            "root/left/leaf",
            "root/right",
        ]


def test_recursion_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(QueryError, match="tree"):
        select(Category).cte("tree", recursive=lambda _rows: select(Category))
    with pytest.raises(QueryError):
        select(Category).cte("tree", recursive=lambda t: select(t.id).join(Category, on=Category.id == t.id))  # type: ignore[arg-type, return-value]  # another shape on purpose


async def test_writes_as_common_tables(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        gone = delete(BookTag).everywhere().returning(BookTag).cte("gone")
        query = select(Tag.name, func.count()).join(gone, on=gone.tag_id == Tag.id).group_by(Tag.name)
        if db.engine.has_capability("writing_common_tables"):
            assert sorted(await db.all(query)) == [("new", 1), ("old", 2)]
            assert await db.count(select(BookTag)) == 0
            made = insert(Tag).values(name="made").returning(Tag.name).cte("made")
            assert await db.all(select(made[Tag.name])) == ["made"]
        else:
            with pytest.raises(UnsupportedFeatureError, match="returning"):
                await db.all(query)


async def test_lists_of_values(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        limits = values_list(
            "limits", {"name": str, "least": Decimal}, [("Ann", Decimal(10)), ("Bob", Decimal(50))]
        )
        query = (
            select(Author.name, Book.title)
            .join(Author.books)
            .join(limits, on=limits.column("name", str) == Author.name)
            .where(Book.price > limits.column("least", Decimal))
        )
        assert sorted(await db.all(query)) == [("Ann", "100% done"), ("Bob", "back\\slash")]
        assert await db.all(select(limits.column("least", Decimal)).order_by(limits.column("name", str))) == [
            Decimal(10),
            Decimal(50),
        ]


async def test_joins_of_every_kind(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        assert await db.count(select(Author.name, Tag.name).cross_join(Tag)) == 9
        full = select(optional(Book.title), optional(Author.name)).full_join(
            Author, on=(Author.id == Book.author_id) & (Author.name == "Bob")
        )
        right = select(optional(Book.title), Author.name).right_join(Book.author)
        if db.engine.has_capability("full_joins"):
            assert len(await db.all(full)) == 7
            assert (None, "eve") in await db.all(right)
        else:
            with pytest.raises(UnsupportedFeatureError, match="left_join"):
                await db.all(full)
        with pytest.raises(QueryError, match="optional"):
            _ = select(Book, Author.name).right_join(Book.author).statement


async def test_names_of_common_tables_must_not_clash(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        one = select(Author).cte("same")
        two = select(Author).where(Author.id > 1).cte("same")
        with pytest.raises(QueryError, match="same"):
            await db.all(select(one.id).join(two, on=one.id == two.id))
        named = select(Author).cte("exam_books")
        with pytest.raises(QueryError, match="exam_books"):
            await db.all(select(Book.title).join(named, on=named.id == Book.author_id))
