"""Filters, joins, ordering, limits, grouping: what is asked is what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from bridgeorm import (
    Database,
    MultipleRowsFoundError,
    NoRowFoundError,
    Query,
    QueryError,
    aliased,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    optional,
    select,
    update,
)

from .conftest import OpenDatabase
from .models import Author, Book, BookTag, Category, Tag


async def fill(db: Database) -> None:
    """Three authors, five books, three tags."""
    ann, bob, eve = (
        Author(name="Ann", email="ann@example.org"),
        Author(name="Bob"),
        Author(name="eve", email="eve@example.org"),
    )
    for author in (ann, bob, eve):
        await db.insert(author)
    books = [
        Book(author_id=ann.id, title="SQL by hand", price=Decimal("10.00")),
        Book(author_id=ann.id, title="100% done", price=Decimal("20.50")),
        Book(author_id=ann.id, title="under_score", price=Decimal("5.25")),
        Book(author_id=bob.id, title="sql again", price=Decimal("9.99")),
        Book(author_id=bob.id, title="back\\slash", price=Decimal("100.00")),
    ]
    for book in books:
        await db.insert(book)
    tags = [Tag(name="old"), Tag(name="new"), Tag(name="rare")]
    for tag in tags:
        await db.insert(tag)
    for book, tag in ((books[0], tags[0]), (books[0], tags[1]), (books[3], tags[0])):
        await db.insert(BookTag(book_id=book.id, tag_id=tag.id))


def titles(*conditions: object) -> Query[str]:
    return select(Book.title).where(*conditions).order_by(Book.title)  # type: ignore[arg-type]  # the table below is untyped on purpose


FILTERS: list[tuple[object, set[str]]] = [
    (Book.title == "sql again", {"sql again"}),
    (Book.title == "SQL AGAIN", set()),
    (Book.title != "sql again", {"SQL by hand", "100% done", "under_score", "back\\slash"}),
    (Book.price < Decimal("9.99"), {"under_score"}),
    (Book.price <= Decimal("9.99"), {"under_score", "sql again"}),
    (Book.price > 20, {"100% done", "back\\slash"}),
    (Book.price >= Decimal("20.5"), {"100% done", "back\\slash"}),
    (Book.price.between(Decimal("9.99"), Decimal(10)), {"SQL by hand", "sql again"}),
    (Book.price * 2 > Decimal(150), {"back\\slash"}),
    (Book.price + Book.price == Decimal("41.00"), {"100% done"}),
    (Book.price - 5 < Decimal(1), {"under_score"}),
    (Book.title.like("%\\%%"), {"100% done"}),
    (Book.title.ilike("sql%"), {"SQL by hand", "sql again"}),
    (Book.title.like("sql%"), {"sql again"}),
    (Book.title.startswith("100%"), {"100% done"}),
    (Book.title.startswith("1_0"), set()),
    (Book.title.endswith("\\slash"), {"back\\slash"}),
    (Book.title.contains("_"), {"under_score"}),
    (Book.title.contains("%"), {"100% done"}),
    (Book.title.in_(["sql again", "under_score", "none"]), {"sql again", "under_score"}),
    (Book.title.in_([]), set()),
    (Book.title.not_in([]), {"SQL by hand", "100% done", "under_score", "sql again", "back\\slash"}),
    (Book.title.not_in(["sql again"]), {"SQL by hand", "100% done", "under_score", "back\\slash"}),
    (Book.price.in_([Decimal("10"), Decimal("100.00")]), {"SQL by hand", "back\\slash"}),
    (Book.author_id.in_(select(Author.id).where(Author.name == "Bob")), {"sql again", "back\\slash"}),
    ((Book.price > 50) | (Book.title == "under_score"), {"back\\slash", "under_score"}),
    ((Book.price > 50) & (Book.title == "under_score"), set()),
    (~(Book.price > 10), {"SQL by hand", "under_score", "sql again"}),
    (Book.tags.any(Tag.name == "old"), {"SQL by hand", "sql again"}),
    (~Book.tags.any(), {"100% done", "under_score", "back\\slash"}),
    (Book.author.has(Author.name == "Bob"), {"sql again", "back\\slash"}),
    (exists(select(BookTag).where(BookTag.book_id == Book.id)), {"SQL by hand", "sql again"}),
    (func.lower(Book.title) == "sql by hand", {"SQL by hand"}),
    (func.length(Book.title) == 9, {"100% done", "sql again"}),
    (case((Book.price > Decimal(20), "dear"), else_="cheap") == "dear", {"100% done", "back\\slash"}),
    (cast(Book.price, str).startswith("9"), {"sql again"}),
]


@pytest.mark.parametrize("index", range(len(FILTERS)))
async def test_filter(open_database: OpenDatabase, index: int) -> None:
    condition, expected = FILTERS[index]
    async with open_database() as db:
        await fill(db)
        assert set(await db.all(titles(condition))) == expected


async def test_null_is_never_guessed(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        assert await db.all(select(Author.name).where(Author.email.is_null())) == ["Bob"]
        assert await db.all(select(Author.name).where(Author.email == None)) == ["Bob"]  # noqa: E711 the operator builds SQL
        assert len(await db.all(select(Author.name).where(Author.email != None))) == 2  # noqa: E711 the operator builds SQL
        assert await db.all(
            select(Author.name)
            .where(Author.email.is_distinct_from("ann@example.org"))
            .order_by(Author.name.desc())
        ) in (
            ["eve", "Bob"],
            ["Bob", "eve"],
        )


async def test_ordering_limits_and_distinct(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        by_price = [Decimal("5.25"), Decimal("9.99"), Decimal("10.00"), Decimal("20.50"), Decimal("100.00")]
        assert await db.all(select(Book.price).order_by(Book.price)) == by_price
        assert (
            await db.all(select(Book.price).order_by(Book.price.desc()).limit(2).offset(1))
            == by_price[::-1][1:3]
        )
        assert await db.all(select(Author.email).order_by(Author.email.asc().nulls_first())) == [
            None,
            "ann@example.org",
            "eve@example.org",
        ]
        assert await db.all(select(Author.email).order_by(Author.email.desc().nulls_last())) == [
            "eve@example.org",
            "ann@example.org",
            None,
        ]
        assert await db.all(select(Author.name).order_by(Author.name)) == ["Ann", "Bob", "eve"]
        assert len(await db.all(select(Book.author_id).distinct())) == 2
        assert await db.all(select(Book.title).limit(0)) == []


async def test_joins(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        pairs = await db.all(
            select(Book.title, Author.name).join(Book.author).where(Author.name == "Bob").order_by(Book.title)
        )
        assert pairs == [("back\\slash", "Bob"), ("sql again", "Bob")]
        rows = await db.all(
            select(Author, optional(Book)).left_join(Author.books).order_by(Author.name, Book.title)
        )
        assert [(author.name, book.title if book else None) for author, book in rows][-1] == ("eve", None)
        assert len(rows) == 6
        tagged = await db.all(select(Book.title).join(Book.tags).where(Tag.name == "new"))
        assert tagged == ["SQL by hand"]
        other = aliased(Author)
        same = await db.all(
            select(Author.name, other.name).join(other, on=Author.id < other.id).order_by(Author.id, other.id)
        )
        assert same == [("Ann", "Bob"), ("Ann", "eve"), ("Bob", "eve")]


async def test_self_reference(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        root = await db.insert(Category(name="root"))
        await db.insert(Category(name="leaf", parent_id=root.id))
        parent = aliased(Category)
        assert await db.all(select(Category.name, parent.name).join(Category.parent, parent)) == [
            ("leaf", "root")
        ]


@dataclass
class AuthorStats:
    """What the grouping test asks for."""

    name: str
    books: int
    average: Decimal | None


async def test_grouping_and_into(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        query = (
            select(Author.name, func.count(Book.id).label("books"), func.avg(Book.price).label("average"))
            .join(Author.books)
            .group_by(Author.name)
            .having(func.count() > 2)
            .into(AuthorStats)
        )
        (stats,) = await db.all(query)
        assert (stats.name, stats.books) == ("Ann", 3)
        assert stats.average is not None
        assert stats.average.quantize(Decimal("0.0001")) == Decimal("11.9167")
        assert await db.one(select(func.sum(Book.price))) == Decimal("145.74")
        assert await db.one(select(func.max(Book.price), func.min(Book.price))) == (
            Decimal("100.00"),
            Decimal("5.25"),
        )
        assert await db.one(select(func.sum(Book.price)).where(Book.title == "none")) is None
        assert await db.count(select(Book).where(Book.price > 10)) == 2
        assert await db.exists(select(Book).where(Book.price > 1000)) is False


async def test_verbs(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        ann = await db.get(Author, name="Ann")
        assert await db.find(Author, 10_000) is None
        with pytest.raises(NoRowFoundError):
            await db.get(Author, 10_000)
        with pytest.raises(MultipleRowsFoundError):
            await db.one(select(Author))
        assert await db.first(select(Author).where(Author.name == "nobody")) is None
        assert await db.scalar(select(Author.name).where(Author.id == ann.id)) == "Ann"
        tag_link = await db.first(select(BookTag))
        assert tag_link is not None
        assert await db.get(BookTag, (tag_link.book_id, tag_link.tag_id)) is tag_link


async def test_writing(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        returned = await db.all(insert(Tag).values(name="fresh").returning(Tag.id, Tag.name))
        assert [name for _, name in returned] == ["fresh"]
        changed = await db.execute(update(Book).where(Book.price < 10).set(Book.price.to(Book.price * 2)))
        assert changed.rowcount == 2
        assert await db.one(select(Book.price).where(Book.title == "under_score")) == Decimal("10.50")
        doubled = await db.all(
            update(Book).where(Book.title == "under_score").set(price=Decimal("1.00")).returning(Book)
        )
        assert [book.price for book in doubled] == [Decimal("1.00")]
        gone = await db.execute(delete(Tag).where(Tag.name == "fresh"))
        assert gone.rowcount == 1
        assert (await db.execute(delete(BookTag).everywhere())).rowcount == 3


async def test_writing_everything_must_be_said(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        for statement in (update(Book).set(price=Decimal(1)), delete(Book)):
            with pytest.raises(QueryError):
                await db.execute(statement)


def test_truth_of_an_expression_raises() -> None:
    with pytest.raises((QueryError, TypeError)):
        bool(Book.price > 5)
    with pytest.raises((QueryError, TypeError)):
        1 < Book.price < 5  # noqa: B015 chained comparison is the point
    with pytest.raises((QueryError, TypeError)):
        "x" in Book.title  # noqa: B015 containment is the point
    with pytest.raises((QueryError, TypeError)):
        select(Book).where(True)  # type: ignore[arg-type]  # a plain bool must be refused
