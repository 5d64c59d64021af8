"""The models of these tests: a small library."""

from __future__ import annotations

from decimal import Decimal

from bridgeorm import Column, Many, Model, One, column, foreign_key, many, one, primary_key, version


class Writer(Model, table="face_writers"):
    id: Column[int] = primary_key()
    name: Column[str] = column(max_length=100)
    mentor_id: Column[int | None] = foreign_key("Writer.id")
    mentor: One[Writer | None] = one(mentor_id)
    pupils: Many[Writer] = many(back="mentor")
    novels: Many[Novel] = many(back="writer")


class Novel(Model, table="face_novels"):
    id: Column[int] = primary_key()
    writer_id: Column[int] = foreign_key(Writer.id, on_delete="cascade", index=True)
    title: Column[str] = column(max_length=200)
    price: Column[Decimal] = column(precision=10, scale=2, default=Decimal("0"))
    notes: Column[dict[str, object]] = column(default=dict)
    revision: Column[int] = version()
    writer: One[Writer] = one(writer_id)
    labels: Many[Label] = many()


class Label(Model, table="face_labels"):
    name: Column[str] = primary_key(generated=False, max_length=50)
    novels: Many[Novel] = many(back="labels")


MODELS = (Writer, Novel, Label)
