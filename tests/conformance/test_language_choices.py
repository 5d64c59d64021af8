"""Rounding and choosing, and arithmetic between kinds of numbers: what Python computes is what comes back."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from bridgeorm import Column, Database, Model, QueryError, column, func, primary_key, select

NUMBERS = [
    (Decimal("2.345"), 3),
    (Decimal("-2.345"), 0),
    (Decimal("0.005"), -7),
    (Decimal("99999.999"), 1000),
]


class Sample(Model, table="exam_samples"):
    id: Column[int] = primary_key()
    exact: Column[Decimal] = column(precision=12, scale=3)
    whole: Column[int] = column()
    share: Column[Decimal | None] = column(precision=4, scale=2, default=None)


async def filled(db: Database) -> None:
    await db.create_tables(Sample)
    await db.insert_many([Sample(exact=exact, whole=whole) for exact, whole in NUMBERS])


@pytest.mark.parametrize("places", [0, 1, 2, 5])
async def test_numbers_are_rounded_half_away_from_zero(database_url: str, places: int) -> None:
    async with Database(database_url) as db:
        await filled(db)
        rounded = await db.all(select(func.round(Sample.exact, places)).order_by(Sample.id))
        digit = Decimal(1).scaleb(-places)
        assert rounded == [exact.quantize(digit, ROUND_HALF_UP) for exact, _whole in NUMBERS]


async def test_a_value_can_count_as_nothing(database_url: str) -> None:
    async with Database(database_url) as db:
        await filled(db)
        query = select(func.nullif(Sample.whole, 0), Sample.exact / func.nullif(Sample.whole, 0))
        rows = await db.all(query.order_by(Sample.id))
        assert [whole for whole, _share in rows] == [3, None, -7, 1000]
        assert rows[1][1] is None
        assert rows[3][1] == Decimal("99.999999")


async def test_whole_and_exact_numbers_mix(database_url: str) -> None:
    async with Database(database_url) as db:
        await filled(db)
        query = select(
            Sample.exact * Sample.whole,
            Sample.whole * Sample.exact,
            Sample.whole * Decimal("0.5"),
            Sample.whole - Decimal("0.25"),
            Sample.exact * (1 - Sample.share),
        ).order_by(Sample.id)
        assert await db.all(query) == [
            (exact * whole, exact * whole, whole * Decimal("0.5"), whole - Decimal("0.25"), None)
            for exact, whole in NUMBERS
        ]


def test_only_exact_numbers_are_rounded() -> None:
    unchecked: Any = func
    with pytest.raises(QueryError, match="exact"):
        unchecked.round(Sample.whole, 1)
    for places in (-1, True, 1.5, 10_000):
        with pytest.raises(QueryError, match="places"):
            unchecked.round(Sample.exact, places)
