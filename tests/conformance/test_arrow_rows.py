"""Arrow columns become rows of a model: checked as strictly as Python values, or refused."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import polars
import pyarrow as pa
import pytest

from bridgeorm import (
    Column,
    Model,
    QueryError,
    UniqueViolationError,
    ValidationError,
    column,
    func,
    primary_key,
    select,
)

from .conftest import OpenDatabase
from .models import Everything, Genre, Tag

KEY = UUID("12345678-1234-5678-1234-567812345678")


class Reading(Model, table="exam_readings"):
    id: Column[int] = primary_key(generated=False)
    small: Column[int] = column(bits=16)
    flag: Column[bool] = column()
    real: Column[float] = column()
    money: Column[Decimal] = column(precision=12, scale=2)
    short: Column[str] = column(max_length=8)
    raw: Column[bytes] = column()
    day: Column[date] = column()
    moment: Column[time] = column()
    at: Column[datetime] = column()
    local: Column[datetime] = column(timezone=False)
    span: Column[timedelta] = column()
    key: Column[UUID] = column(default=uuid4)
    genre: Column[Genre] = column(default=Genre.POEM)
    document: Column[dict[str, object]] = column(default=dict)
    numbers: Column[list[int]] = column()
    maybe: Column[str | None] = column()
    made: Column[datetime] = column(default=func.now())


COLUMNS: dict[str, tuple[pa.DataType, Any]] = {
    "small": (pa.int16(), -7),
    "flag": (pa.bool_(), True),
    "real": (pa.float64(), 0.1),
    "money": (pa.decimal128(12, 2), Decimal("-12.34")),
    "short": (pa.string(), "éé"),
    "raw": (pa.binary(), b"\x00\xff"),
    "day": (pa.date32(), date(2024, 2, 29)),
    "moment": (pa.time64("us"), time(23, 59, 59, 999999)),
    "at": (pa.timestamp("us", "UTC"), datetime(2024, 2, 29, 12, tzinfo=UTC)),
    "local": (pa.timestamp("us"), datetime(1900, 2, 28, 12, 0, 0, 1)),  # noqa: DTZ001 naive is what it holds
    "span": (pa.duration("us"), timedelta(days=-3, microseconds=5)),
    "numbers": (pa.list_(pa.int64()), [1, 2, -3]),
}


def readings(rows: int = 3, **replaced: Any) -> pa.Table:
    """Rows of every type; `replaced` columns are given as arrays."""
    made: dict[str, Any] = {"id": pa.array(range(rows), pa.int64())}
    for name, (kind, value) in COLUMNS.items():
        made[name] = pa.array([value] * rows, kind)
    return pa.table({**made, **replaced})


async def test_every_type_goes_in_and_comes_out(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(Reading)
        source = readings(
            5, key=pa.array([KEY.bytes] * 5, pa.binary(16)), maybe=pa.array(["x", None] * 2 + ["y"])
        )
        assert await db.insert_many(Reading, source) == 5
        found = pa.table(await db.arrow(select(Reading).order_by(Reading.id)))
        for name in COLUMNS:
            assert found[name].to_pylist() == source[name].to_pylist(), name
        assert found["maybe"].to_pylist() == ["x", None, "x", None, "y"]
        first = (await db.all(select(Reading).order_by(Reading.id)))[0]
        assert first.key == KEY
        assert first.genre is Genre.POEM
        assert first.document == {}
        assert first.made.tzinfo is not None
        await db.drop_tables(Reading)


async def test_defaults_of_python_are_made_for_each_row(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(Reading)
        await db.insert_many(Reading, readings(4))
        keys = [row.key for row in await db.all(select(Reading))]
        assert len(set(keys)) == 4
        await db.drop_tables(Reading)


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("short", pa.array(["a", "b", "a"]).dictionary_encode()),
        ("short", pa.array(["a", "b", "c"], pa.large_string())),
        ("short", pa.array(["a", "longer text here"[:8], "c"], pa.string_view())),
        ("short", pa.array(["skip", "a", "b", "c"])[1:]),
        ("raw", pa.array([b"a", b"more than twelve bytes of it", b""], pa.binary_view())),
        ("raw", pa.array([b"ab", b"cd", b"ef"], pa.binary(2))),
        ("small", pa.array([1, 2, 3], pa.uint8())),
        ("small", pa.array([0, 1, 2, 3], pa.int64())[1:]),
        ("flag", pa.array([True, False, True, True])[1:]),
        ("real", pa.array([0.5, -0.5, 2.0], pa.float32())),
        ("money", pa.array([1, -2, 3], pa.int32())),
        ("money", pa.array([Decimal("1.5"), Decimal("-2"), Decimal("0.1")], pa.decimal256(50, 20))),
        ("moment", pa.array([time(1), time(2), time(3)], pa.time32("s"))),
        ("at", pa.array([0, 1, -1], pa.timestamp("ms", "Europe/Paris"))),
        ("local", pa.array([0, 1000, -2000], pa.timestamp("ns"))),
        ("span", pa.array([0, 1, -1], pa.duration("s"))),
        ("numbers", pa.array([[9], [1, 2], [], [3]], pa.large_list(pa.int32()))[1:]),
        ("genre", pa.array(["novel", "poem", "novel"]).dictionary_encode()),
        ("document", pa.array(['{"a": [1]}', "{}", ' {"b": null}'])),
        ("maybe", pa.nulls(3)),
    ],
    ids=str,
)
async def test_every_layout_is_read(open_database: OpenDatabase, name: str, array: pa.Array) -> None:
    async with open_database() as db:
        await db.create_tables(Reading)
        table = readings()
        place = table.column_names.index(name) if name in table.column_names else None
        table = table.append_column(name, array) if place is None else table.set_column(place, name, array)
        assert await db.insert_many(Reading, table) == 3
        found = pa.table(await db.arrow(select(Reading).order_by(Reading.id)))[name]
        expected = array.to_pylist()
        if name == "document":
            assert [json.loads(text) for text in found.to_pylist()] == [json.loads(text) for text in expected]
        elif name in {"at", "local"}:
            assert found.to_pylist() == array.cast(pa.timestamp("us", array.type.tz)).to_pylist()
        else:
            assert found.to_pylist() == expected
        await db.drop_tables(Reading)


@pytest.mark.parametrize(
    ("name", "array", "problem"),
    [
        ("small", pa.array([1, 2, 40_000]), "out of range"),
        ("small", pa.array(["1", "2", "3"]), "expected int16"),
        ("small", pa.array([1.0, 2.0, 3.0]), "expected int16"),
        ("small", pa.array([1, None, 3]), "NULL"),
        ("small", pa.array([1, 2, 2**64 - 1], pa.uint64()), "64 bits"),
        ("flag", pa.array([1, 0, 1]), "expected bool"),
        ("real", pa.array([1, 2, 3]), "expected float64"),
        ("money", pa.array([1.5, 2.5, 3.5]), "expected decimal"),
        ("money", pa.array([Decimal("1.234")] * 3), "without rounding"),
        ("money", pa.array([Decimal("12345678901.00")] * 3), "without rounding"),
        ("short", pa.array(["123456789"] * 3), "8 characters"),
        ("short", pa.array(["a\0b"] * 3), "NUL"),
        ("short", pa.array([b"a"] * 3), "expected text"),
        ("raw", pa.array(["a"] * 3), "expected bytes"),
        ("day", pa.array([2_932_897] * 3, pa.int32()).cast(pa.date32()), "1 to 9999"),
        ("at", pa.array([0, 1, 2], pa.timestamp("us")), "expected timestamp_utc"),
        ("local", pa.array([0, 1, 2], pa.timestamp("us", "UTC")), "expected timestamp"),
        ("local", pa.array([0, 1, 2], pa.timestamp("ns")), "microseconds"),
        ("local", pa.array([0, 1, 2**62], pa.timestamp("us")), "1 to 9999"),
        ("key", pa.array([b"short"] * 3, pa.binary(5)), "expected uuid"),
        ("genre", pa.array(["drama"] * 3), "allowed values"),
        ("document", pa.array(["{"] * 3), "JSON"),
        ("document", pa.array(["[]"] * 3), "another kind"),
        ("numbers", pa.array([["a"]] * 3), "expected int64"),
        ("numbers", pa.array([[1, None]] * 3), "NULL"),
        ("numbers", pa.array([[[1]]] * 3), "expected int64"),
        ("short", pa.array([{"a": 1}] * 3), "expected text"),
    ],
    ids=str,
)
async def test_what_does_not_fit_is_refused(
    open_database: OpenDatabase, name: str, array: pa.Array, problem: str
) -> None:
    async with open_database() as db:
        await db.create_tables(Reading)
        table = readings()
        table = table.drop_columns([name]) if name in table.column_names else table
        with pytest.raises(ValidationError, match=problem) as raised:
            await db.insert_many(Reading, table.append_column(name, array))
        assert f"Reading.{name}" in str(raised.value)
        assert await db.count(select(Reading)) == 0
        await db.drop_tables(Reading)


async def test_columns_are_matched_by_name(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        with pytest.raises(QueryError, match="Tag has no column extra"):
            await db.insert_many(Tag, pa.table({"name": ["a"], "extra": [1]}))
        with pytest.raises(QueryError, match=r"Tag\.name"):
            await db.insert_many(Tag, pa.table({"id": [1]}))
        with pytest.raises(ValidationError, match="two columns name"):
            await db.insert_many(Tag, pa.table([pa.array(["a"]), pa.array(["b"])], names=["name", "name"]))
        with pytest.raises(QueryError, match=r"Everything\."):
            await db.insert_many(Everything, pa.table({"id": [1]}))
        assert await db.insert_many(Tag, pa.table({"name": ["b"], "id": [70]})) == 1
        assert (await db.get(Tag, 70)).name == "b"


async def test_streams_are_read_a_batch_at_a_time(open_database: OpenDatabase) -> None:
    alive: list[int] = []

    def batches() -> Iterator[pa.RecordBatch]:
        for number in range(20):
            gc.collect()
            alive.append(pa.total_allocated_bytes())
            yield pa.record_batch({"name": [f"{number}.{row}".rjust(40) for row in range(2_000)]})

    async with open_database() as db:
        reader = pa.RecordBatchReader.from_batches(pa.schema({"name": pa.string()}), batches())
        before = pa.total_allocated_bytes()
        assert await db.insert_many(Tag, reader) == 40_000
        one_batch = 2_000 * 44
        assert max(alive) - before < 4 * one_batch, "twenty batches must never lie in memory together"
        with pytest.raises(ValidationError):
            await db.insert_many(Tag, pa.RecordBatchReader.from_batches(pa.schema({"name": pa.int32()}), []))


async def test_a_source_that_fails_leaves_nothing_behind(open_database: OpenDatabase) -> None:
    def batches() -> Iterator[pa.RecordBatch]:
        yield pa.record_batch({"name": ["first"]})
        message = "the disk is gone"
        raise OSError(message)

    async with open_database() as db:
        reader = pa.RecordBatchReader.from_batches(pa.schema({"name": pa.string()}), batches())
        with pytest.raises(ValidationError, match="the disk is gone"):
            await db.insert_many(Tag, reader)
        assert await db.count(select(Tag)) == 0
        with pytest.raises(UniqueViolationError):
            await db.insert_many(Tag, pa.table({"name": ["same", "same"]}))
        assert await db.insert_many(Tag, pa.table({"name": ["good"]})) == 1


async def test_batches_alone_and_empty_tables_are_sources(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        assert await db.insert_many(Tag, pa.record_batch({"name": ["a", "b"]})) == 2
        assert await db.insert_many(Tag, pa.table({"name": pa.array([], pa.string())})) == 0
        assert await db.insert_many(Tag, polars.DataFrame({"name": ["c"]})) == 1
        chunks = pa.chunked_array([["d"], [], ["e", "f"]], pa.string())
        assert await db.insert_many(Tag, pa.table({"name": chunks})) == 3
        assert await db.count(select(Tag)) == 6


class Alone:
    """Hands over one batch, and nothing else."""

    def __init__(self, batch: Any) -> None:
        self._batch = batch

    def __arrow_c_array__(self, requested_schema: object = None) -> object:
        return self._batch.__arrow_c_array__(requested_schema)


class Hostile:
    """Hands over what is no stream."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._answer


