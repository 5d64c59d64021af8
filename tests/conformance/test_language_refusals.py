"""What no database could answer: a typed error that names it before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from bridgeorm import (
    BridgeError,
    Column,
    Database,
    Model,
    One,
    QueryError,
    ValidationError,
    aliased,
    case,
    column,
    delete,
    exists,
    foreign_key,
    func,
    insert,
    one,
    optional,
    primary_key,
    rollup,
    row,
    scalar,
    select,
    telemetry,
    update,
    values_list,
    window,
)
from bridgeorm.query import Query
from bridgeorm.telemetry import QueryEvent

from .conftest import OpenDatabase
from .models import Author, Book, Category, Everything, Tag


@dataclass(frozen=True)
class Refusal:
    """Something nobody can mean. `is_late`: only the whole statement shows that it is wrong."""

    build: Callable[[], Any]
    match: str
    error: type[Exception] = QueryError
    is_late: bool = False


class Letter(Model, table="exam_letters"):
    """Two ways to the same table."""

    id: Column[int] = primary_key()
    sender_id: Column[int] = foreign_key(Author.id)
    receiver_id: Column[int] = foreign_key(Author.id)
    sender: One[Author] = one(sender_id)
    receiver: One[Author] = one(receiver_id)


def serial_number() -> int:
    """A default that only Python can compute."""
    return 1


class Ticket(Model, table="exam_tickets"):
    """Every kind of default."""

    id: Column[UUID] = primary_key(default=uuid4)
    subject: Column[str] = column()
    number: Column[int] = column(default=serial_number)


# The type checkers refuse much of this too: what is asked here is what happens where nobody runs them.
book: Any = Book
author: Any = Author
everything: Any = Everything
ranked: Any = func.row_number().over(order_by=Author.id)
many_books: Any = func.count(Book.id)
kept: list[Any] = []
bare_rank: Any = func.rank()
any_one: Any = 1
misspelt: Any = {"sorted_by": Book.price}


def select_nothing() -> Any:
    """A query of nothing."""
    select_anything: Any = select
    return select_anything()


def recursion(part: Callable[[Any], Any]) -> Any:
    """A tree whose recursive part is this."""
    return select(select(Category).cte("tree", recursive=part))


def numbers(part: Callable[[Any], Any]) -> Any:
    """Numbers whose recursive part is this."""
    return select(func.count()).select_from(select(Category.id).cte("numbers", recursive=part))


def leak(rows: Any) -> Any:
    """Keeps the rows so far for somebody who must not have them."""
    kept.append(rows)
    return select(Category).join(rows, on=Category.parent_id == rows.id)


REFUSALS: dict[str, list[Refusal]] = {
    "grouping": [
        Refusal(
            lambda: select(Book.title, func.count()), r"exam_books\.title must be in group_by", is_late=True
        ),
        Refusal(
            lambda: select(Author, func.count(Book.id)).join(Author.books).group_by(Author.name),
            r"exam_authors\.id must be in group_by",
            is_late=True,
        ),
        Refusal(
            lambda: select(Author.name, func.count()).group_by(Author.name).order_by(Author.email),
            r"exam_authors\.email must be in group_by",
            is_late=True,
        ),
        Refusal(
            lambda: select(Author.name).group_by(Author.name).having(Author.email == "x"),
            r"exam_authors\.email must be",
            is_late=True,
        ),
        Refusal(
            lambda: select(Book.author_id, func.sum(Book.price).over()).group_by(Book.author_id),
            r"exam_books\.price must be in group_by",
            is_late=True,
        ),
        Refusal(lambda: select(Author).having(func.count() > 1), r"exam_authors\.id must be", is_late=True),
        Refusal(
            lambda: select(Author.name).order_by(func.count()), r"exam_authors\.name must be", is_late=True
        ),
        Refusal(
            lambda: select(Book).where(
                exists(select(Author.name, func.count()).where(Author.id == Book.author_id))
            ),
            r"exam_authors\.name must be in group_by",
        ),
        Refusal(
            lambda: select(func.count()).select_from(Author).group_by(func.count()), r"group_by: count\(\)"
        ),
        Refusal(lambda: select(Author.id).group_by(ranked), r"group_by: row_number\(\)"),
        Refusal(lambda: select(func.count()).group_by(rollup()), "need"),
        Refusal(lambda: select(func.count()).group_by(author), r"group_by\(\) takes columns .* not Author"),
        Refusal(
            lambda: select(Author.name, func.count()).group_by(rollup(Author.name)), "optional", is_late=True
        ),
    ],
    "distinct": [
        Refusal(lambda: select(Author.name).distinct().order_by(Author.email), r"not by exam_authors\.email"),
        Refusal(lambda: select(Author.name).order_by(Author.email).distinct(), r"not by exam_authors\.email"),
        Refusal(
            lambda: select(Author.name).distinct().order_by(func.lower(Author.name)), r"not by lower\(\)"
        ),
        Refusal(
            lambda: select(Author).distinct(Author.name).order_by(Author.email), r"by exam_authors\.email"
        ),
        Refusal(lambda: select(Author).distinct().distinct(Author.name), "exclude each other"),
        Refusal(lambda: select(Author).distinct().for_update(), "DISTINCT cannot lock", is_late=True),
    ],
    "joins": [
        Refusal(lambda: select(Tag).join(Book.author), r"exam_books\.author_id belongs", is_late=True),
        Refusal(lambda: select(Tag).where(Author.name == "x"), r"exam_authors\.name belongs", is_late=True),
        Refusal(lambda: select(Tag).order_by(Author.name), r"exam_authors\.name belongs", is_late=True),
        Refusal(
            lambda: select(Book).where(Book.author.has(Tag.name == "x")), r"exam_tags\.name", is_late=True
        ),
        Refusal(
            lambda: select(select(Book).where(Book.author_id == Author.id).subquery("own")),
            r"exam_authors\.id belongs",
            is_late=True,
        ),
        Refusal(
            lambda: (
                select(Tag).join(Book, on=Book.author_id == Author.id).join(Author, on=Author.id == Tag.id)
            ),
            r"exam_books is joined by column exam_authors\.id, which is joined only later",
            is_late=True,
        ),
        Refusal(
            lambda: (
                select(Author.name)
                .select_from(select(Book).where(Book.author_id == Author.id).lateral("own"))
                .join(Author, on=Author.id == 1)
            ),
            r"own is joined by column exam_authors\.id",
            is_late=True,
        ),
        Refusal(lambda: select(Book).join(author), r"Author is joined: \.join\(Book\.author\), or give on="),
        Refusal(lambda: select(Book.title).join(author), r"\.join\(Book\.author\)"),
        Refusal(
            lambda: select(Letter).join(author),
            r"Author is joined: \.join\(Letter\.sender\) or \.join\(Letter\.receiver\), or give on=",
        ),
        Refusal(lambda: select(Category).join(author), "nothing the query reads has a relation to Author"),
        Refusal(lambda: select(Book).join(book.title), "say how"),
        Refusal(lambda: select(Book).join(Book.author, on=Author.id == 1), "knows its condition"),
        Refusal(lambda: select(Book).join(Book.author, aliased(Tag)), "leads to Author, not Tag"),
        Refusal(lambda: select(Category).join(Category.parent), r"aliased\(Category\)"),
        Refusal(lambda: select(Book).join(Book.author).join(Book.author), "Author is joined already"),
        Refusal(lambda: select(Author).cross_join(Tag).cross_join(Tag), "Tag is joined already"),
        Refusal(
            lambda: select(Author, Book).cross_join(Book).cross_join(Author),
            "every table is joined",
            is_late=True,
        ),
        Refusal(lambda: select(func.count()), "nothing says which table", is_late=True),
        Refusal(lambda: select(Book, Author).left_join(Book.author), "author comes from the far side"),
        Refusal(
            lambda: select(optional(Book), Author).full_join(Author, on=Book.author_id == Author.id),
            "author comes from the far side",
        ),
        Refusal(lambda: select(Book.title + Author.name).left_join(Book.author), "optional", is_late=True),
        Refusal(
            lambda: select(Book, optional(Author)).right_join(Book.author), "book comes from", is_late=True
        ),
        Refusal(lambda: select(Book).for_update(of=Author), "exam_authors cannot be locked", is_late=True),
    ],
    "types": [
        Refusal(lambda: select(Book).where(book.title == 5), r"Book\.title: expected text", ValidationError),
        Refusal(lambda: select(Book).where(book.title == Author.id), "text and int64 makes no sense"),
        Refusal(
            lambda: select(Book).where(book.price > 1.5), r"Book\.price: expected decimal", ValidationError
        ),
        Refusal(lambda: select(Book).where(book.title.in_(select(Author.id))), "text and int64"),
        Refusal(lambda: select(Book).where(book.title.in_(select(Author.name, Author.id))), "exactly one"),
        Refusal(lambda: select(Book).where(book.title.in_([1])), r"Book\.title", ValidationError),
        Refusal(lambda: select(Book).where(book.title.in_(5)), "list of values or a query"),
        Refusal(lambda: select(Book).where(book.price.between("a", 3)), r"Book\.price", ValidationError),
        Refusal(lambda: select(case((Book.price > 1, Book.title), else_=book.price)), "text and decimal"),
        Refusal(lambda: select(func.coalesce(author.email, 5)), r"Author\.email", ValidationError),
        Refusal(lambda: select(author.name + 5), r"Author\.name", ValidationError),
        Refusal(lambda: select(author.name * Author.id), "arithmetic of text and int64"),
        Refusal(lambda: select(-author.name), "not text"),
        Refusal(lambda: select(Author).where(author.id.like("x")), r"Author\.id", ValidationError),
        Refusal(lambda: select(Author).where(author.name), "yields text"),
        Refusal(
            lambda: select(Everything.id).where(everything.flag == 1), r"Everything\.flag", ValidationError
        ),
        Refusal(lambda: select(func.sum(author.name)), r"sum\(\) of text .* a number"),
        Refusal(lambda: select(func.avg(author.created_at)), r"avg\(\) of timestamp_utc"),
        Refusal(lambda: select(func.lower(author.id)), r"lower\(\) of int64 .* it takes text"),
        Refusal(lambda: select(func.every(author.id)), "a truth value"),
        Refusal(lambda: select(func.round(cast("Any", author.name), 1)), r"round\(\) takes an exact number"),
        Refusal(
            lambda: select(Book).where(row(Book.title, Book.price) == row(Book.title, Book.title)),
            "decimal and text",
        ),
        Refusal(lambda: select(Book).where(func.search("x", book.price)), "text"),
    ],
    "sets": [
        Refusal(lambda: select(author.name).union(select(author.name, author.id)), "as many columns"),
        Refusal(lambda: select(Author.name).union(select(author.id)), "column 1: text and int64"),
        Refusal(lambda: select(Author).except_(select(book)), "same models"),
        Refusal(lambda: select(Author).intersect(author), r"intersect\(\) takes a query"),
        Refusal(lambda: select(Book).union(select(Book)).where(Book.price > 1), "select from a subquery"),
        Refusal(lambda: select(Book).union(select(Book)).join(Book.author), "select from a subquery"),
        Refusal(lambda: select(Book).union(select(Book)).for_update(), "select from a subquery"),
        Refusal(
            lambda: select(Author.name).union(select(Tag.name)).order_by(Author.email),
            r"not by exam_authors\.email",
            is_late=True,
        ),
    ],
    "recursion": [
        Refusal(
            lambda: recursion(lambda _rows: select(Category)), "tree must select from or join its argument"
        ),
        Refusal(lambda: recursion(lambda rows: rows), "gives a query"),
        Refusal(
            lambda: recursion(lambda rows: select(Category.name).join(rows, on=rows.id == 1)), "same models"
        ),
        Refusal(
            lambda: recursion(
                lambda rows: (
                    select(Category)
                    .join(rows, on=Category.parent_id == rows.id)
                    .join(aliased(rows), on=Category.id == 1)
                )
            ),
            "tree reads its argument more than once",
        ),
        Refusal(
            lambda: recursion(
                lambda rows: select(Category).left_join(rows, on=Category.parent_id == rows.id)
            ),
            "tree reads its argument from the far side",
        ),
        Refusal(lambda: numbers(lambda rows: select(func.max(rows[Category.id]))), "numbers aggregates"),
        Refusal(lambda: (recursion(leak), select(kept[-1]))[1], "a query that begins it", is_late=True),
    ],
    "aggregates and windows": [
        Refusal(lambda: select(Author).where(func.count() > 1), "where; use having"),
        Refusal(
            lambda: select(Author).join(Book, on=func.count() == Author.id), "a join's condition; use having"
        ),
        Refusal(lambda: select(func.sum(many_books)), "inside another: sum", is_late=True),
        Refusal(lambda: select(func.coalesce(func.max(many_books), 0)), "inside another: max"),
        Refusal(lambda: select(Author).where(ranked == 1), "window function cannot stand in where"),
        Refusal(
            lambda: select(Author.name).group_by(Author.name).having(ranked == 1), "cannot stand in having"
        ),
        Refusal(lambda: select(func.sum(ranked)), "inside the aggregate sum"),
        Refusal(lambda: select(func.rank().over(order_by=ranked)), "inside another"),
        Refusal(lambda: select(bare_rank), r"rank\(\) makes sense only over a window"),
        Refusal(lambda: func.sum(Book.price).over(rows=(1, -1)), "cannot end before it starts"),
        Refusal(lambda: func.sum(Book.price).over(rows=(-1, 0), groups=(-1, 0)), "one frame"),
        Refusal(lambda: func.sum(Book.price).over(groups=(-1, 0)), "needs order_by"),
        Refusal(lambda: func.sum(Book.price).over(range=(-1, 0)), "exactly one key"),
        Refusal(lambda: func.sum(Book.price).over(exclude="ties"), "needs a frame"),
        Refusal(lambda: window(**misspelt), "no sorted_by=", TypeError),
        Refusal(lambda: func.ntile(0), "whole numbers from 1"),
        Refusal(lambda: func.lag(Book.title, -1), "whole numbers from 0"),
        Refusal(lambda: func.nth_value(Book.title, 0), "whole numbers from 1"),
        Refusal(lambda: func.percentile_cont(2), "share from 0 to 1"),
        Refusal(
            lambda: select(
                func.rank().over(window("near", order_by=Book.price)),
                func.rank().over(window("near", order_by=Book.title)),
            ),
            "two different windows are called near",
            is_late=True,
        ),
        Refusal(
            lambda: select(Author.name).group_by(Author.name).for_update(), "groups .* lock", is_late=True
        ),
    ],
    "things selected": [
        Refusal(lambda: select(Author.name.label("x"), Author.id.label("x")), "selected as 'x'"),
        Refusal(select_nothing, "nothing is selected"),
        Refusal(lambda: select(author.books), "not Many"),
        Refusal(lambda: select(author.where()), r"scalar\(query\)"),
        Refusal(lambda: select(book).order_by(any_one), "not int"),
        Refusal(lambda: select(book).limit(-1), "whole number"),
        Refusal(lambda: exists(author), r"exists\(\) takes a query"),
        Refusal(lambda: scalar(author), r"scalar\(\) takes a query"),
        Refusal(
            lambda: values_list("v", {"a": int, "b": str}, [(1,)]), "row 0 of v has 1 values for 2 columns"
        ),
    ],
    "prefetches": [
        Refusal(lambda: select(Book).prefetch(Book.title), r"takes relations, not Book\.title"),
        Refusal(lambda: select(Author).prefetch(5), "not int"),
        Refusal(lambda: select(Author).prefetch(Book), "not Book"),
        Refusal(lambda: select(Author).prefetch(select(Book)), "not Query"),
        Refusal(lambda: select(Author).prefetch(Book.author), r"Book\.author is no relation of Author"),
        Refusal(
            lambda: select(Author).prefetch(Author.books.where().prefetch(Author.books)),
            "is no relation of Book",
        ),
        Refusal(
            lambda: select(Author).prefetch_related("nothing"), "no relation of Author is called nothing"
        ),
        Refusal(
            lambda: select(Author).prefetch_related("books__nothing"), "no relation of Book is called nothing"
        ),
        Refusal(lambda: select(Author.name).prefetch(Author.books), "needs a selected model"),
    ],
    "writes": [
        Refusal(lambda: update(Book).set(title=5), r"Book\.title", ValidationError),
        Refusal(lambda: update(Book).set(book.title.to(Book.price)), "title: .* text cannot take .* decimal"),
        Refusal(
            lambda: update(Book).set(Book.price.to(book.author_id + func.max(book.author_id))), "aggregate"
        ),
        Refusal(lambda: update(Book).set(Author.name.to("x")), "a column of Book"),
        Refusal(lambda: update(Book).set(nothing=1), "Book has no column nothing"),
        Refusal(lambda: update(Book).where(func.count() > 1), "where; use having"),
        Refusal(
            lambda: update(Book).where(Author.name == "x").set(title="x"), r"exam_authors\.name", is_late=True
        ),
        Refusal(
            lambda: update(Author).from_(Author).where(Author.id == 1).set(name="x"),
            "read twice",
            is_late=True,
        ),
        Refusal(lambda: delete(Author).using(Author).where(Author.id == 1), "read twice", is_late=True),
        Refusal(lambda: delete(Book).everywhere().returning(func.count()), "returned by a write"),
        Refusal(lambda: delete(Book).everywhere().returning(ranked), "returned by a write"),
        Refusal(lambda: insert(Author).from_select([Author.name], select(Book.title, Book.id)), "selects 2"),
        Refusal(
            lambda: insert(Author).from_select([Author.name], select(Book.price)), "name: .* text cannot take"
        ),
        Refusal(
            lambda: insert(Author).from_select([Author.name, Author.name], select(Book.title, Book.title)),
            "name is inserted twice",
        ),
        Refusal(
            lambda: insert(Author).from_select([Author.name], book),
            r"from_select\(\) takes a query, not Book",
        ),
        Refusal(
            lambda: insert(Book).from_select([Book.title], select(Tag.name)), r"Book\.author_id is left out"
        ),
        Refusal(
            lambda: insert(Ticket).from_select([Ticket.subject], select(Tag.name)),
            r"Ticket\.number has a default that only Python computes",
        ),
        Refusal(
            lambda: insert(Author).values(name="x").from_select([Author.name], select(Tag.name)), "not both"
        ),
    ],
}


async def _run(db: Database, built: Any) -> None:
    await (db.all(built) if isinstance(built, Query) else db.execute(built))


@pytest.mark.parametrize("kind", REFUSALS)
async def test_refused_before_anything_is_sent(open_database: OpenDatabase, kind: str) -> None:
    async with open_database() as db:
        seen: list[QueryEvent] = []
        remove = telemetry.on_query(seen.append)
        try:
            for refusal in REFUSALS[kind]:
                with pytest.raises(refusal.error, match=refusal.match) as caught:
                    await _run(db, refusal.build())
                assert getattr(caught.value, "was_sent", False) is False
            assert seen == []
        finally:
            remove()
        assert await db.count(select(Author)) == 0


@pytest.mark.parametrize("kind", REFUSALS)
def test_refused_while_it_is_built(kind: str) -> None:
    for refusal in REFUSALS[kind]:
        if not refusal.is_late:
            with pytest.raises(refusal.error, match=refusal.match):
                refusal.build()


def test_refusals_are_errors_of_the_library() -> None:
    kinds = {refusal.error for refusals in REFUSALS.values() for refusal in refusals}
    assert all(issubclass(kind, BridgeError) for kind in kinds - {TypeError})
