"""What type checkers must refuse: every line that ends in `# refused`, and no other; `# refused by pyright`
is for LiteralString, which mypy does not know. Checked by test_typing.py, never run.
"""

from __future__ import annotations

from decimal import Decimal

from models import Author, AuthorStats, Book, Copy, Genre, Tag

from bridgeorm import Database, Expression, Query, cast, row, select, sql
from bridgeorm.entities import aliased, optional
from bridgeorm.functions import case, exists, func, scalar
from bridgeorm.statements import delete, excluded, insert, update


def construction() -> None:
    Author(name=5)  # refused
    Author(nam="Ann")  # refused
    Author()  # refused
    Author(name="Ann", id=1)  # refused
    Author("Ann")  # refused
    Author(name=None)  # refused
    Book(author="Ann", title="SQL")  # refused
    Book(author_id=1, title="SQL", revision=2)  # refused
    Book(author_id=1, title="SQL", genre="novel")  # refused
    Author(name="Ann", books=[])  # refused


def instances(ann: Author, book: Book) -> None:
    ann.name = 5  # refused
    ann.name = None  # refused
    book.price = 1.5  # refused
    book.author = book  # refused
    book.genre = "novel"  # refused
    ann.nothing = 1  # refused
    ann.books = []  # refused
    ann.profile.text.upper()  # refused


def conditions() -> None:
    select(Author).where(Author.id == "x")  # refused
    select(Author).where(Author.name == 5)  # refused
    select(Author).where(Author.id >= "x")  # refused
    select(Author).where(Book.price > 1.5)  # refused
    select(Author).where(Book.price == 1.5)  # refused
    select(Author).where(True)  # refused
    select(Author).where(Author.name)  # refused
    select(Author).where(Author.nothing == 1)  # refused
    select(Author).where(Author.id.ilike("x"))  # refused
    select(Author).where(Author.id.in_(["x"]))  # refused
    select(Author).where(Author.id.in_(select(Author.name)))  # refused
    select(Book).where(Book.genre == "novel")  # refused
    select(Book).where(Book.price.between("a", "b"))  # refused
    select(Book).where(Book.price * 1.5 > 3)  # refused
    select(Author).having(func.count() > "3")  # refused


def values() -> None:
    text: Expression[str] = Author.id + 1  # refused
    band: Expression[int] = case((Book.price > 5, "dear"), else_="cheap")  # refused
    number: Expression[int] = cast(Book.price, str)  # refused
    filled: Expression[int] = func.coalesce(Author.email, "none")  # refused
    func.coalesce(Author.email, 5).ilike("x")  # refused
    case((True, "dear"))  # refused
    exists(Author)  # refused
    scalar(Author.name)  # refused
    optional(5)  # refused
    func.max(5)  # refused
    func.lower(Author.id)  # refused
    func.ntile("4")  # refused
    func.percentile_cont("half")  # refused
    select(aliased(Author).nme)  # refused
    select(Author).where(Author.id == scalar(select(Author.name)))  # refused
    seen: list[object] = [text, band, number, filled]
    seen.clear()


def shapes() -> None:
    pair: Query[tuple[str, str]] = select(Author.name, Author.id)  # refused
    single: Query[int] = select(Author.name)  # refused
    missing: Query[tuple[Book, Author]] = select(Book, optional(Author)).left_join(Book.author)  # refused
    stats: Query[AuthorStats] = select(Author.name, Author.id).into(Author)  # refused
    select(Author.name).into(5)  # refused
    select()  # refused
    seen: list[object] = [pair, single, missing, stats]
    seen.clear()


def clauses() -> None:
    select(Author).limit("1")  # refused
    select(Author).order_by("name")  # refused
    select(Author).group_by("name")  # refused
    select(Author).join("books")  # refused
    select(Author).where(Author.id == 1 and 5)  # refused
    select(Book).where(Book.title.startswith(5))  # refused
    select(Book).where(Book.price.is_distinct_from("x"))  # refused
    select(Book).prefetch_related(5)  # refused
    select(Book).for_update(skip_locked="yes")  # refused
    select(Book).having(True)  # refused
    select(Book).join(Author, on=True)  # refused
    select(Book).join(5)  # refused
    select(Book).order_by(5)  # refused
    select(Book).distinct("title")  # refused
    select(Book).union(Book)  # refused
    select(Book).cte("books", materialized="yes")  # refused


