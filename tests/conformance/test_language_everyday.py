"""Everyday functions, typed values in queries, plans of writes, counted text: the same answers everywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from bridgeorm import (
    BridgeError,
    Column,
    Database,
    Expression,
    Model,
    QueryError,
    UnsupportedFeatureError,
    ValidationError,
    column,
    delete,
    func,
    insert,
    literal,
    primary_key,
    select,
    sql,
    update,
    window,
)

from .models import Genre


class Parcel(Model, table="exam_parcels"):
    id: Column[int] = primary_key()
    label: Column[str] = column()
    code: Column[str | None] = column(unique=True, default=None)
    note: Column[str | None] = column(default=None)
    small: Column[int] = column(bits=16, default=0)
    count: Column[int] = column(default=0)
    most: Column[int | None] = column(default=None)
    fee: Column[Decimal] = column(precision=12, scale=2, default=Decimal(0))
    discount: Column[Decimal | None] = column(precision=12, scale=2, default=None)
    weight: Column[float] = column(default=0.0)
    day: Column[date] = column(default=date(2024, 1, 1))
    took: Column[timedelta] = column(default=timedelta(0))
    waited: Column[timedelta | None] = column(default=None)


async def open_with(db: Database, *parcels: Parcel) -> None:
    await db.create_tables(Parcel)
    for parcel in parcels:
        await db.insert(parcel)


async def value(db: Database, expression: Expression[Any]) -> Any:
    return await db.one(select(expression).select_from(Parcel))


async def test_texts(database_url: str) -> None:
    async with Database(database_url) as db:
        await open_with(db, Parcel(label="  Größe 10% ", note=None))
        expected: list[tuple[Expression[Any], object]] = [
            (func.concat(Parcel.label, "|", Parcel.note, "|"), "  Größe 10% ||"),
            (func.concat("a"), "a"),
            (func.replace(Parcel.label, "0%", "x"), "  Größe 1x "),
            (func.replace(Parcel.label, "", "x"), "  Größe 10% "),
            (func.replace(Parcel.note, "a", "b"), None),
            (func.substring(Parcel.label, 3), "Größe 10% "),
            (func.substring(Parcel.label, 4, 3), "röß"),
            (func.substring(Parcel.label, 4, 0), ""),
            (func.substring(Parcel.label, 100, 5), ""),
            (func.substring(Parcel.note, 1), None),
            (func.position(Parcel.label, "ß"), 6),
            (func.position(Parcel.label, "zz"), 0),
            (func.position(Parcel.label, ""), 1),
            (func.ltrim(Parcel.label), "Größe 10% "),
            (func.rtrim(Parcel.label), "  Größe 10%"),
            (func.trim(Parcel.label), "Größe 10%"),
        ]
        for place, (expression, wanted) in enumerate(expected):
            assert (place, await value(db, expression)) == (place, wanted)
        found = select(Parcel.id).where(func.concat(Parcel.note, Parcel.label).contains("10%"))
        assert await db.all(found) == [1]


async def test_texts_are_found_whatever_their_case(database_url: str) -> None:
    async with Database(database_url) as db:
        await open_with(db, Parcel(label="ABC 10%_\\x"), Parcel(label="zabcd 10ab"), Parcel(label="other"))
        expected: list[tuple[Expression[bool], list[int]]] = [
            (Parcel.label.icontains("aBc"), [1, 2]),
            (Parcel.label.istartswith("abc"), [1]),
            (Parcel.label.iendswith("10AB"), [2]),
            (Parcel.label.icontains("10%_\\X"), [1]),
            (Parcel.label.istartswith("%"), []),
            (Parcel.note.icontains(""), []),
        ]
        for place, (condition, wanted) in enumerate(expected):
            found = select(Parcel.id).where(condition).order_by(Parcel.id)
            assert (place, await db.all(found)) == (place, wanted)


async def test_bounds(database_url: str) -> None:
    async with Database(database_url) as db:
        parcel = Parcel(
            label="b", small=3, count=7, fee=Decimal("9.50"), discount=Decimal("10.00"), weight=1.5
        )
        await open_with(db, parcel)
        later = date(2024, 1, 2)
        expected: list[tuple[Expression[Any], object]] = [
            (func.greatest(Parcel.count, 5), 7),
            (func.least(Parcel.count, 5, 6), 5),
            (func.greatest(Parcel.small, Parcel.count), 7),
            (func.greatest(Parcel.count, Parcel.most), 7),
            (func.least(Parcel.most, Parcel.count, 100), 7),
            (func.greatest(Parcel.most, Parcel.most), None),
            (func.greatest(Parcel.fee, Parcel.discount), Decimal("10.00")),
            (func.least(Parcel.fee, Parcel.discount), Decimal("9.50")),
            (func.greatest(Parcel.fee, 9), Decimal("9.50")),
            (func.least(Parcel.fee, Decimal("100.00")), Decimal("9.50")),
            (func.greatest(Parcel.label, "a", "c"), "c"),
            (func.greatest(Parcel.weight, 0.5), 1.5),
            (func.greatest(Parcel.day, later), later),
            (func.least(Parcel.took, timedelta(seconds=-1)), timedelta(seconds=-1)),
        ]
        for place, (expression, wanted) in enumerate(expected):
            answer = await value(db, expression)
            assert (place, answer, type(answer)) == (place, wanted, type(wanted))
        assert await db.all(select(Parcel.id).where(func.greatest(Parcel.fee, Parcel.discount) > 9)) == [1]


async def test_whole_numbers(database_url: str) -> None:
    async with Database(database_url) as db:
        await open_with(db)
        for text in ("2.50", "-2.50", "2.00", "-0.01", "0.99", "-3.00"):
            exact = Decimal(text)
            parcel = await db.insert(Parcel(label="x", fee=exact, weight=float(exact)))
            query = select(
                func.ceil(Parcel.fee),
                func.floor(Parcel.fee),
                func.ceil(Parcel.weight),
                func.floor(Parcel.weight),
            ).where(Parcel.id == parcel.id)
            ceiling = exact.to_integral_value("ROUND_CEILING")
            floor = exact.to_integral_value("ROUND_FLOOR")
            assert await db.one(query) == (ceiling, floor, float(ceiling), float(floor))
        assert await db.one(select(func.ceil(Parcel.discount)).limit(1)) is None


async def test_spans_are_summed_and_averaged(database_url: str) -> None:
    async with Database(database_url) as db:
        spans = [timedelta(days=2, microseconds=1), timedelta(hours=3, microseconds=3), timedelta(seconds=-8)]
        await open_with(db, *(Parcel(label="abc"[place], took=span) for place, span in enumerate(spans)))
        total = sum(spans, timedelta())
        query = select(
            func.sum(Parcel.took), func.min(Parcel.took), func.max(Parcel.took), func.avg(Parcel.took)
        )
        assert await db.one(query) == (total, min(spans), max(spans), total / 3)
        assert await db.one(select(func.sum(Parcel.waited), func.avg(Parcel.waited))) == (None, None)
        some = select(func.avg(Parcel.took).filter(Parcel.label != "c"))
        assert await db.one(some) == (spans[0] + spans[1]) / 2
        running = func.avg(Parcel.took).over(window(order_by=[Parcel.id]))
        rows = await db.all(select(running).order_by(Parcel.id))
        assert rows == [spans[0], (spans[0] + spans[1]) / 2, total / 3]


async def test_literals(database_url: str) -> None:
    async with Database(database_url) as db:
        await open_with(db, Parcel(label="a"))
        moment = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)
        key = UUID(int=7)
        values = (5, "it's", Decimal("1.50"), True, None, moment, key)
        query = select(
            literal(5),
            literal("it's"),
            literal(Decimal("1.50")),
            literal(True),
            literal(None, int),
            literal(moment),
            literal(key),
        ).select_from(Parcel)
        assert await db.one(query) == values
        assert await value(db, literal([1, 2], list[int])) == [1, 2]
        assert await value(db, literal(Genre.POEM, Genre)) is Genre.POEM
        kinds = select(literal("parcel").label("kind"), Parcel.label).union_all(
            select(literal("other"), Parcel.label)
        )
        assert sorted(await db.all(kinds)) == [("other", "a"), ("parcel", "a")]
        with pytest.raises(QueryError, match="literal"):
            literal(None)


async def test_ten_things_at_once(database_url: str) -> None:
    async with Database(database_url) as db:
        await open_with(db, Parcel(label="a"))
        ten = select(
            Parcel.id,
            Parcel.label,
            Parcel.note,
            Parcel.small,
            Parcel.count,
            Parcel.most,
            Parcel.fee,
            Parcel.discount,
            Parcel.weight,
            Parcel.took,
        )
        assert await db.one(ten) == (1, "a", None, 0, 0, None, Decimal("0.00"), None, 0.0, timedelta(0))


async def test_text_is_counted_by_the_database(database_url: str) -> None:
    async with Database(database_url) as db:
        await open_with(db, *(Parcel(label=str(number)) for number in range(5)))
        counted = sql("SELECT id, id FROM exam_parcels WHERE id > {low}", low=2)
        assert await db.count(counted) == 3
        commented = sql("SELECT id FROM exam_parcels -- all of them")
        assert await db.count(commented) == 5


async def test_writes_are_explained_and_nothing_is_written(database_url: str) -> None:
    async with Database(database_url) as db:
        await open_with(db, Parcel(label="a"))
        writes: list[Any] = [
            insert(Parcel).values(label="b"),
            update(Parcel).where(Parcel.id == 1).set(Parcel.label.to("c")),
            delete(Parcel).where(Parcel.id == 1),
            insert(Parcel).values(label="b", code="x").on_conflict(Parcel.code).update(Parcel.label.to("d")),
        ]
        if db.has_capability("returning"):
            writes.append(delete(Parcel).where(Parcel.id == 1).returning(Parcel.label))
        for write in writes:
            plan = await db.explain(write)
            assert "exam_parcels" in plan.text or "sqlite" in database_url
        assert await db.all(select(Parcel.label)) == ["a"]
        if database_url.startswith(("sqlite", "mysql")):
            with pytest.raises(UnsupportedFeatureError, match="analyze"):
                await db.explain(writes[2], analyze=True)
        else:
            measured = "r_total_time_ms" if database_url.startswith("mariadb") else "actual time"
            for write in writes:
                assert measured in (await db.explain(write, analyze=True)).text
            async with db.transaction() as transaction:
                await transaction.execute(writes[1])
                await transaction.explain(writes[2], analyze=True)
            assert await db.all(select(Parcel.label)) == ["c"]
        assert await db.count(select(Parcel)) == 1


def test_what_makes_no_sense_is_refused() -> None:
    anything: Any = func  # type checkers refuse these, too
    refused: list[tuple[Callable[[], object], type[BridgeError]]] = [
        (lambda: anything.greatest(Parcel.count, "x"), ValidationError),
        (lambda: anything.least(Parcel.label, Parcel.count), QueryError),
        (lambda: anything.greatest(5, Parcel.count), QueryError),
        (lambda: anything.substring(Parcel.label, 0), QueryError),
        (lambda: anything.substring(Parcel.label, 1, -1), QueryError),
        (lambda: anything.replace(Parcel.count, "a", "b"), QueryError),
        (anything.concat, QueryError),
        (lambda: anything.concat(Parcel.label, 5), QueryError),
        (lambda: anything.ceil(Parcel.count), QueryError),
        (lambda: anything.position(Parcel.label, Parcel.count), QueryError),
    ]
    for place, (build, error) in enumerate(refused):
        with pytest.raises(error):
            build()
            pytest.fail(f"number {place} was not refused")
