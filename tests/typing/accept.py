"""What type checkers must accept, with exactly these types. Checked by test_typing.py, never run."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, assert_type
from uuid import UUID

from models import Author, AuthorStats, Book, Category, Copy, Genre, Profile, Shelf, Tag

from bridgeorm import (
    Column,
    Database,
    Derived,
    Expression,
    JsonPath,
    Many,
    One,
    Page,
    Plan,
    Query,
    Related,
    Result,
    SyncDatabase,
    aliased,
    case,
    cast,
    delete,
    excluded,
    exists,
    func,
    insert,
    optional,
    rollup,
    row,
    scalar,
    select,
    sql,
    update,
    values_list,
    window,
)
from bridgeorm.functions import Aggregate
from bridgeorm.raw_sql import RawSql


def instances() -> None:
    ann = Author(name="Ann")
    Author(name="Ann", email=None)
    book = Book(author=ann, title="SQL")
    Book(author_id=1, title="SQL", price=Decimal("9.99"), genre=Genre.NOVEL)
    Tag(name="old")
    Category(name="root")
    assert_type(ann.id, int)
    assert_type(ann.email, str | None)
    assert_type(book.id, UUID)
    assert_type(book.details, dict[str, object])
    assert_type(book.author, Author)
    assert_type(book.author.id, int)
    assert_type(ann.profile, Profile | None)
    assert_type(ann.books, Related[Book])
    assert_type(ann.books[0].author.name, str)
    assert_type([each.title for each in ann.books], list[str])
    book.price = Decimal("1.00")
    book.author = ann
    book.genre = None


def composite_keys(shelf: Shelf) -> None:
    copy = Copy(shelf=shelf, note="torn")
    Copy(room="A", shelf_number=5, note="torn")
    assert_type(copy.shelf, Shelf)
    assert_type(copy.room, str)
    assert_type(Copy.shelf_number, Column[int])


def columns() -> None:
    assert_type(Author.id, Column[int])
    assert_type(Author.email, Column[str | None])
    assert_type(Book.author, One[Author])
    assert_type(Author.books, Many[Book])
    assert_type(Author.profile, One[Profile | None])


def expressions() -> None:
    assert_type(Author.id == 5, Expression[bool])
    assert_type(Author.email == "x", Expression[bool])
    assert_type(Author.email == Author.name, Expression[bool])
    assert_type(Author.name == Author.email, Expression[bool])
    assert_type(Book.pages == Author.id, Expression[bool])
    assert_type(Category.parent_id == None, Expression[bool])  # noqa: E711 - builds IS NULL
    assert_type(Book.price > 5, Expression[bool])
    assert_type(Book.price.between(5, Decimal(20)), Expression[bool])
    assert_type(Book.price * 2, Expression[Decimal])
    assert_type(Author.id * Book.price, Expression[Decimal])
    assert_type(Author.id + 1, Expression[int])
    assert_type(Book.weight * 2, Expression[float])
    assert_type(Author.name + "!", Expression[str])
    assert_type((Author.id == 1) & (Author.id > 3) | ~Author.name.ilike("x%"), Expression[bool])
    assert_type(Book.genre.in_([Genre.NOVEL]), Expression[bool])
    assert_type(Author.id.in_(select(Book.author_id)), Expression[bool])
    assert_type(case((Book.price > Decimal(20), "dear"), else_="cheap"), Expression[str])
    assert_type(cast(Book.price, str), Expression[str])
    assert_type(exists(select(Tag)), Expression[bool])
    assert_type(Book.author == Author(name="Ann"), Expression[bool])
    assert_type(Book.author.has(Author.name == "Ann"), Expression[bool])
    assert_type(Book.tags.any(Tag.name == "old"), Expression[bool])


def queries() -> None:
    assert_type(Author.where(Author.id == 1), Query[Author])
    assert_type(select(Book), Query[Book])
    assert_type(select(Author.name), Query[str])
    assert_type(select(Author.name, Author.id), Query[tuple[str, int]])
    assert_type(select(Book, optional(Author)).left_join(Book.author), Query[tuple[Book, Author | None]])
    assert_type(select(Author.name, func.count(Book.id).label("books")), Query[tuple[str, int]])
    assert_type(select(func.avg(Book.price)), Query[Decimal | None])
    assert_type(select(func.avg(Author.id)), Query[Decimal | None])
    assert_type(select(func.sum(Author.id)), Query[int | None])
    assert_type(select(func.max(Book.price)), Query[Decimal | None])
    parent = aliased(Category)
    assert_type(
        select(Category, parent).join(Category.parent, parent).where(parent.name == "x"),
        Query[tuple[Category, Category]],
    )
    stats = (
        select(Author.name, func.count(Book.id).label("books"), func.avg(Book.price))
        .join(Author.books)
        .group_by(Author.name)
        .having(func.count() > 3)
        .into(AuthorStats)
    )
    assert_type(stats, Query[AuthorStats])
    assert_type(
        select(Book)
        .join(Book.author)
        .where(
            Author.name.startswith("A"),
            Book.price.between(Decimal(5), Decimal(20)) | Book.title.ilike("%sql%"),
            ~Book.tags.any(Tag.name == "old"),
        )
        .order_by(Author.name, Book.price.desc().nulls_last())
        .limit(20)
        .offset(40),
        Query[Book],
    )
    assert_type(
        select(Book).prefetch(
            Book.author,
            Author.books.where(Book.price > 5).order_by(Book.price).limit(3).prefetch(Book.tags),
        ),
        Query[Book],
    )


def values() -> None:
    assert_type(scalar(select(func.max(Book.price))), Expression[Decimal | None])
    assert_type(Book.price == scalar(select(func.max(Book.price))), Expression[bool])
    assert_type(case((Book.price > 20, "dear")), Expression[str | None])
    assert_type(case((Book.price > 20, Author.id), else_=0), Expression[int])
    assert_type(Book.title.cast(int), Expression[int])
    assert_type(func.coalesce(Author.email, "none"), Expression[str])
    assert_type(func.coalesce(Author.email, Author.email), Expression[str | None])
    assert_type(func.lower(Author.email), Expression[str])
    assert_type(func.random_uuid(), Expression[UUID])
    assert_type(func.margin(Book.price, returns=Decimal), Expression[Decimal])
    assert_type(func.string_agg(Book.title, ", ").filter(Book.price > 5), Aggregate[str | None])
    assert_type(select(Author.id, Author.name, Author.email), Query[tuple[int, str, str | None]])
    assert_type(
        select(Author, Author.id, Author.name, Author.email), Query[tuple[Author, int, str, str | None]]
    )
    assert_type(
        select(Author, Author.id, Author.name, Author.email, Book),
        Query[tuple[Author, int, str, str | None, Book]],
    )
    assert_type(
        select(Author, optional(Book.price)).left_join(Author.books), Query[tuple[Author, Decimal | None]]
    )
    assert_type(
        select(optional(Author), optional(Book)).full_join(Author.books),
        Query[tuple[Author | None, Book | None]],
    )
    assert_type(select(Author.name).distinct(Author.name).order_by(Author.name), Query[str])


def tables() -> None:
    tree = (
        select(Category)
        .where(Category.parent_id == None)  # noqa: E711 - builds IS NULL
        .cte("tree", recursive=lambda t: select(Category).join(t, on=Category.parent_id == t.id))
    )
    assert_type(tree, type[Category])
    assert_type(select(tree).where(tree.name == "x"), Query[Category])
    assert_type(select(Book).subquery("books"), type[Book])
    rank = func.row_number().over(partition_by=Book.author_id, order_by=Book.price.desc()).label("rank")
    ranked = select(Book, rank).subquery("ranked")
    assert_type(ranked, Derived)
    assert_type(ranked[Book], type[Book])
    assert_type(ranked[rank], Expression[int])
    assert_type(select(ranked[Book], ranked[rank]), Query[tuple[Book, int]])
    assert_type(aliased(tree), type[Category])
    assert_type(select(Book).lateral("own"), type[Book])
    assert_type(select(Book.title).subquery("titles")[Book.title], Expression[str])
    gone = delete(Book).where(Book.price < 1).returning(Book).cte("gone")
    assert_type(gone, type[Book])
    prices = values_list("prices", {"title": str, "price": Decimal}, [("SQL", Decimal(5))])
    assert_type(prices.column("price", Decimal), Expression[Decimal])
    assert_type(select(Author.name).union(select(Tag.name)), Query[str])
    assert_type(select(Book).except_(select(Book).where(Book.price > 5)), Query[Book])
    assert_type(select(Book, Author).cross_join(Author), Query[tuple[Book, Author]])


def windows() -> None:
    by_price = window("by_price", order_by=Book.price)
    assert_type(func.row_number().over(by_price), Expression[int])
    assert_type(
        func.sum(Book.price).over(partition_by=Book.author_id, rows=(None, 0)), Expression[Decimal | None]
    )
    assert_type(func.lag(Book.title).over(by_price), Expression[str | None])
    assert_type(func.lag(Book.title, 1, "none").over(by_price), Expression[str])
    assert_type(func.count().filter(Book.price > 5).over(), Expression[int])
    assert_type(func.percent_rank().over(by_price), Expression[float])
    assert_type(func.ntile(4).over(by_price), Expression[int])
    assert_type(func.first_value(Book.title).over(by_price), Expression[str | None])
    assert_type(func.lead(Book.pages, 1, 0).over(by_price), Expression[int | None])
    assert_type(func.sum(func.count(Book.id)).over(), Expression[int | None])
    assert_type(select(Book.title, func.rank().over(by_price)), Query[tuple[str, int]])
    assert_type(func.array_agg(Author.name), Aggregate[list[str] | None])
    assert_type(func.percentile_disc(0.5).within_group(Book.price), Aggregate[Decimal | None])
    assert_type(row(Author.id, Author.name) == (1, "Ann"), Expression[bool])
    assert_type(row(Author.id, Author.name).in_([(1, "Ann")]), Expression[bool])
    select(optional(Author.name), func.count()).group_by(rollup(Author.name))


async def raw_sql(db: Database) -> None:
    text = sql("SELECT name, 1, 2 FROM authors WHERE id = {id}")
    assert_type(text, RawSql[tuple[Any, ...]])
    assert_type(await db.all(text(id=1)), list[tuple[Any, ...]])
    assert_type(await db.one(text(id=1).into(AuthorStats)), AuthorStats)
    assert_type(await db.execute_raw(text, id=1), Result)
    assert_type(sql.file("queries/authors.sql", id=1), RawSql[tuple[Any, ...]])
    assert_type(sql.value([1], list[int]), Expression[list[int]])
    books = sql("SELECT * FROM books").subquery("books_again", Book)
    assert_type(await db.all(select(books).where(sql("1 = 1"), books.price > 5)), list[Book])
    counts = sql("SELECT 1 AS number").subquery("counts", {"number": int})
    assert_type(await db.all(select(counts.column("number", int))), list[int])
    update(Book).where(sql("1 = 1")).set(price=Decimal(1))


def documents() -> None:
    path = Book.details["author"]["name"]
    assert_type(path, JsonPath)
    assert_type(sql("LENGTH({title})", title=Book.title).as_(int), Expression[int])
    assert_type(path.as_str(), Expression[str | None])
    assert_type(Book.details["tags"][0].as_int(), Expression[int | None])
    assert_type(Book.details["sold"].as_bool(), Expression[bool | None])
    assert_type(Book.details.contains({"a": 1}), Expression[bool])
    update(Book).everywhere().set(Book.details.to(path.set("Ann")))


def numbers_and_moments() -> None:
    assert_type(Book.price * Book.revision, Expression[Decimal])
    assert_type(Book.revision * Book.price, Expression[Decimal])
    assert_type(Book.revision - Decimal("0.5"), Expression[Decimal])
    assert_type(Book.price * Book.pages, Expression[Decimal | None])
    assert_type(Book.revision + Book.pages, Expression[int | None])
    assert_type(1 - Book.price, Expression[Decimal])
    assert_type(Book.weight / 2, Expression[float])
    assert_type(func.round(Book.price, 1), Expression[Decimal])
    assert_type(Book.price / func.nullif(Book.revision, 0), Expression[Decimal | None])
    assert_type(func.extract("month", Author.created_at), Expression[int])
    assert_type(func.extract("hour", func.max(Author.created_at)), Expression[int | None])
    assert_type(func.date_trunc("month", Author.created_at), Expression[datetime])
    assert_type(func.add_months(Author.created_at.cast(date), 2), Expression[date])
    assert_type(func.days_between(Author.created_at, date(2024, 1, 1)), Expression[int])
    assert_type(Author.created_at + timedelta(days=1), Expression[datetime])
    assert_type(Author.created_at - Author.created_at, Expression[timedelta])


async def verbs(db: Database) -> None:
    assert_type(await db.all(select(Author)), list[Author])
    assert_type(await db.first(select(Author.name, Author.id)), tuple[str, int] | None)
    assert_type(await db.one(select(Author)), Author)
    assert_type(await db.get(Author, 5), Author)
    assert_type(await db.find(Author, name="x"), Author | None)
    assert_type(await db.scalar(select(Author.name)), str)
    assert_type(await db.count(select(Author)), int)
    assert_type(await db.exists(select(Author)), bool)
    assert_type(await db.page(select(Author), size=50), Page[Author])
    async for book in db.stream(select(Book), batch=10):
        assert_type(book, Book)
    ann = await db.insert(Author(name="Ann"))
    assert_type(ann, Author)
    assert_type(await db.insert_many([ann]), list[Author])
    assert_type(await db.insert_many(Author, [{"name": "Ann"}]), int)
    unless_known = insert(Author).on_conflict(Author.email).ignore()
    assert_type(await db.insert_many(unless_known, [{"name": "Ann"}]), int)
    assert_type(await db.insert_many(unless_known, [ann]), int)
    assert_type(await db.update(ann), Author)
    assert_type(await Author.where(Author.id == 1), list[Author])
    assert_type(await Author.where().first(), Author | None)
    book = await db.one(select(Book))
    assert_type(await book.author, Author)
    assert_type(await ann.books, list[Book])
    assert_type(await Author.profile.load(ann), Profile | None)
    assert_type(await Author.books.load(ann), list[Book])
    await book.tags.add(Tag(name="new"))
    task = asyncio.create_task(db.all(select(Author)))
    assert_type(await task, list[Author])
    async with db.transaction(isolation="serializable") as tx:
        assert_type(await tx.all(select(Author)), list[Author])
    async with db.session() as session:
        session.add(ann, book)
        await session.flush()

    async def work(name: str) -> Author:
        return await db.insert(Author(name=name))

    assert_type(await db.run_transaction(work, "Ann", attempts=3), Author)


async def writing(db: Database) -> None:
    upsert = (
        insert(Author)
        .values(name="Ann", email="a@b")
        .on_conflict(Author.email)
        .update(Author.name.to(excluded(Author.name)))
        .returning(Author.id)
    )
    assert_type(await db.one(upsert), int)
    raised = update(Book).where(Book.price < 5).set(Book.price.to(Book.price * 2)).returning(Book)
    assert_type(await db.all(raised), list[Book])
    assert_type(
        await db.all(
            update(Author).from_(Book).where(Book.author_id == Author.id).set(name="x").returning(Author.name)
        ),
        list[str],
    )
    changed = insert(Author).values(name="Ann").on_conflict(Author.email).update(name="Bob")
    assert_type(await db.one(changed.where(Author.name != "Ann").returning(Author)), Author)
    assert_type(await db.execute(delete(Book).where(Book.title == "x")), Result)
    copied = insert(Book).from_select([Book.title, Book.author_id], select(Author.name, Author.id))
    assert_type(await db.all(copied.returning(Book.id, Book.title)), list[tuple[UUID, str]])
    gone = delete(Author).everywhere().returning(Author.name, Author.id, Author.email)
    assert_type(await db.first(gone), tuple[str, int, str | None] | None)
    assert_type(await db.all(gone.into(AuthorStats)), list[AuthorStats])
    assert_type(await db.execute(update(Book).everywhere().set(price=Decimal(1))), Result)


def blocking(db: SyncDatabase) -> None:
    with db:
        assert_type(db.all(select(Author)), list[Author])
        assert_type(db.get(Author, 5), Author)
        assert_type(db.insert_many(Author, [{"name": "Ann"}]), int)
        with db.transaction() as tx:
            assert_type(tx.scalar(select(func.count(Author.id))), int)
        for book in db.stream(select(Book)):
            assert_type(book.author, Author)


async def contract(db: Database, ann: Author, book: Book) -> None:
    assert_type(select(Book).where(exists(select(Tag).where(Tag.name == Book.title))), Query[Book])
    assert_type(select(Category).where(Category.parent_id == None), Query[Category])  # noqa: E711 - builds IS NULL
    assert_type(select(Book).for_update(skip_locked=True, nowait=False, of=Book), Query[Book])
    assert_type(select(Book).for_share(), Query[Book])
    assert_type(select(Author).where(Author.id.in_(select(Book.author_id).distinct())), Query[Author])
    assert_type(select(Book).join(Author, on=Author.id == Book.author_id), Query[Book])
    assert_type(Book.title.is_distinct_from("x"), Expression[bool])
    assert_type(Author.email.is_null() | Author.email.is_not_null(), Expression[bool])
    assert_type(Book.author == ann, Expression[bool])
    assert_type(await db.get(Author, name="x"), Author)
    assert_type(await db.find(Author, 5), Author | None)
    assert_type(await db.explain(select(Book), analyze=False), Plan)
    assert_type(await db.refresh(ann), Author)
    assert_type(await db.delete(book), Book)
    await db.prefetch([book], Book.author, Book.tags)
    await db.create_tables(Author, Book)
    await db.drop_tables()
    assert_type(await select(Book), list[Book])
    assert_type(await select(Book).all(), list[Book])
    assert_type(await select(Book).one(), Book)
    assert_type(await select(Book).count(), int)
    assert_type(await select(Book).exists(), bool)
    assert_type(await ann.books.where(Book.price > 5), list[Book])
    await book.tags.remove(Tag(name="x"))
    await book.tags.set([Tag(name="x")])
    async with db.transaction(isolation="serializable", readonly=False, deferrable=False) as tx:
        assert_type(await tx.exists(select(Book)), bool)
    with db.budget(queries=5, rows=10_000, seconds=0.2), db.timeout(1.5):
        assert_type(await db.first(select(Book)), Book | None)
    copied = insert(Book).from_select([Book.title, Book.author_id], select(Author.name, Author.id))
    assert_type(await db.execute(copied), Result)
    assert_type(
        await db.all(update(Book).where(Book.price > 5).set(price=Decimal(1)).returning(Book)), list[Book]
    )
    assert_type(await db.first(delete(Book).where(Book.title == "x").returning(Book.title)), str | None)
    ignored = insert(Author).values(name="Ann").on_conflict(Author.email).ignore()
    assert_type(await db.execute(ignored), Result)
    async with asyncio.TaskGroup() as group:
        assert_type(group.create_task(db.count(select(Book))), asyncio.Task[int])
    Book(author=ann, title="x")
    Book(author_id=ann.id, title="x")
