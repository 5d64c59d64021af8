"""The models of these tests: a shelf of records with much that repeats and much that is missing."""

from __future__ import annotations

from decimal import Decimal

from bridgeorm import Column, Many, Model, One, column, foreign_key, many, one, primary_key


class Shelf(Model, table="stream_shelves"):
    id: Column[int] = primary_key(generated=False)
    name: Column[str] = column(max_length=20)
    records: Many[Record] = many(back="shelf")


class Record(Model, table="stream_records"):
    id: Column[int] = primary_key(generated=False)
    shelf_id: Column[int] = foreign_key(Shelf.id, index=True)
    title: Column[str] = column(max_length=20)
    rating: Column[int | None] = column(default=None)
    price: Column[Decimal | None] = column(precision=8, scale=2, default=None)
    shelf: One[Shelf] = one(shelf_id)


class Rated(Model, table="stream_records"):
    """The same table by a model that believes every record to be rated."""

    id: Column[int] = primary_key(generated=False)
    rating: Column[int] = column()


MODELS = (Shelf, Record)
