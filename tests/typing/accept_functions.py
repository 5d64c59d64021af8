"""What type checkers must accept of functions, wide selects and plans, with exactly these types. Checked by
test_typing.py, never run.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any, assert_type

from models import Author, Book

from bridgeorm import Database, Expression, Plan, Query, delete, func, insert, literal, select, text_index
from bridgeorm.functions import Aggregate


def everyday() -> None:
    assert_type(func.concat(Author.name, " ", Author.email), Expression[str])
    assert_type(func.replace(Author.name, "a", Author.name), Expression[str])
    assert_type(func.replace(Author.email, "a", "b"), Expression[str | None])
    assert_type(func.substring(Author.email, 1, 2), Expression[str | None])
    assert_type(func.ltrim(Author.name), Expression[str])
    assert_type(func.position(Author.name, "@"), Expression[int])
    assert_type(func.position(Author.email, "@"), Expression[int | None])
    assert_type(func.length(Author.name), Expression[int])
    assert_type(func.length(Author.email), Expression[int | None])
    assert_type(func.greatest(Book.price, Decimal(1)), Expression[Decimal])
    assert_type(func.least(Book.title, Author.name, "z"), Expression[str])
    assert_type(func.greatest(Book.pages, 5), Expression[int | None])
    assert_type(func.ceil(Book.price), Expression[Decimal])
    assert_type(func.floor(Book.weight), Expression[float])
    assert_type(func.nullif(Book.title, Author.name), Expression[str | None])
    assert_type(func.sum(Author.created_at - Author.created_at), Aggregate[timedelta | None])
    assert_type(func.avg(Author.created_at - Author.created_at), Aggregate[timedelta | None])
    assert_type(func.max(Author.created_at - Author.created_at), Aggregate[timedelta | None])
    assert_type(Author.email.icontains("x"), Expression[bool])
    assert_type(Author.name.istartswith("x") & Author.name.iendswith("y"), Expression[bool])
    assert_type(literal(5), Expression[int])
    assert_type(literal("x"), Expression[str])
    assert_type(literal(None, int), Expression[int | None])
    assert_type(literal([1], list[int]), Expression[list[int]])
    assert_type(func.search("x", Author.name, Author.email), Expression[bool])
    assert_type(func.search_rank("x", Author.email), Expression[float])
    assert_type(func.search_highlight("x", Author.email), Expression[str | None])
    assert_type(func.search_snippet("x", Author.name, words=5), Expression[str])
    text_index(Author.name, Author.email, language="simple")


def wide() -> None:
    i, s, f = Author.id, Book.title, Book.weight
    six = select(i, s, f, i, s, f)
    assert_type(six, Query[tuple[int, str, float, int, str, float]])
    assert_type(select(i, s, f, i, s, f, Book), Query[tuple[int, str, float, int, str, float, Book]])
    ten = select(i, s, f, i, s, f, i, s, f, Author.email)
    assert_type(ten, Query[tuple[int, str, float, int, str, float, int, str, float, str | None]])
    assert_type(select(i, i, i, i, i, i, i, i, i, i, i, i), Query[tuple[Any, ...]])


async def explained(db: Database) -> None:
    assert_type(await db.explain(insert(Author).values(name="x")), Plan)
    assert_type(await db.explain(delete(Author).where(Author.id == 1).returning(Author), analyze=True), Plan)
