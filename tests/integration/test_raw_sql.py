"""Rows of raw statements and plans: typed by the wire, nothing is expected of them."""

from __future__ import annotations

import pytest

from bridgeorm import Database, UnsupportedFeatureError, select

from .conftest import OpenLibrary
from .models import Writer


async def test_raw_columns_have_the_types_the_database_gives_them(library: OpenLibrary) -> None:
    async with library() as db:
        await db.insert(Writer(name="Ann"))
        result = await db.execute_raw("SELECT id, name, mentor_id, 7 AS seven FROM face_writers")
        assert result.rows == [(1, "Ann", None, 7)]
        assert [type(value) for value in result.rows[0]] == [int, str, type(None), int]


async def test_sqlite_types_each_cell_by_itself(sqlite_url: str) -> None:
    async with Database(sqlite_url) as db:
        result = await db.execute_raw(
            "SELECT 1 AS cell UNION ALL SELECT 0.5 UNION ALL SELECT 'text' UNION ALL SELECT x'00ff' "
            "UNION ALL SELECT NULL"
        )
        assert result.rows == [(1,), (0.5,), ("text",), (b"\x00\xff",), (None,)]


async def test_a_query_is_explained(library: OpenLibrary) -> None:
    async with library() as db:
        plan = await db.explain(select(Writer).where(Writer.name == "Ann"))
        assert "face_writers" in str(plan)


async def test_a_query_is_explained_with_measurements_where_the_database_can(
    postgres_url: str, sqlite_url: str
) -> None:
    async with Database(postgres_url) as db:
        await db.create_tables(Writer)
        measured = await db.explain(select(Writer), analyze=True)
        assert "actual" in measured.text
    async with Database(sqlite_url) as db:
        with pytest.raises(UnsupportedFeatureError):
            await db.explain(select(Writer), analyze=True)
