"""Raw SQL as a query source: every reading verb gives its rows, as tuples typed by the wire."""

from __future__ import annotations

import pytest

from bridgeorm import MultipleRowsFoundError, NoRowFoundError, QueryError, sql

from .conftest import OpenDatabase


async def test_all_first_and_one_give_tuples(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        pairs = sql(
            "SELECT CAST({low} AS bigint) AS number, 'x' AS letter "
            "UNION ALL SELECT CAST({high} AS bigint), 'y' ORDER BY 1",
            low=1,
            high=2,
        )
        assert await db.all(pairs) == [(1, "x"), (2, "y")]
        assert await db.first(pairs) == (1, "x")
        with pytest.raises(MultipleRowsFoundError):
            await db.one(pairs)
        assert await db.one(sql("SELECT 'only' AS word")) == ("only",)
        assert await db.count(pairs) == 2
        assert await db.exists(pairs)


async def test_no_rows_are_no_rows(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        nothing = sql("SELECT 1 AS one WHERE 1 = 0")
        assert await db.all(nothing) == []
        assert await db.first(nothing) is None
        assert not await db.exists(nothing)
        with pytest.raises(NoRowFoundError):
            await db.one(nothing)


async def test_scalar_is_the_only_value(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        assert await db.scalar(sql("SELECT 'only' AS word")) == "only"
        with pytest.raises(QueryError, match="exactly one column"):
            await db.scalar(sql("SELECT 'one' AS first_word, 'two' AS second_word"))


async def test_rows_count_against_a_budget(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        with db.budget(rows=3) as budget:
            await db.all(sql("SELECT 'a' AS letter UNION ALL SELECT 'b'"))
        assert budget.rows_used == 2
