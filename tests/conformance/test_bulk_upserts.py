"""Many rows that are inserted or meet rows that are there; batches of bulk inserts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from bridgeorm import (
    Column,
    Database,
    ForeignKeyViolationError,
    Model,
    SyncDatabase,
    UniqueViolationError,
    ValidationError,
    column,
    excluded,
    foreign_key,
    insert,
    primary_key,
    select,
    telemetry,
    unique,
)
from bridgeorm.errors import QueryError
from bridgeorm.statements import Insert

from .conftest import OpenDatabase

ROWS = 1_300
"""More than one statement holds where every value is a parameter."""


class Ware(Model, table="upsert_wares"):
    id: Column[int] = primary_key()
    code: Column[str] = column(max_length=20, unique=True)
    price: Column[Decimal] = column(precision=12, scale=2, default=Decimal("1.50"))
    stock: Column[int | None] = column(default=None)
    labels: Column[dict[str, object]] = column(default=dict)


class Place(Model, table="upsert_places"):
    """A key of two columns, one of which may be missing, and a column that is a list."""

    id: Column[int] = primary_key()
    ware_id: Column[int] = foreign_key(Ware.id)
    row: Column[int | None] = column(default=None)
    marks: Column[list[int]] = column(default=list)
    constraints = [unique(ware_id, row)]


def adding() -> Insert[...]:
    """Adds to what is in stock, and takes the new price."""
    return (
        insert(Ware)
        .on_conflict(Ware.code)
        .update(Ware.stock.to(Ware.stock + excluded(Ware.stock)), price=Decimal("2.50"))
    )


def wares(numbers: range) -> Iterator[dict[str, object]]:
    """Rows, made one by one."""
    return ({"code": f"w{number}", "stock": 1} for number in numbers)


async def stocks(db: Database) -> dict[str, int | None]:
    """What is in stock."""
    return dict(await db.all(select(Ware.code, Ware.stock).order_by(Ware.id)))


async def test_rows_are_inserted_or_meet_what_is_there(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(Ware)
        assert await db.insert_many(adding(), wares(range(10))) == 10
        assert await db.insert_many(adding(), wares(range(5, ROWS))) == ROWS - 5
        found = await stocks(db)
        assert [found[f"w{number}"] for number in range(12)] == [1] * 5 + [2] * 5 + [1] * 2
        assert len(found) == ROWS
        assert await db.count(select(Ware).where(Ware.price == Decimal("2.50"))) == 5
        assert await db.count(select(Ware).where(Ware.price == Decimal("1.50"))) == ROWS - 5
        ignoring = insert(Ware).on_conflict(Ware.code).ignore()
        assert await db.insert_many(ignoring, list(wares(range(ROWS - 2, ROWS + 3))), batch=2) == 3
        assert await db.insert_many(ignoring, []) == 0
        assert len(await stocks(db)) == ROWS + 3


async def test_a_key_that_comes_twice_meets_the_row_before_it(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(Ware, Place)
        rows = [{"code": code, "stock": stock} for code, stock in (("a", 1), ("b", 2), ("a", 10), ("a", 100))]
        assert await db.insert_many(adding(), rows) == 4
        assert await stocks(db) == {"a": 111, "b": 2}
        first_wins = insert(Ware).on_conflict(Ware.code).ignore()
        assert await db.insert_many(first_wins, [{"code": "c", "stock": 1}, {"code": "c", "stock": 2}]) == 1
        assert (await stocks(db))["c"] == 1
        ware = (await db.one(select(Ware).where(Ware.code == "a"))).id
        marked = (
            insert(Place).on_conflict(Place.ware_id, Place.row).update(Place.marks.to(excluded(Place.marks)))
        )
        places = [
            {"ware_id": ware, "row": row, "marks": [number]}
            for number, row in enumerate((1, None, 1, None, 2))
        ]
        assert await db.insert_many(marked, places) == 5
        kept = await db.all(select(Place.row, Place.marks).order_by(Place.id))
        assert sorted(kept, key=str) == [(1, [2]), (2, [4]), (None, [1]), (None, [3])]


async def test_objects_and_conditions(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(Ware)
        await db.insert_many([Ware(code="a", stock=5), Ware(code="b", stock=50)])
        raising = (
            insert(Ware)
            .on_conflict(Ware.code)
            .update(Ware.stock.to(excluded(Ware.stock)))
            .where(Ware.stock < excluded(Ware.stock))
        )
        news = [Ware(code="a", stock=7), Ware(code="b", stock=7), Ware(code="c"), Ware(code="d", stock=1)]
        assert await db.insert_many(raising, news) == 3  # the row of b stands as it was
        assert await stocks(db) == {"a": 7, "b": 50, "c": None, "d": 1}


async def test_all_or_nothing(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(Ware, Place)

        def broken() -> Iterator[dict[str, object]]:
            yield from wares(range(700))
            yield {"code": "last", "stock": "many"}

        def failing() -> Iterator[dict[str, object]]:
            yield from wares(range(700))
            raise RuntimeError("no more")

        with pytest.raises(ValidationError, match="stock"):
            await db.insert_many(adding(), broken())
        with pytest.raises(RuntimeError, match="no more"):
            await db.insert_many(adding(), failing())
        with pytest.raises(ForeignKeyViolationError):
            await db.insert_many(
                insert(Place).on_conflict(Place.ware_id, Place.row).ignore(), [{"ware_id": -1, "row": 1}]
            )
        assert await stocks(db) == {}
        async with db.transaction():
            await db.insert(Ware(code="kept"))
            with pytest.raises(RuntimeError):
                await db.insert_many(adding(), failing())
        assert await stocks(db) == {"kept": None}


async def test_wrong_statements_are_refused(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(Ware)
        with pytest.raises(QueryError, match="on_conflict"):
            await db.insert_many(insert(Ware), wares(range(2)))
        with pytest.raises(QueryError, match="on_conflict"):
            await db.insert_many(
                insert(Ware).values(code="a").on_conflict(Ware.code).ignore(), wares(range(2))
            )
        with pytest.raises(QueryError, match="leave out id"):
            await db.insert_many(insert(Ware).on_conflict(Ware.id).update(stock=1), wares(range(2)))
        with pytest.raises(QueryError, match="positive"):
            await db.insert_many(adding(), wares(range(2)), batch=0)
        with pytest.raises(QueryError, match="no column other"):
            await db.insert_many(adding(), [{"other": 1}])
        assert await stocks(db) == {}


async def test_a_batch_is_what_one_statement_inserts(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(Ware)
        made: list[int] = []
        counts: list[tuple[int | None, int]] = []

        def rows() -> Iterator[dict[str, object]]:
            for row in wares(range(1_000)):
                made.append(1)
                yield row

        remove = telemetry.on_query(
            lambda event: (
                counts.append((event.rowcount, len(made)))
                if event.operation == "bulk_insert" or (event.rowcount or 0) > 1
                else None
            )
        )
        try:
            assert await db.insert_many(Ware, rows(), batch=300) == 1_000
        finally:
            remove()
        assert [count for count, _made in counts] == [300, 300, 300, 100]
        assert counts[0][1] < 600  # rows are made as they are needed
        assert await db.insert_many(Ware, wares(range(1_000, 1_001)), batch=1) == 1
        with pytest.raises(UniqueViolationError):
            await db.insert_many(Ware, wares(range(1_500, 999, -1)), batch=50)
        assert len(await stocks(db)) == 1_001
        with pytest.raises(QueryError, match="positive"):
            await db.insert_many(Ware, wares(range(2)), batch=0)


def test_blocking_handles_do_the_same(database_url: str) -> None:
    with SyncDatabase(database_url) as db:
        db.create_tables(Ware)
        assert db.insert_many(adding(), wares(range(ROWS)), batch=600) == ROWS
        assert db.insert_many(adding(), [Ware(code="w0", stock=4)]) == 1
        assert db.scalar(select(Ware.stock).where(Ware.code == "w0")) == 5
