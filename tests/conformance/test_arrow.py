"""Results become Arrow columns and Arrow columns become rows, exactly or not at all."""

from __future__ import annotations

import gc
import json
from decimal import Decimal
from typing import Any

import polars
import pyarrow as pa
import pytest

from bridgeorm import (
    BudgetExceededError,
    QueryError,
    SyncDatabase,
    UnsupportedFeatureError,
    aliased,
    func,
    insert,
    optional,
    select,
    telemetry,
)

from .conftest import OpenDatabase
from .models import Author, Book, Category, Everything, Tag
from .test_values import ORDINARY

NAMES = [name for name in Everything.__annotations__ if not name.startswith("maybe")]
ARROW_TYPES: dict[str, pa.DataType] = {
    "id": pa.int64(),
    "small": pa.int16(),
    "medium": pa.int32(),
    "large": pa.int64(),
    "flag": pa.bool_(),
    "real": pa.float64(),
    "money": pa.decimal128(20, 4),
    "text": pa.string(),
    "short": pa.string(),
    "raw": pa.binary(),
    "day": pa.date32(),
    "moment": pa.time64("us"),
    "at": pa.timestamp("us", "UTC"),
    "local": pa.timestamp("us"),
    "span": pa.duration("us"),
    "key": pa.uuid(),
    "genre": pa.string(),
    "document": pa.json_(pa.string()),
    "numbers": pa.list_(pa.int64()),
    "words": pa.list_(pa.string()),
    "address": pa.string(),
}


def as_stored(name: str, value: Any) -> Any:
    """What an Arrow column holds for an attribute's value."""
    if name == "genre":
        return value.value
    return str(value) if name == "address" else value


