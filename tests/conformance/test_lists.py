"""Arrays and documents: what their elements are, and that changes inside them are found."""

from __future__ import annotations

import asyncio
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address
from typing import Any

import pytest

from bridgeorm import Column, Model, ModelError, ValidationError, column, primary_key, select
from bridgeorm.testing import count_queries

from .conftest import OpenDatabase


class Mood(Enum):
    """A closed list of texts."""

    CALM = "calm"
    WILD = "wild"


class Bag(Model, table="exam_bags"):
    id: Column[int] = primary_key()
    moods: Column[list[Mood]] = column(default=list)
    hosts: Column[list[IPv4Address]] = column(default=list)
    networks: Column[list[IPv4Network]] = column(default=list)
    things: Column[list[object]] = column(default=list)
    facts: Column[dict[str, object]] = column(default=dict)


FILLED: dict[str, Any] = {
    "moods": [Mood.WILD, Mood.WILD],
    "hosts": [IPv4Address("192.0.2.1")],
    "networks": [IPv4Network("192.0.2.0/24"), IPv4Network("192.0.2.1/32")],
    "things": [1, None, {"a": [[]]}, "x"],
    "facts": {"huge": 1e300, "wide": -1.5e16, "tiny": 1e-300, "text": '1e+20 \\" 2e+5', "whole": 10**17},
}

REFUSED: list[tuple[str, Any]] = [
    ("moods", ["calm"]),
    ("moods", [None]),
    ("moods", (Mood.CALM,)),
    ("hosts", [IPv6Address("::1")]),
    ("hosts", ["192.0.2.1"]),
    ("hosts", [None]),
    ("networks", [IPv4Address("192.0.2.1")]),
    ("things", {}),
    ("things", "x"),
    ("facts", []),
    ("facts", 5),
]


async def test_elements_come_back_as_what_they_are(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(Bag)
        bag = await db.insert(Bag(**FILLED))

        async def work() -> None:
            read = await db.get(Bag, bag.id)
            for name, value in FILLED.items():
                assert getattr(read, name) == value
                assert repr(getattr(read, name)) == repr(value) or name == "facts"
            assert {name: type(fact) for name, fact in read.facts.items()} == {
                name: type(fact) for name, fact in FILLED["facts"].items()
            }
            with count_queries(db) as queries:
                await db.update(read)
            assert queries.count == 0
            read.moods.append(Mood.CALM)
            read.things.append("more")
            await db.update(read)

        await asyncio.create_task(work())
        assert await db.scalar(select(Bag.moods)) == [Mood.WILD, Mood.WILD, Mood.CALM]
        assert await db.scalar(select(Bag.things)) == [*FILLED["things"], "more"]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case[0]}-{case[1]!r}")
def test_other_elements_are_refused(case: tuple[str, Any]) -> None:
    name, value = case
    with pytest.raises(ValidationError, match=rf"Bag\.{name}"):
        Bag(**{name: value})


def test_array_whose_elements_may_be_none_is_refused() -> None:
    class Gaps(Model, table="exam_gaps"):
        id: Column[int] = primary_key()
        numbers: Column[list[int | None]] = column(default=list)

    with pytest.raises(ModelError, match=r"list\[object\]"):
        select(Gaps).where(Gaps.id == 1)