async def test_sources_without_a_stream_are_told_apart(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        assert await db.insert_many(Tag, Alone(pa.record_batch({"name": ["a", "b"]}))) == 2
        used = pa.table({"name": ["c"]}).__arrow_c_stream__()
        assert await db.insert_many(Tag, Hostile(used)) == 1
        with pytest.raises(ValidationError, match="read already"):
            await db.insert_many(Tag, Hostile(used))
        wrong = pa.array([1]).__arrow_c_array__()[0]
        for answer in (None, 1, object(), wrong):
            with pytest.raises((TypeError, ValueError)):
                await db.insert_many(Tag, Hostile(answer))
        with pytest.raises(ValidationError, match="table is needed"):
            await db.insert_many(Tag, pa.chunked_array([[1, 2]]))


async def test_iterators_of_rows_are_read_as_they_are_needed(open_database: OpenDatabase) -> None:
    seen: list[int] = []

    def rows(first: int) -> Iterator[dict[str, Any]]:
        for number in range(first, first + 5_000):
            seen.append(number)
            yield {"name": f"tag {number}"}

    async with open_database() as db:
        assert await db.insert_many(Tag, rows(0)) == 5_000
        assert len(seen) == 5_000
        with pytest.raises(ValidationError):
            await db.insert_many(
                Tag, (row if number else {"name": 5} for number, row in enumerate(rows(9_000)))
            )
        assert await db.count(select(Tag)) == 5_000
        objects = await db.insert_many(Tag(name=f"object {number}") for number in range(100))
        assert all(each.id for each in objects)