async def test_every_storage_type_has_its_arrow_type(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.insert(Everything(**ORDINARY))
        table = pa.table(await db.arrow(select(Everything)))
        assert {name: table.schema.field(name).type for name in NAMES} == ARROW_TYPES
        assert table.schema.field("maybe_text").nullable
        assert not table.schema.field("text").nullable
        (row,) = table.to_pylist()
        for name in NAMES:
            found = json.loads(row[name]) if name == "document" else row[name]
            assert found == as_stored(name, ORDINARY[name]), name
        assert row["maybe_large"] is row["maybe_text"] is row["maybe_money"] is row["maybe_at"] is None
        table.validate(full=True)


async def test_one_column_holds_what_the_objects_hold(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        for number in range(1, 40):
            row = {
                **ORDINARY,
                "id": number,
                "money": Decimal(number * 7919).scaleb(-4) * (-1) ** number,
                "maybe_large": number if number % 3 else None,
                "maybe_text": "é" * number if number % 4 else None,
                "maybe_money": Decimal(-number) if number % 5 else None,
                "numbers": list(range(number % 4)),
            }
            await db.insert(Everything(**row))
        query = select(Everything).order_by(Everything.id)
        objects = await db.all(query)
        table = pa.table(await db.arrow(query))
        for name in ("money", "maybe_large", "maybe_text", "maybe_money", "numbers"):
            assert table[name].to_pylist() == [getattr(each, name) for each in objects], name
        table.validate(full=True)


async def test_names_are_labels_and_attributes(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        ann = await db.insert(Author(name="Ann"))
        await db.insert(Book(author=ann, title="A"))
        counted = select(Author.name, func.count(Book.id).label("books")).join(Author.books)
        table = await db.arrow(counted.group_by(Author.name))
        assert table.column_names == ["name", "books"]
        assert table.row_count == 1
        assert pa.table(table).to_pylist() == [{"name": "Ann", "books": 1}]
        both = await db.arrow(select(Book, Author).join(Book.author))
        assert both.column_names[:3] == ["Book.id", "author_id", "title"]
        assert "Author.id" in both.column_names
        parent = aliased(Category)
        with pytest.raises(QueryError, match=r"Category\.id"):
            await db.arrow(select(Category, parent).join(Category.parent, parent))
        returned = await db.arrow(insert(Tag).values(name="new").returning(Tag.name))
        assert pa.table(returned).to_pylist() == [{"name": "new"}]


async def test_the_far_side_of_a_left_join_is_nullable(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.insert(Author(name="Ann"))
        query = select(Author.name, optional(Book.title)).left_join(Author.books)
        table = pa.table(await db.arrow(query))
        assert not table.schema.field("name").nullable
        assert table.schema.field("title").nullable
        assert table.to_pylist() == [{"name": "Ann", "title": None}]


async def test_an_empty_result_has_a_schema(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        found = await db.arrow(select(Everything))
        table = pa.table(found)
        assert table.num_rows == 0
        assert table.schema.field("money").type == pa.decimal128(20, 4)
        assert pa.schema(found) == table.schema


async def test_polars_reads_it_and_writes_it_back(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.insert_many([Tag(name=f"tag {number}") for number in range(100)])
        frame = polars.DataFrame(await db.arrow(select(Tag).order_by(Tag.name)))
        assert frame["name"].to_list() == sorted(f"tag {number}" for number in range(100))
        again = frame.select((polars.col("id") + 1000).alias("id"), polars.col("name") + "!")
        assert await db.insert_many(Tag, again) == 100
        assert await db.count(select(Tag).where(Tag.name.endswith("!"))) == 100


async def test_streams_start_over_and_outlive_the_table(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.insert_many([Tag(name=f"tag {number}") for number in range(10)])
        found = await db.arrow(select(Tag.name).order_by(Tag.id))
        first, second = pa.table(found), pa.table(found)
        unused = found.__arrow_c_stream__()
        del found, unused
        gc.collect()
        assert first == second
        assert first["name"].to_pylist()[-1] == "tag 9"
        column = first["name"]
        del first, second
        gc.collect()
        assert column.to_pylist()[0] == "tag 0"


async def test_batches_have_bounded_size(open_database: OpenDatabase) -> None:
    rows = 150_000
    async with open_database() as db:
        assert await db.insert_many(Tag, pa.table({"name": [f"{number}" for number in range(rows)]})) == rows
        found = await db.arrow(select(Tag))
        assert found.row_count == rows
        assert found.batch_count >= 2
        assert pa.table(found)["name"].null_count == 0


async def test_what_arrow_cannot_hold_is_refused_by_name(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        ann = await db.insert(Author(name="Ann"))
        await db.insert(Book(author=ann, title="A", price=Decimal("1.50")))
        with pytest.raises(UnsupportedFeatureError, match="column total"):
            await db.arrow(select(func.sum(Book.price).label("total")))
        kept = await db.arrow(select(func.sum(Book.price).cast(float).label("total")))
        assert pa.table(kept).to_pylist() == [{"total": 1.5}]
        with pytest.raises(QueryError, match="prefetch"):
            await db.arrow(select(Book).prefetch(Book.author))
        assert await db.count(select(Book)) == 1, "the connection is still good"


async def test_it_runs_where_the_other_verbs_run(open_database: OpenDatabase) -> None:
    events: list[telemetry.QueryEvent] = []
    async with open_database() as db:
        remove = telemetry.on_query(events.append)
        try:
            async with db.transaction() as tx:
                await tx.insert(Tag(name="inside"))
                assert (await tx.arrow(select(Tag))).row_count == 1
        finally:
            remove()
        assert "fetch_arrow" in [event.operation for event in events]
        await db.insert(Tag(name="more"))
        with pytest.raises(BudgetExceededError), db.budget(rows=1):
            await db.arrow(select(Tag))


def test_the_blocking_face_has_it_too(database_url: str) -> None:
    with SyncDatabase(database_url) as db:
        db.create_tables(Tag)
        assert db.insert_many(Tag, pa.table({"name": ["blocking"]})) == 1
        assert pa.table(db.arrow(select(Tag.name))).to_pylist() == [{"name": "blocking"}]
