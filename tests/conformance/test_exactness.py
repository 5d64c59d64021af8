"""What databases are known to change in silence is kept exactly, or is refused; docs/databases.md says."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from bridgeorm import BridgeError, select

from .conftest import OpenDatabase
from .models import Everything
from .proof import EXACTNESS, KEPT, REFUSED
from .test_values import ORDINARY

MEGABYTE = 2**20
INDIA = timezone(timedelta(hours=5, minutes=30))
CASES: dict[str, list[tuple[str, Any]]] = {
    "whole numbers of 64 bits": [("large", -(2**63)), ("large", 2**63 - 1), ("large", 2**53 + 1)],
    "decimals": [("money", Decimal("-9999999999999999.9999")), ("money", Decimal("0.1000"))],
    "microseconds": [
        ("at", datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("local", datetime(2024, 2, 29, 23, 59, 59, 1)),  # noqa: DTZ001 naive is what the column holds
    ],
    "time zones": [("at", datetime(2024, 7, 1, 0, 15, tzinfo=INDIA))],
    "empty text beside NULL": [("maybe_text", ""), ("maybe_text", None)],
    "emoji": [("text", "👩‍👩‍👧 🎉 \U0010ffff"), ("short", "🎉" * 8)],
    "texts of 1 MB": [("text", "é" * (MEGABYTE // len("é".encode())))],
    "NaN": [("real", math.nan)],
}
MAY_BE_REFUSED = {"NaN"}


def is_same(found: object, given: object) -> bool:
    """Equal, of one type, and NaN where NaN was given."""
    if isinstance(given, float) and math.isnan(given):
        return isinstance(found, float) and math.isnan(found)
    return type(found) is type(given) and found == given


@pytest.mark.parametrize("kind", CASES)
async def test_value_is_kept(open_database: OpenDatabase, kind: str, record_property: Any) -> None:
    outcome = KEPT
    async with open_database() as db:
        for number, (name, value) in enumerate(CASES[kind]):
            try:
                await db.insert(Everything(**{**ORDINARY, "id": number, name: value}))
            except BridgeError:
                assert kind in MAY_BE_REFUSED
                outcome = REFUSED
                continue
            column = getattr(Everything, name)
            assert is_same(await db.scalar(select(column).where(Everything.id == number)), value)
            where = column.is_null() if value is None else column == value
            if value == value:  # noqa: PLR0124 - NaN equals nothing, and is found by nothing
                assert await db.all(select(Everything.id).where(where)) == [number]
    record_property(EXACTNESS, (kind, outcome))
