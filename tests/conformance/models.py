"""The models of the exam: every field type, every kind of key and relation."""

from __future__ import annotations

import enum
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address
from uuid import UUID, uuid4

from bridgeorm import (
    Column,
    Many,
    Model,
    One,
    check,
    column,
    foreign_key,
    func,
    many,
    one,
    primary_key,
    unique,
    version,
)


class Genre(enum.Enum):
    """A closed list of texts."""

    NOVEL = "novel"
    POEM = "poem"


class Author(Model, table="exam_authors"):
    id: Column[int] = primary_key()
    name: Column[str] = column(max_length=100, index=True)
    email: Column[str | None] = column(unique=True, default=None)
    created_at: Column[datetime] = column(default=func.now())
    books: Many[Book] = many(back="author")
    profile: One[Profile | None] = one(back="author")


class Profile(Model, table="exam_profiles"):
    id: Column[int] = primary_key()
    author_id: Column[int] = foreign_key(Author.id, on_delete="cascade", unique=True)
    motto: Column[str] = column()
    author: One[Author] = one(author_id)


class Book(Model, table="exam_books"):
    id: Column[UUID] = primary_key(default=uuid4)
    author_id: Column[int] = foreign_key(Author.id, on_delete="cascade", index=True)
    title: Column[str] = column(max_length=200)
    price: Column[Decimal] = column(precision=12, scale=2, default=Decimal("0"))
    details: Column[dict[str, object]] = column(default=dict)
    revision: Column[int] = version()
    author: One[Author] = one(author_id)
    tags: Many[Tag] = many(through="BookTag")
    constraints = [unique(author_id, title), check(price >= Decimal(0))]


class Tag(Model, table="exam_tags"):
    id: Column[int] = primary_key()
    name: Column[str] = column(max_length=50, unique=True)


class BookTag(Model, table="exam_book_tags"):
    book_id: Column[UUID] = foreign_key(Book.id, on_delete="cascade", primary_key=True)
    tag_id: Column[int] = foreign_key(Tag.id, on_delete="cascade", primary_key=True)


class Category(Model, table="exam_categories"):
    id: Column[int] = primary_key()
    name: Column[str] = column()
    parent_id: Column[int | None] = foreign_key("Category.id", default=None)
    parent: One[Category | None] = one(parent_id)
    children: Many[Category] = many(back="parent")


class Everything(Model, table="exam_everything"):
    """One column of every storage type, each with its nullable twin."""

    id: Column[int] = primary_key(generated=False)
    small: Column[int] = column(bits=16)
    medium: Column[int] = column(bits=32)
    large: Column[int] = column()
    flag: Column[bool] = column()
    real: Column[float] = column()
    money: Column[Decimal] = column(precision=20, scale=4)
    text: Column[str] = column()
    short: Column[str] = column(max_length=8)
    raw: Column[bytes] = column()
    day: Column[date] = column()
    moment: Column[time] = column()
    at: Column[datetime] = column()
    local: Column[datetime] = column(timezone=False)
    span: Column[timedelta] = column()
    key: Column[UUID] = column()
    genre: Column[Genre] = column()
    document: Column[dict[str, object]] = column()
    numbers: Column[list[int]] = column()
    words: Column[list[str]] = column()
    address: Column[IPv4Address] = column()
    maybe_large: Column[int | None] = column(default=None)
    maybe_text: Column[str | None] = column(default=None)
    maybe_money: Column[Decimal | None] = column(precision=20, scale=4, default=None)
    maybe_at: Column[datetime | None] = column(default=None)


EXAM_MODELS = (Author, Profile, Book, Tag, BookTag, Category, Everything)
