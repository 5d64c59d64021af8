"""The models of the typing tests: those of the public contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID, uuid4

from bridgeorm import Column, Many, Model, One, func, many, one
from bridgeorm.columns import column, foreign_key, primary_key, version
from bridgeorm.constraints import check, foreign_keys, index, unique


class Genre(Enum):
    """A closed list of texts."""

    NOVEL = "novel"
    ESSAY = "essay"


class Author(Model, table="authors"):
    id: Column[int] = primary_key()
    name: Column[str] = column(max_length=100, index=True)
    email: Column[str | None] = column(unique=True, default=None)
    created_at: Column[datetime] = column(default=func.now())
    books: Many[Book] = many(back="author")
    profile: One[Profile | None] = one(back="author")


class Book(Model, table="books"):
    id: Column[UUID] = primary_key(default=uuid4)
    author_id: Column[int] = foreign_key(Author.id, on_delete="cascade", index=True)
    title: Column[str] = column(max_length=200)
    price: Column[Decimal] = column(precision=12, scale=2, default=Decimal("0"))
    details: Column[dict[str, object]] = column(default=dict)
    genre: Column[Genre | None] = column(default=None)
    weight: Column[float] = column(default=1.0)
    pages: Column[int | None] = column(default=None)
    revision: Column[int] = version()
    author: One[Author] = one(author_id)
    tags: Many[Tag] = many(through="BookTag")
    constraints = [unique(author_id, title), check(price >= Decimal(0)), index(title.desc())]


class Profile(Model, table="profiles"):
    author_id: Column[int] = foreign_key(Author.id, primary_key=True)
    text: Column[str] = column(default="")
    author: One[Author] = one(author_id)


class Tag(Model, table="tags"):
    name: Column[str] = primary_key(generated=False, max_length=50)
    books: Many[Book] = many(through="BookTag")


class BookTag(Model, table="book_tags"):
    book_id: Column[UUID] = foreign_key(Book.id, primary_key=True, on_delete="cascade")
    tag_name: Column[str] = foreign_key(Tag.name, primary_key=True, max_length=50)


class Shelf(Model, table="shelves"):
    room: Column[str] = primary_key(generated=False, max_length=20)
    number: Column[int] = primary_key(generated=False)


class Copy(Model, table="copies"):
    id: Column[int] = primary_key()
    room: Column[str] = foreign_key(max_length=20)
    shelf_number: Column[int] = foreign_key()
    note: Column[str] = column()
    shelf: One[Shelf] = one(room, shelf_number)
    constraints = [foreign_keys((room, shelf_number), (Shelf.room, Shelf.number))]


class Category(Model, table="categories"):
    id: Column[int] = primary_key()
    name: Column[str]
    parent_id: Column[int | None] = foreign_key("Category.id")
    parent: One[Category | None] = one(parent_id)
    children: Many[Category] = many(back="parent")


@dataclass
class AuthorStats:
    """What `into` makes."""

    name: str
    books: int
    average: Decimal | None
