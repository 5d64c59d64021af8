"""A lending library in one file, as the tutorial builds it: models, lending, giving back, a report."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bridgeorm import (
    Column,
    Database,
    Many,
    Model,
    One,
    check,
    column,
    excluded,
    foreign_key,
    func,
    insert,
    many,
    one,
    primary_key,
    select,
    unique,
    update,
)

LOAN_DAYS = 28


class Author(Model, table="authors"):
    id: Column[int] = primary_key()
    name: Column[str] = column(max_length=100, unique=True)
    books: Many[Book] = many(back="author")


class Book(Model, table="books"):
    id: Column[int] = primary_key()
    author_id: Column[int] = foreign_key(Author.id, on_delete="cascade", index=True)
    title: Column[str] = column(max_length=200)
    price: Column[Decimal] = column(precision=12, scale=2)
    copies: Column[int] = column(default=1)
    author: One[Author] = one(author_id)
    constraints = (unique(author_id, title), check(copies >= 0))


class Member(Model, table="members"):
    id: Column[int] = primary_key()
    name: Column[str] = column(max_length=100, unique=True)
    loans: Many[Loan] = many(back="member")


class Loan(Model, table="loans"):
    id: Column[int] = primary_key()
    book_id: Column[int] = foreign_key(Book.id, index=True)
    member_id: Column[int] = foreign_key(Member.id, index=True)
    due: Column[date] = column()
    returned: Column[date | None] = column(default=None)
    book: One[Book] = one(book_id)
    member: One[Member] = one(member_id)


class NoCopyLeftError(Exception):
    """All copies of the book are lent."""


@dataclass(frozen=True)
class Shelf:
    """One line of the report."""

    author: str
    books: int
    worth: Decimal | None


class Library:
    """What a library does, on a database that is open."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def stock(self, author: str, title: str, price: Decimal) -> Book:
        """Adds a book, or gives the one that is there its new price."""
        db = self._db
        await db.execute(insert(Author).values(name=author).on_conflict(Author.name).ignore())
        writer = await db.get(Author, name=author)
        stocked = insert(Book).values(author_id=writer.id, title=title, price=price)
        priced = stocked.on_conflict(Book.author_id, Book.title).update(Book.price.to(excluded(Book.price)))
        return await db.one(priced.returning(Book))

    async def join(self, name: str) -> Member:
        """The member of this name, new or not."""
        known = await self._db.find(Member, name=name)
        return known if known is not None else await self._db.insert(Member(name=name))

    async def lend(self, book: Book, member: Member, today: date) -> Loan:
        """Lends a copy. NoCopyLeftError where none is left."""
        async with self._db.transaction():
            left = update(Book).where(Book.id == book.id, Book.copies > 0).set(copies=Book.copies - 1)
            if (await self._db.execute(left)).rowcount == 0:
                raise NoCopyLeftError(book.title)
            return await self._db.insert(
                Loan(book=book, member=member, due=today + timedelta(days=LOAN_DAYS))
            )

    async def give_back(self, loan: Loan, today: date) -> None:
        """Takes a copy back."""
        async with self._db.session() as session:
            session.add(loan)
            book = await session.get(Book, loan.book_id)
            await session.refresh(book)
            loan.returned = today
            book.copies += 1

    async def late(self, today: date) -> list[tuple[str, str]]:
        """Who has which book too long."""
        return await self._db.all(
            select(Member.name, Book.title)
            .join(Member.loans)
            .join(Loan.book)
            .where(Loan.returned.is_null(), Loan.due < today)
            .order_by(Member.name, Book.title)
        )

    async def shelves(self) -> list[Shelf]:
        """What stands there, by author."""
        worth = func.sum(Book.price * Book.copies.cast(Decimal)).label("worth")
        return await self._db.all(
            select(Author.name.label("author"), func.count(Book.id).label("books"), worth)
            .join(Author.books)
            .group_by(Author.name)
            .order_by(Author.name)
            .into(Shelf)
        )


async def show(url: str) -> None:
    """Plays a month of a library."""
    async with Database(url) as db:
        await db.create_tables(Author, Book, Member, Loan)
        library, today = Library(db), date(2026, 3, 2)
        short = await library.stock("Bob", "A short book", Decimal("7.00"))
        steps = await library.stock("Ann", "First steps", Decimal("12.50"))
        eve, fay = await library.join("Eve"), await library.join("Fay")
        loan = await library.lend(short, eve, today)
        kept = await library.lend(steps, eve, today)
        try:
            await library.lend(short, fay, today)
        except NoCopyLeftError as refusal:
            print("none left of", refusal)
        await library.give_back(loan, today + timedelta(days=10))
        for shelf in await library.shelves():
            print(shelf.author, shelf.books, shelf.worth)
        for member, title in await library.late(today + timedelta(days=60)):
            print(member, "has", title, "too long")
        await library.give_back(kept, today + timedelta(days=60))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="sqlite:///lending_library.db", help="URL of the database")
    asyncio.run(show(parser.parse_args().database))


if __name__ == "__main__":
    main()
