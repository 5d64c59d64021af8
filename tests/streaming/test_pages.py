"""Pages walk every row of a query exactly once, in both directions, and trust no token they did not make."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from bridgeorm import (
    ConfigurationError,
    Database,
    Query,
    QueryError,
    UnsupportedFeatureError,
    delete,
    func,
    optional,
    select,
)

from .conftest import ROWS, OpenShelf
from .models import MODELS, Record, Shelf

ROUNDS = 12
SEED = 20
TITLES = ("a", "B", "b", "", "z")


def _same_chances() -> random.Random:
    """The same in every run."""
    return random.Random(SEED)  # noqa: S311 - test data, not a secret


async def _forward(db: Database, query: Query[Any], size: int) -> list[Any]:
    rows: list[Any] = []
    token: str | None = None
    while True:
        page = await db.page(query, size=size, after=token)
        assert len(page.items) <= size
        rows += page.items
        if page.next is None:
            return rows
        token = page.next


async def _backward(db: Database, query: Query[Any], size: int) -> list[Any]:
    """From the last page back to the first, by the tokens of what lies in front."""
    page = await db.page(query, size=size)
    while page.next is not None:
        page = await db.page(query, size=size, after=page.next)
    rows = list(page.items)
    while page.previous is not None:
        page = await db.page(query, size=size, before=page.previous)
        rows = [*page.items, *rows]
    return rows


async def _fill(db: Database, source: random.Random) -> None:
    await db.create_tables(*MODELS)
    await db.insert_many(Shelf, [{"id": number, "name": source.choice("xy")} for number in range(4)])
    await db.insert_many(
        Record,
        [
            {
                "id": number,
                "shelf_id": source.randrange(4),
                "title": source.choice(TITLES),
                "rating": source.choice([None, 1, 2, 3]),
                "price": source.choice([None, Decimal("1.50"), Decimal("10.00"), Decimal("9.99")]),
            }
            for number in source.sample(range(1_000), 40)
        ],
    )


def _random_order(source: random.Random) -> list[Any]:
    keys: list[Any] = []
    columns: list[Any] = [Record.rating, Record.price, Record.title, Record.shelf_id]
    for column in source.sample(columns, source.randrange(4)):
        ordering = source.choice([column.asc, column.desc])()
        keys.append(source.choice([lambda it=ordering: it, ordering.nulls_first, ordering.nulls_last])())
    return keys


async def test_every_row_once_in_both_directions(database_url: str) -> None:
    source = _same_chances()
    async with Database(database_url) as db:
        await _fill(db, source)
        for _ in range(ROUNDS):
            keys = _random_order(source)
            query = select(Record).order_by(*keys)
            whole = await db.all(query.order_by(Record.id))
            size = source.randrange(1, 12)
            assert await _forward(db, query, size) == whole
            assert await _backward(db, query, size) == whole


async def _insert_anywhere(db: Database, source: random.Random, taken: set[int]) -> None:
    """Rows before, between and behind those there are."""
    numbers = [number for number in source.sample(range(1_000), 6) if number not in taken]
    taken.update(numbers)
    rows = [
        {
            "id": number,
            "shelf_id": source.randrange(4),
            "title": source.choice(TITLES),
            "rating": source.choice([None, 1, 2, 3]),
        }
        for number in numbers
    ]
    await db.insert_many(Record, rows)


async def test_rows_that_come_meanwhile_move_nobody(database_url: str) -> None:
    """Walking there and back while others insert: those that were there come once, and nobody twice."""
    source = _same_chances()
    async with Database(database_url) as db:
        await _fill(db, source)
        for _ in range(ROUNDS // 2):
            query = select(Record.id).order_by(*_random_order(source), Record.id)
            before = await db.all(query)
            taken = set(before)
            size = source.randrange(2, 9)
            page = await db.page(query, size=size)
            there = list(page.items)
            while page.next is not None:
                await _insert_anywhere(db, source, taken)
                page = await db.page(query, size=size, after=page.next)
                there += page.items
            back = list(page.items)
            while page.previous is not None:
                await _insert_anywhere(db, source, taken)
                page = await db.page(query, size=size, before=page.previous)
                back = [*page.items, *back]
            for walked in (there, back):
                assert len(walked) == len(set(walked))
                assert [number for number in walked if number in set(before)] == before
            await db.execute(delete(Record).where(Record.id.not_in(before)))


async def test_joined_rows_and_tuples(database_url: str) -> None:
    source = _same_chances()
    async with Database(database_url) as db:
        await _fill(db, source)
        pairs = (
            select(Record, Shelf.name)
            .join(Record.shelf)
            .order_by(Shelf.name.desc(), Record.rating, Record.id)
        )
        whole = await db.all(pairs)
        assert await _forward(db, pairs, 7) == whole
        assert await _backward(db, pairs, 7) == whole
        outer = (
            select(Shelf.id, optional(Record))
            .left_join(Shelf.records)
            .order_by(Record.price.desc().nulls_last(), Shelf.id, Record.id)
        )
        every = await db.all(outer)
        assert await _forward(db, outer, 7) == every
        assert await _backward(db, outer, 7) == every
        computed = select(Record.id).order_by(func.lower(Record.title), Record.id.desc())
        numbers = await db.all(computed)
        assert await _forward(db, computed, 7) == numbers
        assert await _backward(db, computed, 7) == numbers


@dataclass
class Line:
    id: int
    title: str


async def test_rows_of_a_class_and_relations(shelf: OpenShelf) -> None:
    async with shelf() as db:
        lines = select(Record.id, Record.title).order_by(Record.id.desc()).into(Line)
        page = await db.page(lines, size=2)
        assert page.items == [Line(24, "title 0"), Line(23, "title 2")]
        loaded = await db.page(select(Record).prefetch(Record.shelf), size=3)
        assert [record.shelf.name for record in loaded.items] == ["shelf 1", "shelf 2", "shelf 1"]


async def test_changed_objects_do_not_move_the_walk(shelf: OpenShelf) -> None:
    async with shelf() as db:
        query = select(Record).order_by(Record.title)
        page = await db.page(query, size=5)
        page.items[-1].title = "zzz"  # not written
        again = await db.page(query, size=5)
        assert again.next is not None
        following = await db.page(query, size=5, after=again.next)
        assert [record.id for record in following.items] == [15, 18, 21, 24, 1]


@pytest.mark.parametrize("token", ["", "nonsense", "AAAA", "\ud800", "é", "A" * 100_000])
async def test_what_is_no_token(shelf: OpenShelf, token: str) -> None:
    async with shelf() as db:
        with pytest.raises(QueryError, match="no token"):
            await db.page(select(Record), size=2, after=token)


async def test_forged_cut_and_foreign_tokens(shelf: OpenShelf) -> None:
    async with shelf() as db:
        query = select(Record).where(Record.id >= 0).order_by(Record.title)
        token = (await db.page(query, size=2)).next
        assert token is not None
        source = _same_chances()
        for _ in range(50):
            place = source.randrange(len(token))
            forged = token[:place] + source.choice("abcXYZ019") + token[place + 1 :]
            if forged.rstrip("=")[:-1] == token.rstrip("=")[:-1]:
                continue  # the last character of base64 has bits that say nothing
            with pytest.raises(QueryError):
                await db.page(query, size=2, after=forged)
        for length in range(len(token)):
            with pytest.raises(QueryError):
                await db.page(query, size=2, after=token[:length])
        for other in (
            select(Record).where(Record.id >= 0).order_by(Record.title.desc()),
            select(Record).where(Record.id > 0).order_by(Record.title),
            select(Record).order_by(Record.title),
        ):
            with pytest.raises(QueryError, match="belongs to another"):
                await db.page(other, size=2, after=token)
        assert (
            len(
                (
                    await db.page(
                        select(Record).where(Record.id >= 5).order_by(Record.title), size=2, after=token
                    )
                ).items
            )
            == 2
        )
        with pytest.raises(QueryError, match="not both"):
            await db.page(query, size=2, after=token, before=token)
        with pytest.raises(QueryError, match="positive"):
            await db.page(query, size=0)


async def test_a_key_of_ones_own_outlives_the_process(shelf: OpenShelf, database_url: str) -> None:
    async with shelf():
        query = select(Record)
        async with Database(database_url, page_key=b"k" * 32) as first:
            token = (await first.page(query, size=ROWS - 1)).next
        async with Database(database_url, page_key=b"k" * 32) as second:
            assert [record.id for record in (await second.page(query, size=5, after=token)).items] == [
                ROWS - 1
            ]
        async with Database(database_url, page_key=b"other" * 8) as third:
            with pytest.raises(QueryError):
                await third.page(query, size=5, after=token)
    with pytest.raises(ConfigurationError, match="page_key"):
        Database(database_url, page_key=b"short")


async def test_what_has_no_unique_order(shelf: OpenShelf) -> None:
    async with shelf() as db:
        with pytest.raises(QueryError, match=r"order by Record\.id as well"):
            await db.page(select(Record, Shelf).join(Record.shelf).order_by(Shelf.name), size=2)
        with pytest.raises(QueryError, match=r"order by Record\.id as well"):
            await db.page(
                select(Shelf.name, Record.title).join(Shelf.records).order_by(Shelf.id, Record.title), size=2
            )
        with pytest.raises(UnsupportedFeatureError):
            await db.page(select(Record).limit(5), size=2)
        with pytest.raises(UnsupportedFeatureError):
            await db.page(select(func.count(Record.id)), size=2)