def tables() -> None:
    of = Book.author_id
    tree = select(Author).cte("tree", recursive=lambda t: select(Book).join(t, on=of == t.id))  # refused
    rows = select(Author).subquery("rows")
    select(rows).where(rows.nothing == 1)  # refused
    select(rows).where(rows.name == 5)  # refused
    select(Author.name).union(select(Author.id))  # refused
    select(Book).intersect(select(Author))  # refused
    ranked = select(Book, func.count()).subquery("ranked")
    names: Query[Author] = select(ranked[Book])  # refused
    rank = func.rank().over(order_by=Book.price)
    place: Expression[str] = select(rank).subquery("places")[rank]  # refused
    select(select(Author).lateral("own").nothing)  # refused
    select(place)
    seen: list[object] = [tree, names]
    seen.clear()


def windows() -> None:
    select(func.row_number())  # refused
    func.sum(Author.name)  # refused
    func.row_number().over(order=Book.price)  # refused
    func.row_number().over(order_by=Book.price, rows=("a", "b"))  # refused
    func.string_agg(Author.id, ",")  # refused
    row(Author.id, Author.name).in_([("x", 5)])  # refused
    place: Expression[str] = func.rank().over(order_by=Book.price)  # refused
    total: Expression[int] = func.sum(Book.price).over()  # refused
    before: Expression[str] = func.lag(Book.title).over(order_by=Book.price)  # refused
    func.sum(Book.price).over(rows=1)  # refused
    func.count().filter(True)  # refused
    func.rank().over(partition_by="author")  # refused
    seen: list[object] = [place, total, before]
    seen.clear()


def documents() -> None:
    Author.name["x"]  # refused
    select(Book).where(Book.details["sold"].as_str() > 5)  # refused
    Book.details.contains("x")  # refused


def writing() -> None:
    insert(Author).values(nme="Ann")  # refused
    insert(Author).on_conflict("email")  # refused
    update(Book).where(True)  # refused
    insert(Author).values(name=5)  # refused
    insert(Author).values()  # refused
    update(Book).set(Book.price.to(1.5))  # refused
    update(Book).set(Book.title.to(None))  # refused
    update(Book).set(Book.genre.to("novel"))  # refused
    update(Book).set(Book.title.to(Book.price))  # refused
    update(Author).set(Author.name.to(excluded(Author.id)))  # refused
    insert(Author).from_select(["name"], select(Book.title))  # refused
    insert(Author).from_select([Author.name], Book)  # refused
    delete(Book).everywhere().returning("title")  # refused
    Copy(note="torn", shelf=5)  # refused
    Copy(room="A", shelf_number=5)  # refused


async def texts(db: Database, name: str) -> None:
    sql(name)  # refused by pyright
    sql(f"SELECT {name}")  # refused by pyright
    sql("SELECT " + name)  # refused by pyright
    sql.file(name)  # refused by pyright
    await db.execute_raw(f"SELECT '{name}'")  # refused by pyright
    sql(b"SELECT 1")  # refused
    await db.execute_raw(5)  # refused


def numbers_and_moments() -> None:
    _ = Book.price * Book.weight  # refused
    _ = Book.price * "2"  # refused
    _ = Author.created_at + 1  # refused
    _ = Author.created_at * 2  # refused
    func.extract("century", Author.created_at)  # refused
    func.date_trunc("month", Book.title)  # refused
    func.add_days(Book.revision, 1)  # refused
    func.round(Book.title)  # refused


async def verbs(db: Database, ann: Author) -> None:
    number: int = await db.one(select(Author.name))  # refused
    titles: list[int] = await db.all(delete(Book).everywhere().returning(Book.title))  # refused
    highest: Decimal = await db.scalar(select(func.max(Book.price)))  # refused
    (await db.one(select(Book, optional(Author)).left_join(Book.author)))[1].name.upper()  # refused
    seen: list[object] = [titles, highest]
    authors: list[Author] = await db.all(select(Book))  # refused
    await db.all(Author)  # refused
    db.all(select(Author)).sort()  # refused
    (await db.first(select(Author))).name.upper()  # refused
    await db.get("Author", 1)  # refused
    await db.page(select(Author))  # refused
    await db.update(Author)  # refused
    await db.insert(Author)  # refused
    await ann.books.add(Tag(name="x"))  # refused
    await db.insert_many([1])  # refused
    await db.insert_many(insert(Author).on_conflict(Author.email).ignore(), [1])  # refused
    seen = [number, authors, Decimal(1), Genre.NOVEL]
    seen.clear()
