"""What is refused when a query is built, before any database is asked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from bridgeorm import QueryError, StatementError, ValidationError, aliased, case, func, optional, select

from .conftest import OpenDatabase
from .models import Author, Book, Category, Tag
from .test_queries import fill


@dataclass
class Line:
    """Fits a title and a price."""

    title: str
    price: Decimal


@dataclass
class Whole:
    """Fits an author and a number."""

    author: Author
    books: int


def test_into_checks_names_number_and_types() -> None:
    select(Book.title, Book.price).into(Line)
    select(Author, func.count().label("books")).group_by(Author.id).into(Whole)
    with pytest.raises(QueryError, match="fields"):
        select(Book.title).into(Line)
    with pytest.raises(QueryError, match="label"):
        select(Book.price, Book.title).into(Line)
    with pytest.raises(QueryError, match=r"Line\.price is annotated Decimal"):
        select(Book.title, Book.revision.label("price")).into(Line)
    with pytest.raises(QueryError, match=r"Whole\.author"):
        select(Book, func.count().label("books")).into(Whole)


def test_comparisons_of_different_types() -> None:
    with pytest.raises(QueryError, match="makes no sense"):
        Author.id == Author.name  # type: ignore[operator]  # noqa: B015  # wrong on purpose
    with pytest.raises(ValidationError):
        Author.id == "x"  # noqa: B015  # wrong on purpose
    with pytest.raises(QueryError):
        Author.id.in_(select(Author.name))  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ValidationError):
        func.lag(Book.title, 1, 5)  # wrong on purpose


def test_the_far_side_of_a_join_is_optional() -> None:
    with pytest.raises(QueryError, match="optional"):
        _ = select(Author, Book).left_join(Author.books).statement
    _ = select(Author, optional(Book)).left_join(Author.books).statement


def test_joins_that_say_too_little() -> None:
    with pytest.raises(QueryError, match="on="):
        select(Book).join(Author)
    with pytest.raises(QueryError, match="aliased"):
        select(Category).join(Category.parent)
    with pytest.raises(QueryError, match="select_from"):
        _ = select(func.count()).statement


async def test_queries_no_database_could_answer(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        with pytest.raises(QueryError, match="group_by"):
            await db.all(select(Author.name, func.count()))
        with pytest.raises(QueryError, match="having"):
            await db.all(select(Author.name).where(func.count() > 1))
        with pytest.raises(QueryError, match="neither"):
            await db.all(select(Book.title).where(Tag.name == "x"))
        with pytest.raises(QueryError, match="DISTINCT"):
            await db.all(select(Book.title).distinct().order_by(Book.price))
        other = aliased(Author)
        with pytest.raises(QueryError, match="neither"):
            await db.all(select(Author.name).where(other.name == "x"))


async def test_everything_can_be_counted(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        assert await db.count(select(Book.author_id).distinct()) == 2
        assert await db.count(select(Book).limit(3)) == 3
        grouped = select(Author.name, func.count(Book.id)).join(Author.books).group_by(Author.name)
        assert await db.count(grouped) == 2
        assert await db.count(select(Author.name).union(select(Tag.name))) == 6
        assert await db.count(select(func.max(Book.price))) == 1


async def test_groups_of_expressions_that_hold_values(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        band = case((Book.price > Decimal(15), "dear"), else_="cheap")
        query = select(band.label("band"), func.count()).group_by(band).order_by(band.desc())
        assert await db.all(query) == [("dear", 2), ("cheap", 3)]
        rounded = Book.price * 2
        sums = select(rounded, func.count()).group_by(rounded).order_by(rounded).limit(1)
        assert await db.all(sums) == [(Decimal("10.50"), 1)]
        assert await db.all(select(band).distinct().order_by(band)) == ["cheap", "dear"]
        other = case((Book.price > Decimal(16), "dear"), else_="cheap")
        with pytest.raises(QueryError, match="values alone"):
            _ = select(band, func.count()).group_by(other).statement


async def test_functions_of_the_database(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.insert(Author(name="Ann", email="ann@example.org"))
        first = func.substr(Author.name, 1, 2, returns=str)
        assert await db.all(select(first)) == ["An"]
        assert await db.all(select(Author.name).where(first == "An").order_by(first)) == ["Ann"]
        with pytest.raises(QueryError, match=r"func\.substr\(\.\.\., returns=int\)"):
            func.substr(Author.name, 1, 2)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # what is asked
        if "sqlite" in repr(db):
            with pytest.raises(StatementError, match="shop_markup"):
                await db.all(select(func.shop_markup(Author.id, returns=Decimal)))
            return
        if "mysql" in repr(db) or "mariadb" in repr(db):
            await db.execute_raw(
                "CREATE FUNCTION shop_markup(price BIGINT) RETURNS DECIMAL(12, 1) DETERMINISTIC "
                "RETURN price * 1.5"
            )
        else:
            await db.execute_raw(
                "CREATE OR REPLACE FUNCTION shop_markup(price bigint) RETURNS numeric LANGUAGE sql "
                "AS 'SELECT price * 1.5'"
            )
        marked = func.shop_markup(Author.id, returns=Decimal)
        assert await db.all(select(marked).where(marked > 1)) == [Decimal("1.5")]
