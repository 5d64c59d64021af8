"""Every type goes in and comes out unchanged, and what does not fit is refused before it is sent."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from ipaddress import IPv4Address
from typing import Any
from uuid import UUID

import pytest

from bridgeorm import ValidationError, select, update

from .conftest import OpenDatabase
from .models import Everything, Genre

ORDINARY: dict[str, Any] = {
    "id": 1,
    "small": 1,
    "medium": 2,
    "large": 3,
    "flag": True,
    "real": 1.5,
    "money": Decimal("12.3400"),
    "text": "text",
    "short": "short",
    "raw": b"\x00\xff",
    "day": date(2024, 2, 29),
    "moment": time(23, 59, 59, 999999),
    "at": datetime(2024, 2, 29, 12, 30, 0, 1, tzinfo=UTC),
    "local": datetime(2024, 2, 29, 12, 30, 0, 1),  # noqa: DTZ001 naive is what the column holds
    "span": timedelta(days=-3, microseconds=5),
    "key": UUID("12345678-1234-5678-1234-567812345678"),
    "genre": Genre.POEM,
    "document": {"a": [1, 2.5, None, True, "x"], "b": {"c": {}}},
    "numbers": [1, -2, 3],
    "words": ["a", "", 'quote " and \\ and ,'],
    "address": IPv4Address("192.0.2.1"),
}

EDGES: list[tuple[str, Any]] = [
    ("small", -(2**15)),
    ("small", 2**15 - 1),
    ("medium", -(2**31)),
    ("medium", 2**31 - 1),
    ("large", -(2**63)),
    ("large", 2**63 - 1),
    ("flag", False),
    ("real", 0.1),
    ("real", 5e-324),
    ("real", 1.7976931348623157e308),
    ("money", Decimal("-9999999999999999.9999")),
    ("money", Decimal("0.0001")),
    ("money", Decimal(0)),
    ("text", ""),
    ("text", "héllo wörld 漢字 🎉 ' \" \\ % _ -- ; $1 ?"),
    ("text", "x" * 100_000),
    ("short", "12345678"),
    ("short", "🎉" * 8),
    ("raw", b""),
    ("raw", bytes(range(256)) * 40),
    ("day", date(1, 1, 1)),
    ("day", date(9999, 12, 31)),
    ("moment", time(0, 0)),
    ("at", datetime(1, 1, 1, tzinfo=UTC)),
    ("at", datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
    ("at", datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
    ("local", datetime(1, 1, 1)),  # noqa: DTZ001 naive is what the column holds
    ("span", timedelta(0)),
    ("span", timedelta(days=10_000, hours=5, microseconds=1)),
    ("key", UUID(int=0)),
    ("key", UUID(int=2**128 - 1)),
    ("genre", Genre.NOVEL),
    ("document", {}),
    ("document", {"deep": [[[[{"x": 2**70}]]]], "text": "\u2028'\"\\"}),
    ("numbers", []),
    ("numbers", [2**63 - 1, -(2**63)]),
    ("words", []),
    ("words", ["NULL", "null", "{}", "{a,b}", "漢字"]),
    ("address", IPv4Address("255.255.255.255")),
    ("maybe_large", 7),
    ("maybe_text", "NULL"),
    ("maybe_money", Decimal("1.0000")),
    ("maybe_at", datetime(2000, 1, 1, tzinfo=UTC)),
]

REFUSED: list[tuple[str, Any]] = [
    ("small", 2**15),
    ("small", -(2**15) - 1),
    ("medium", 2**31),
    ("large", 2**63),
    ("large", -(2**63) - 1),
    ("large", True),
    ("large", 1.0),
    ("large", "5"),
    ("large", Decimal(1)),
    ("large", None),
    ("flag", 1),
    ("flag", "true"),
    ("real", "1.5"),
    ("real", True),
    ("real", Decimal("1.5")),
    ("real", 2**53 + 1),
    ("money", 1.5),
    ("money", "1.5"),
    ("money", True),
    ("money", Decimal("0.00001")),
    ("money", Decimal("99999999999999999")),
    ("money", Decimal("NaN")),
    ("money", Decimal("Infinity")),
    ("text", 5),
    ("text", b"x"),
    ("text", None),
    ("text", "lone \ud800 surrogate"),
    ("short", "123456789"),
    ("raw", "text"),
    ("day", datetime(2024, 1, 1, tzinfo=UTC)),
    ("day", "2024-01-01"),
    ("moment", datetime(2024, 1, 1, tzinfo=UTC)),
    ("moment", "12:00"),
    ("at", datetime(2024, 1, 1)),  # noqa: DTZ001 naive must be refused
    ("at", date(2024, 1, 1)),
    ("at", "2024-01-01T00:00:00Z"),
    ("local", datetime(2024, 1, 1, tzinfo=UTC)),
    ("local", date(2024, 1, 1)),
    ("span", 5),
    ("span", "1 day"),
    ("key", "12345678-1234-5678-1234-567812345678"),
    ("key", 5),
    ("key", b"1234567812345678"),
    ("genre", "poem"),
    ("genre", None),
    ("document", {"x": float("nan")}),
    ("document", {"x": b"bytes"}),
    ("document", {1: "x"}),
    ("numbers", "12"),
    ("numbers", (1, 2)),
    ("numbers", ["1"]),
    ("numbers", [True]),
    ("words", [1]),
    ("address", "192.0.2.1"),
]

TOO_EXACT = (Decimal("0.00001"), Decimal("99999999999999999"))


def _name(case: tuple[str, Any]) -> str:
    return f"{case[0]}-{type(case[1]).__name__}"


@pytest.mark.parametrize("case", EDGES, ids=_name)
async def test_value_comes_back_exactly(open_database: OpenDatabase, case: tuple[str, Any]) -> None:
    name, value = case
    async with open_database() as db:
        await db.insert(Everything(**{**ORDINARY, name: value}))
        row = await db.one(select(getattr(Everything, name)))
    assert row == value
    assert type(row) is type(value)
    assert str(row) == str(value) or isinstance(value, Decimal)


async def test_decimal_keeps_the_scale_of_its_column(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.insert(Everything(**{**ORDINARY, "money": Decimal("1.5")}))
        assert str(await db.scalar(select(Everything.money))) == "1.5000"


async def test_aware_datetime_is_normalised_to_utc(open_database: OpenDatabase) -> None:
    elsewhere = datetime(2024, 7, 1, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    async with open_database() as db:
        await db.insert(Everything(**{**ORDINARY, "at": elsewhere}))
        stored = await db.scalar(select(Everything.at))
    assert stored == elsewhere
    assert stored.tzinfo is UTC


async def test_whole_entity_comes_back(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.insert(Everything(**ORDINARY))
    async with open_database() as db:
        row = await db.get(Everything, 1)
    assert {name: getattr(row, name) for name in ORDINARY} == ORDINARY
    assert row.maybe_large is None
    assert row.maybe_text is None


@pytest.mark.parametrize("case", REFUSED, ids=_name)
def test_wrong_value_is_refused_on_construction(case: tuple[str, Any]) -> None:
    name, value = case
    with pytest.raises(ValidationError) as caught:
        Everything(**{**ORDINARY, name: value})
    assert f"Everything.{name}" in str(caught.value)
    if isinstance(value, str | bytes):
        assert str(value) not in str(caught.value)


@pytest.mark.parametrize("case", REFUSED, ids=_name)
def test_wrong_value_is_refused_on_assignment(case: tuple[str, Any]) -> None:
    name, value = case
    row = Everything(**ORDINARY)
    with pytest.raises(ValidationError):
        setattr(row, name, value)
    assert getattr(row, name) == ORDINARY[name]


@pytest.mark.parametrize("case", [case for case in REFUSED if case[1] is not None], ids=_name)
def test_wrong_value_is_refused_in_set(case: tuple[str, Any]) -> None:
    name, value = case
    with pytest.raises(ValidationError):
        update(Everything).where(Everything.id == 1).set(**{name: value})


# Containers are not compared, and a text or number that only is too long or too exact simply equals nothing.
COMPARABLE = [
    (name, value)
    for name, value in REFUSED
    if value is not None and name not in {"document", "numbers", "words", "short"} and value not in TOO_EXACT
]


@pytest.mark.parametrize("case", COMPARABLE, ids=_name)
def test_wrong_value_is_refused_in_a_filter(case: tuple[str, Any]) -> None:
    name, value = case
    with pytest.raises((ValidationError, TypeError)):
        select(Everything).where(getattr(Everything, name) == value)


@pytest.mark.parametrize("case", REFUSED, ids=_name)
async def test_wrong_value_is_refused_in_bulk(open_database: OpenDatabase, case: tuple[str, Any]) -> None:
    name, value = case
    async with open_database() as db:
        with pytest.raises(ValidationError):
            await db.insert_many(Everything, [ORDINARY, {**ORDINARY, "id": 2, name: value}])
        assert await db.count(select(Everything)) == 0


@pytest.mark.parametrize("case", EDGES, ids=_name)
async def test_bulk_insert_writes_the_same(open_database: OpenDatabase, case: tuple[str, Any]) -> None:
    name, value = case
    async with open_database() as db:
        assert await db.insert_many(Everything, [{**ORDINARY, name: value}]) == 1
        assert await db.one(select(getattr(Everything, name))) == value


async def test_text_with_nul_is_refused_or_kept_whole(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        try:
            await db.insert(Everything(**{**ORDINARY, "text": "a\0b"}))
        except ValidationError:
            return
        assert await db.scalar(select(Everything.text)) == "a\0b"
