"""The key paths, run one after the other under a profiler; a call of `getppid`, which nothing else makes,
stands before and behind each, and parts the profile.

Run as a program: `python -m tools.gates_kit.paths FOLDER [POSTGRES_URL]`. Prints a line per path: the
operations in it, and its name.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal

from bridgeorm import (
    Column,
    Database,
    Many,
    Model,
    One,
    column,
    foreign_key,
    many,
    one,
    primary_key,
    select,
)

ROWS = 400
OPERATIONS = 100
TASKS = 32
SHELVES = 100
READS_OF_A_TASK = 10
LIMIT = 10


class Shelf(Model, table="gate_shelves"):
    id: Column[int] = primary_key()
    name: Column[str] = column()
    books: Many[Book] = many(back="shelf")


class Book(Model, table="gate_books"):
    id: Column[int] = primary_key()
    shelf_id: Column[int] = foreign_key(Shelf.id)
    title: Column[str] = column()
    pages: Column[int] = column(default=100)
    price: Column[Decimal] = column(precision=12, scale=2, default=Decimal("9.50"))
    rating: Column[float] = column(default=0.5)
    is_lent: Column[bool] = column(default=False)
    note: Column[str | None] = column(default=None)
    shelf: One[Shelf] = one(shelf_id)


@dataclass(frozen=True)
class KeyPath:
    """One key path: what is done, and how many operations that is."""

    name: str
    operations: int
    run: Callable[[Database], Awaitable[None]]


def new_books(count: int) -> list[Book]:
    """Objects without keys; every shelf gets some."""
    return [Book(shelf_id=1 + number % (SHELVES), title=f"title {number}") for number in range(count)]


async def fill(db: Database) -> None:
    """Shelves with books, from nothing."""
    await db.drop_tables(Shelf, Book)
    await db.create_tables(Shelf, Book)
    await db.insert_many(Shelf, [{"name": f"shelf {number}"} for number in range(SHELVES)])
    await db.insert_many(new_books(ROWS))


async def read_by_key(db: Database) -> None:
    for number in range(1, OPERATIONS + 1):
        await db.get(Book, number)


async def read_by_key_together(db: Database) -> None:
    async def reads(first: int) -> None:
        for number in range(READS_OF_A_TASK):
            await db.get(Book, 1 + (first + number) % ROWS)

    await asyncio.gather(*(reads(number) for number in range(TASKS)))


async def read_what_is_known(db: Database) -> None:
    shelf = await db.get(Shelf, 1)
    for _ in range(OPERATIONS):
        await db.get(Shelf, 1)
    del shelf  # known until here


async def run_new_queries(db: Database) -> None:
    for number in range(OPERATIONS):
        query = (
            select(Book)
            .join(Book.shelf)
            .where(Book.id == number, Shelf.name == "nobody's", Book.pages > number, Book.rating >= 0.0)
            .where((Book.title != "none") | Book.note.is_null())
            .order_by(Book.title.desc())
            .limit(LIMIT)
        )
        await db.all(query)


async def fetch_objects(db: Database) -> None:
    await db.all(select(Book))


async def read_fetched_objects(db: Database) -> None:
    for book in await db.all(select(Book)):
        _ = (book.id, book.shelf_id, book.title, book.pages, book.price, book.rating, book.note)


async def fetch_tuples(db: Database) -> None:
    await db.all(select(Book.id, Book.title, Book.pages, Book.price, Book.rating, Book.note))


async def fetch_with_children(db: Database) -> None:
    await db.all(select(Shelf).prefetch(Shelf.books))


async def insert_objects(db: Database) -> None:
    await db.insert_many(new_books(ROWS))


async def insert_one_by_one(db: Database) -> None:
    async with db.transaction():
        for book in new_books(OPERATIONS):
            await db.insert(book)


async def change_in_a_session(db: Database) -> None:
    async with db.session():
        for book in await db.all(select(Book).order_by(Book.id).limit(ROWS)):
            book.pages += 1


PATHS = (
    KeyPath("read by key", OPERATIONS, read_by_key),
    KeyPath("read by key, many tasks", TASKS * READS_OF_A_TASK, read_by_key_together),
    KeyPath("read what is known", OPERATIONS, read_what_is_known),
    KeyPath("build and run a query", OPERATIONS, run_new_queries),
    KeyPath("fetch objects, a row", ROWS, fetch_objects),
    KeyPath("fetch objects and read them, a row", ROWS, read_fetched_objects),
    KeyPath("fetch tuples, a row", ROWS, fetch_tuples),
    KeyPath("fetch with children, a row", ROWS + SHELVES, fetch_with_children),
    KeyPath("insert objects together, an object", ROWS, insert_objects),
    KeyPath("insert objects one by one, an object", OPERATIONS, insert_one_by_one),
    KeyPath("change objects in a session, an object", ROWS, change_in_a_session),
)


async def run(name: str, url: str) -> None:
    """Every path of one database: once so that all is warm, once counted."""
    async with Database(url) as db:
        await fill(db)
        for path in PATHS:
            await path.run(db)
            gc.collect()
            os.getppid()
            await path.run(db)
            os.getppid()
            print(f"{path.operations} {name}: {path.name}", flush=True)


async def main(folder: str, postgres_url: str | None = None) -> None:
    """SQLite in a file, and PostgreSQL where there is one."""
    await run("SQLite", f"sqlite:///{folder}/gates.db")
    if postgres_url is not None:
        await run("PostgreSQL", postgres_url)


if __name__ == "__main__":
    gc.disable()  # or collections would fall on paths by chance
    asyncio.run(main(*sys.argv[1:]))
