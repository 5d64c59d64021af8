"""Writes that read: upserts with conditions, other tables, what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

import pytest

from bridgeorm import QueryError, case, delete, excluded, func, insert, scalar, select, update

from .conftest import OpenDatabase
from .models import Author, Book, BookTag, Tag
from .test_queries import fill


@dataclass
class Raised:
    """What an update gives back."""

    title: str
    price: Decimal


async def test_upserts(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        first = insert(Author).values(name="Ann", email="a@example.org")
        await db.execute(first)
        again = insert(Author).values(name="Anne", email="a@example.org").on_conflict(Author.email)
        assert (await db.execute(again.ignore())).rowcount == 0
        changed = again.update(Author.name.to(excluded(Author.name)))
        assert await db.all(changed.returning(Author.name)) == ["Anne"]
        kept = (
            insert(Author)
            .values(name="Zoe", email="a@example.org")
            .on_conflict(Author.email)
            .update(Author.name.to(excluded(Author.name)))
            .where(Author.name != "Anne")
        )
        assert await db.all(kept.returning(Author.name)) == []
        joined = again.update(Author.name.to(Author.name + "+" + excluded(Author.name)))
        assert await db.all(joined.returning(Author.name)) == ["Anne+Anne"]
        with pytest.raises(QueryError):
            again.update()


async def test_insert_from_queries(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        copied = insert(Tag).from_select([Tag.name], select(func.lower(Author.name)))
        assert sorted(await db.all(copied.returning(Tag.name))) == ["ann", "bob", "eve"]
        repeated = copied.on_conflict(Tag.name).ignore()
        assert (await db.execute(repeated)).rowcount == 0
        names = select(Author.name).union(select(Tag.name)).subquery("names")
        every = insert(Tag).from_select([Tag.name], select(names[Author.name])).on_conflict(Tag.name).ignore()
        assert (await db.execute(every)).rowcount == 2
        both = insert(Tag).from_select([Tag.name], select(Author.name).union_all(select(Tag.name)))
        assert (await db.execute(both.on_conflict(Tag.name).ignore())).rowcount == 0
        first = select(Author.name).order_by(Author.name).limit(1)
        limited = insert(Tag).from_select([Tag.name], select(Tag.name).union_all(first))
        assert (await db.execute(limited.on_conflict(Tag.name).ignore())).rowcount == 0
        with pytest.raises(QueryError):
            await db.execute(insert(Tag).from_select([Tag.name], select(Author.id)))


async def test_update_with_other_tables(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        raised = (
            update(Book)
            .from_(Author)
            .where(Author.id == Book.author_id, Author.name == "Bob")
            .set(Book.title.to(Book.title + " by " + Author.name), Book.price.to(Book.price * 2))
            .returning(Book.title, Book.price)
            .into(Raised)
        )
        rows = sorted(await db.all(raised), key=lambda each: each.title)
        assert rows == [
            Raised("back\\slash by Bob", Decimal("200.00")),
            Raised("sql again by Bob", Decimal("19.98")),
        ]
        totals = (
            select(Book.author_id.label("author"), func.count(Book.id).label("books"))
            .group_by(Book.author_id)
            .subquery("totals")
        )
        counted = (
            update(Author)
            .from_(totals)
            .where(totals["author"] == Author.id)
            .set(Author.name.to(case((totals["books"] > 2, "many"), else_="few")))
        )
        assert (await db.execute(counted)).rowcount == 2
        assert set(await db.all(select(Author.name))) == {"many", "few", "eve"}
        dearest = scalar(select(func.max(Book.price)))
        top = update(Book).where(Book.price == dearest).set(title="the dearest")
        assert (await db.execute(top)).rowcount == 1


async def test_delete_with_other_tables(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        links = delete(BookTag).using(Tag).where(Tag.id == BookTag.tag_id, Tag.name == "old")
        assert (await db.execute(links)).rowcount == 2
        assert await db.count(select(BookTag)) == 1


async def test_only_tables_are_written_to() -> None:
    rows = select(Author).subquery("rows")
    with pytest.raises(QueryError):
        _ = update(Author).from_(rows).statement


async def test_a_query_fills_the_defaults_of_the_model(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        ann = await db.insert(Author(name="Ann"))
        await db.insert_many([Tag(name="one"), Tag(name="two"), Tag(name="three")])
        copied = insert(Book).from_select(
            [Book.title, Book.author_id], select(Tag.name, Author.id).cross_join(Author)
        )
        assert (await db.execute(copied)).rowcount == 3
        books = await db.all(select(Book).order_by(Book.title))
        assert [each.title for each in books] == ["one", "three", "two"]
        assert len({each.id for each in books}) == 3
        assert {(each.id.version, each.id.variant) for each in books} == {(4, uuid4().variant)}
        assert {(each.price, str(each.details), each.revision) for each in books} == {
            (Decimal("0.00"), "{}", 1)
        }
        assert {each.author_id for each in books} == {ann.id}
        again = copied.on_conflict(Book.author_id, Book.title).ignore()
        assert (await db.execute(again)).rowcount == 0
        more = insert(Book).from_select(
            [Book.title, Book.author_id],
            select(Tag.name + "!", Author.id).cross_join(Author).order_by(Tag.name).limit(1),
        )
        assert await db.all(more.returning(Book.title)) == ["one!"]
        assert len({await db.scalar(select(func.random_uuid()).select_from(Author)) for _ in range(3)}) == 3
