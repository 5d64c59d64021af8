"""Raw SQL as a part of everything else: rows of classes, tables, conditions, and texts made of texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import pytest

from bridgeorm import (
    Database,
    DecodeError,
    QueryError,
    SyncDatabase,
    UnparameterizedSqlError,
    select,
    sql,
    update,
)

from .conftest import OpenLibrary
from .models import MODELS, Novel, Writer

# --- rows of a class ---


@dataclass
class Spent:
    writer: str
    total: Decimal
    day: date | None


class Pair(NamedTuple):
    number: int
    letter: str


@dataclass(kw_only=True)
class Flagged:
    is_good: bool
    token: UUID


async def _written(db: Database) -> Writer:
    ann = await db.insert(Writer(name="Ann"))
    await db.insert_many(
        [Novel(writer=ann, title=f"novel {index}", price=Decimal(index)) for index in range(1, 5)]
    )
    return ann


async def test_rows_become_dataclasses(library: OpenLibrary) -> None:
    async with library() as db:
        await _written(db)
        asked = sql(
            "SELECT {name} AS writer, {price} AS total, CAST({day} AS {none}) AS day"
            " FROM {novel} JOIN {writer} ON {writer_id} = {key} ORDER BY 2 DESC",
            name=Writer.name,
            price=Novel.price,
            day=None,
            none=sql("date"),
            novel=Novel,
            writer=Writer,
            writer_id=Novel.writer_id,
            key=Writer.id,
        )
        rows = await db.all(asked.into(Spent))
        assert rows[0] == Spent("Ann", Decimal("4.00"), None)
        assert len(rows) == 4
        assert await db.first(asked.into(Spent)) == rows[0]


async def test_values_are_converted_as_annotated(library: OpenLibrary) -> None:
    async with library() as db:
        key = UUID(int=7)
        asked = sql("SELECT {good} AS good, {key} AS token", key=sql.value(key, UUID), good=True)
        with pytest.raises(DecodeError, match="called good where is_good is expected"):
            await db.all(asked.into(Flagged))
        turned = sql("SELECT {good} AS is_good, {key} AS token", key=key, good=True)
        assert await db.one(turned.into(Flagged)) == Flagged(is_good=True, token=key)


async def test_rows_that_do_not_fit_are_refused(library: OpenLibrary) -> None:
    async with library() as db:
        for asked in (
            sql("SELECT 'x' AS number, 'y' AS letter"),
            sql("SELECT 1 AS number"),
            sql("SELECT 1 AS number, 'y' AS letter, 2 AS more"),
            sql("SELECT 1 AS number, 'y' AS word"),
            sql("SELECT nullif(1, 1) AS number, 'y' AS letter"),
        ):
            with pytest.raises(DecodeError):
                await db.all(asked.into(Pair))
        assert await db.all(sql("SELECT 1 AS number, 'y' AS letter").into(Pair)) == [Pair(1, "y")]


def test_classes_that_hold_no_rows_are_refused() -> None:
    for cls in (int, dict, Writer):
        with pytest.raises(QueryError):
            sql("SELECT 1 AS one").into(cls)


# --- one text, many values ---

BY_TITLE = sql(
    "SELECT {title} AS title FROM {novel} WHERE {title} LIKE {pattern}", title=Novel.title, novel=Novel
)


async def test_a_text_is_filled_again_and_again(library: OpenLibrary) -> None:
    async with library() as db:
        await _written(db)
        assert await db.all(BY_TITLE(pattern="%1")) == [("novel 1",)]
        assert (await db.execute_raw(BY_TITLE, pattern="%2")).rows == [("novel 2",)]
        with pytest.raises(QueryError, match=r"test_raw_queries\.py:\d+: no value was given for \{pattern\}"):
            await db.all(BY_TITLE)
        with pytest.raises(QueryError, match=r"has no \{nobody\}"):
            BY_TITLE(nobody=1)


async def test_texts_queries_and_lists_are_spliced(library: OpenLibrary) -> None:
    async with library() as db:
        await _written(db)
        cheap = sql("{price} < {most}", price=Novel.price, most=Decimal(3))
        titles = select(Novel.title).where(Novel.price > Decimal(1))
        asked = sql(
            "SELECT count(*) FROM {novel} WHERE {cheap} AND {title} IN {titles} AND {title} IN {listed}",
            novel=Novel,
            cheap=cheap,
            title=Novel.title,
            titles=titles,
            listed=["novel 1", "novel 2", "novel 3"],
        )
        assert await db.scalar(asked) == 1
        whole = sql(
            "SELECT * FROM {query} AS found", query=select(Novel.title, Novel.price).order_by(Novel.price)
        )
        assert (await db.all(whole))[0][0] == "novel 1"
        with pytest.raises(QueryError, match="empty list"):
            sql("SELECT 1 WHERE 1 IN {listed}", listed=[])


async def test_spliced_text_never_grows_together(library: OpenLibrary) -> None:
    async with library() as db:
        minus, one = sql("-"), sql("-1")
        assert await db.scalar(sql("SELECT 5 -{one}", one=one)) == 6
        assert await db.scalar(sql("SELECT 5 {minus}{minus}1", minus=minus)) == 6
        noted = sql("1 -- a remark")
        assert await db.scalar(sql("SELECT {noted} + 1", noted=noted)) == 2


async def test_null_finds_its_type(library: OpenLibrary) -> None:
    async with library() as db:
        await _written(db)
        changed = await db.execute_raw("UPDATE {writer} SET mentor_id = {mentor}", writer=Writer, mentor=None)
        assert changed.rowcount == 1
        assert await db.scalar(sql("SELECT mentor_id FROM {writer}", writer=Writer)) is None


# --- inside queries ---


async def test_text_is_a_table(library: OpenLibrary) -> None:
    async with library() as db:
        await _written(db)
        sums = sql(
            "SELECT writer_id, count(*) AS novels FROM {novel} WHERE {price} > {low} GROUP BY writer_id",
            novel=Novel,
            price=Novel.price,
            low=Decimal(1),
        ).subquery("sums", {"writer_id": int, "novels": int})
        query = (
            select(Writer.name, sums.column("novels", int))
            .join(sums, on=sums.column("writer_id", int) == Writer.id)
            .where(sums.column("novels", int) > 2, Writer.name == "Ann")
        )
        assert await db.all(query) == [("Ann", 3)]
        assert await db.count(query) == 1


async def test_text_gives_rows_of_a_model(library: OpenLibrary) -> None:
    async with library() as db:
        await _written(db)
        dear = sql("SELECT * FROM {novel} WHERE price >= {low}", novel=Novel, low=Decimal(3)).subquery(
            "dear", Novel
        )
        found = await db.all(select(dear).where(dear.title != "novel 4").prefetch(Novel.writer))
        assert [(one.title, one.writer.name) for one in found] == [("novel 3", "Ann")]


async def test_text_stands_in_every_clause(library: OpenLibrary) -> None:
    async with library() as db:
        await _written(db)
        rest = sql("{key} % {by}", key=Novel.id, by=2).as_(int)
        query = (
            select(Novel.title, rest.label("rest"))
            .where(sql("{price} >= {low}", price=Novel.price, low=Decimal(2)))
            .order_by(rest.desc(), sql("lower({title})", title=Novel.title).as_(str).desc())
        )
        assert await db.all(query) == [("novel 3", 1), ("novel 4", 0), ("novel 2", 0)]
        changed = await db.execute(
            update(Novel).where(sql("{title} = {x}", title=Novel.title, x="novel 1")).set(price=Decimal(9))
        )
        assert changed.rowcount == 1


async def test_text_is_streamed_and_explained(library: OpenLibrary) -> None:
    async with library() as db:
        await _written(db)
        asked = sql("SELECT title FROM {novel} ORDER BY title", novel=Novel)
        assert [row async for row in db.stream(asked, batch=2)] == [
            (f"novel {index}",) for index in range(1, 5)
        ]
        assert "face_novels" in (await db.explain(asked)).text


async def test_the_blocking_face_has_it_all(sqlite_url: str) -> None:
    with SyncDatabase(sqlite_url) as db:
        db.create_tables(*MODELS)
        db.execute_raw("INSERT INTO {writer} (name) VALUES ({name})", writer=Writer, name="Bob")
        assert db.all(sql("SELECT id AS number, name AS letter FROM {writer}", writer=Writer).into(Pair)) == [
            Pair(1, "Bob")
        ]
        with pytest.raises(UnparameterizedSqlError, match=r"test_raw_queries\.py:\d+"):
            db.execute_raw("SELECT " + str(1))
