"""Where parts of the language meet: types of combined rows, names, values, and what is never shared."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bridgeorm import QueryError, UnparameterizedSqlError, aliased, case, func, select, sql, window

from .conftest import OpenDatabase
from .models import Author, Book, Everything, Tag
from .test_queries import fill
from .test_values import ORDINARY


async def test_rows_of_set_operations_have_the_wider_type(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.insert(Everything(**{**ORDINARY, "large": 2**62, "maybe_large": None}))
        both = select(Everything.small).union_all(select(Everything.large))
        assert sorted(await db.all(both)) == [1, 2**62]
        maybe = select(Everything.large).union_all(select(Everything.maybe_large))  # type: ignore[arg-type]  # None is in it on purpose
        assert set(await db.all(maybe)) == {2**62, None}
        money = select(Everything.money).union(select(Everything.money * 1))
        assert len(await db.all(money)) == 1


async def test_one_text_serves_other_values(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        for limit, expected in ((Decimal(6), 1), (Decimal(15), 3), (Decimal(1000), 5)):
            cheap = select(Book).where(Book.price < limit).cte("cheap")
            other = select(Book).where(Book.price < limit).subquery("other")
            pairs = select(cheap.title).join(other, on=other.id == cheap.id).where(cheap.price < limit + 1)
            assert len(await db.all(pairs)) == expected
            assert await db.count(select(cheap.title).union(select(other.title))) == expected
        for distance in (1, 2, 4):
            near = func.count().over(order_by=Book.price, rows=(-distance, 0))
            assert max(await db.all(select(near))) == distance + 1


async def test_every_type_passes_through_a_derived_table(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.insert(Everything(**ORDINARY))
        rows = select(Everything).subquery("rows")
        again = select(rows).cte("again")
        found = await db.one(select(again))
        assert {name: getattr(found, name) for name in ORDINARY} == ORDINARY
        values = await db.one(
            select(again.genre, again.money, again.key, again.at, again.span, again.numbers)
        )
        assert values == tuple(ORDINARY[name] for name in ("genre", "money", "key", "at", "span", "numbers"))


async def test_expressions_over_derived_columns(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        totals = (
            select(Author.name.label("name"), func.sum(Book.price).label("worth"))
            .join(Author.books)
            .group_by(Author.name)
            .subquery("totals")
        )
        worth = totals["worth"]
        share = case((worth > 100, "much"), else_="little")
        rows = await db.all(
            select(totals["name"], share, func.rank().over(order_by=worth)).order_by(totals["name"])
        )
        assert rows == [("Ann", "little", 1), ("Bob", "much", 2)]
        assert await db.one(select(func.max(worth))) == Decimal("109.99")
        assert await db.all(
            select(totals["name"]).group_by(totals["name"]).having(func.sum(worth) > 100)
        ) == ["Bob"]


async def test_subqueries_inside_subqueries(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        inner = select(Book).where(Book.price < 50).subquery("inner_rows")
        ranked = select(inner, func.row_number().over(order_by=inner.price).label("place")).subquery("ranked")
        with_totals = select(func.count().label("rows")).select_from(ranked).cte("with_totals")
        middle = (
            select(ranked["place"], with_totals["rows"]).cross_join(with_totals).where(ranked["place"] == 2)
        )
        assert await db.all(middle) == [(2, 4)]
        outer = aliased(Book)
        nested = select(outer.title).where(outer.id.in_(select(inner.id).where(inner.price > 10)))
        assert await db.all(nested) == ["100% done"]


def test_columns_that_are_not_there() -> None:
    rows = select(Author).subquery("rows")
    with pytest.raises(AttributeError, match="nothing"):
        _ = rows.nothing  # type: ignore[attr-defined]  # not there on purpose
    derived = select(Author.name, Author.id).subquery("derived")
    with pytest.raises(QueryError, match="derived"):
        derived[Tag.name]
    with pytest.raises(QueryError):
        window(partition_by=Author.name, exclude="ties")


async def test_own_text_inside_a_query(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        is_long = sql("LENGTH({title}) > {least}", title=Book.title, least=9).as_(bool)
        titles = await db.all(select(Book.title).where(is_long, Book.price < 50).order_by(Book.title))
        assert titles == ["SQL by hand", "under_score"]
        shout = sql("UPPER({name}) || {mark}", name=Author.name, mark="'; --").as_(str)
        assert sorted(await db.all(select(shout))) == ["ANN'; --", "BOB'; --", "EVE'; --"]
    with pytest.raises(UnparameterizedSqlError):
        sql("1 = 1; SELECT 2").as_(bool)


async def test_a_condition_says_which_table_it_is_about(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        band = case((Author.email == None, "none"), else_="some")  # noqa: E711 - builds IS NULL
        assert sorted(await db.all(select(band))) == ["none", "some", "some"]
        assert sum(await db.all(select(case((Book.price.between(5, 10), 1), else_=0)))) == 3
        assert sum(await db.all(select(case((Tag.name.in_(["old", "new"]), 1), else_=0)))) == 2


async def test_the_first_value_that_is_there(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        email = func.coalesce(Author.email, "none")
        assert await db.all(select(email).where(Author.name == "Bob")) == ["none"]
        counted = select(email, func.count()).group_by(email).order_by(email)
        assert (await db.all(counted))[-1] == ("none", 1)
        either = func.coalesce(Author.email, Author.name)
        assert "Bob" in await db.all(select(either))
        assert await db.all(
            select(func.coalesce(Author.email, Author.email)).where(Author.name == "Bob")
        ) == [None]


async def test_what_only_looks_wrong(open_database: OpenDatabase) -> None:
    many_books: Any = func.count(Book.id)
    async with open_database() as db:
        ann, bob = await db.insert_many([Author(name="Ann"), Author(name="Bob", email="b@example.org")])
        await db.insert_many(
            [Book(author=ann, title="A", price=Decimal(2)), Book(author=ann, title="B", price=Decimal(3))]
        )
        # all columns follow from the key
        counted = select(Author, many_books).left_join(Author.books).group_by(Author.id).order_by(Author.name)
        assert [(each.name, count) for each, count in await db.all(counted)] == [("Ann", 2), ("Bob", 0)]
        # a window sees groups as its rows
        totals = select(Book.author_id, func.sum(many_books).over()).group_by(Book.author_id)
        assert await db.all(totals) == [(ann.id, 2)]
        places = select(Author.name, func.rank().over(order_by=many_books.desc()))
        places = places.left_join(Author.books).group_by(Author.id).order_by(Author.name)
        assert await db.all(places) == [("Ann", 1), ("Bob", 2)]
        # what replaces a missing value is not missing
        named = (
            select(Book.title, func.coalesce(Author.email, "none"))
            .left_join(Book.author)
            .order_by(Book.title)
        )
        assert await db.all(named) == [("A", "none"), ("B", "none")]
        told = select(case((Author.id.is_null(), "nobody"), else_="somebody")).distinct()
        assert await db.all(told.select_from(Book).left_join(Book.author)) == ["somebody"]
        # an ordering by the very thing that is selected
        doubled = (Book.price * 2).label("doubled")
        assert await db.all(select(doubled).distinct().order_by(doubled.desc())) == [Decimal(6), Decimal(4)]
        assert await db.count(select(Author).where(Author.id.in_([bob.id]))) == 1
