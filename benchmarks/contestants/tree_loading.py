"""Three levels of objects: loaded by one BridgeORM query, and assembled by hand from asyncpg's rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.contestants.asyncpg_pool import AsyncpgPool
from benchmarks.contestants.bridge_objects import BridgeObjects
from benchmarks.contestants.contract import Operation
from bridgeorm import Column, Many, Model, One, column, foreign_key, many, one, primary_key, select


class TreeAuthor(Model, table="tree_author"):
    """First level."""

    id: Column[int] = primary_key(generated=False)
    name: Column[str] = column(max_length=100)
    books: Many[TreeBook] = many(back="author")


class TreeBook(Model, table="tree_book"):
    """Second level."""

    id: Column[int] = primary_key(generated=False)
    author_id: Column[int] = foreign_key(TreeAuthor.id)
    title: Column[str] = column(max_length=100)
    author: One[TreeAuthor] = one(author_id)
    chapters: Many[TreeChapter] = many(back="book")


class TreeChapter(Model, table="tree_chapter"):
    """Third level."""

    id: Column[int] = primary_key(generated=False)
    book_id: Column[int] = foreign_key(TreeBook.id)
    title: Column[str] = column(max_length=100)
    pages: Column[int] = column()
    book: One[TreeBook] = one(book_id)


_TREE = (
    select(TreeAuthor)
    .order_by(TreeAuthor.id)
    .prefetch(TreeAuthor.books.order_by(TreeBook.id).prefetch(TreeBook.chapters.order_by(TreeChapter.id)))
)


class BridgeTree(BridgeObjects):
    """One query with its prefetches."""

    dialects = ("postgresql",)
    operations = (Operation.PREFETCH_TREE,)

    async def fetch_tree(self) -> Sequence[Any]:
        return await self._db.all(_TREE)


@dataclass(slots=True)
class PlainChapter:
    """An object of the third level, made by hand."""

    id: int
    book_id: int
    title: str
    pages: int


@dataclass(slots=True)
class PlainBook:
    """An object of the second level, made by hand."""

    id: int
    author_id: int
    title: str
    chapters: list[PlainChapter] = field(default_factory=list[PlainChapter])


@dataclass(slots=True)
class PlainAuthor:
    """An object of the first level, made by hand."""

    id: int
    name: str
    books: list[PlainBook] = field(default_factory=list[PlainBook])


class AsyncpgTree(AsyncpgPool):
    """The same objects and lists, as one would write them without a library."""

    name = "asyncpg, by hand"
    operations = (Operation.PREFETCH_TREE,)

    async def fetch_tree(self) -> Sequence[Any]:
        pool = self._pool
        authors = [
            PlainAuthor(*row) for row in await pool.fetch("SELECT id, name FROM tree_author ORDER BY id")
        ]
        by_author = {author.id: author for author in authors}
        books = [
            PlainBook(*row)
            for row in await pool.fetch(
                "SELECT id, author_id, title FROM tree_book WHERE author_id = ANY($1) ORDER BY id",
                list(by_author),
            )
        ]
        by_book = {book.id: book for book in books}
        for book in books:
            by_author[book.author_id].books.append(book)
        for row in await pool.fetch(
            "SELECT id, book_id, title, pages FROM tree_chapter WHERE book_id = ANY($1) ORDER BY id",
            list(by_book),
        ):
            chapter = PlainChapter(*row)
            by_book[chapter.book_id].chapters.append(chapter)
        return authors
