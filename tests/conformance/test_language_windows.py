"""Windows, frames, aggregates with clauses of their own, several groupings at once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bridgeorm import (
    QueryError,
    UnsupportedFeatureError,
    cube,
    func,
    grouping_sets,
    optional,
    rollup,
    row,
    select,
    window,
)

from .conftest import OpenDatabase
from .models import Author, Book
from .test_queries import fill

PRICES = [Decimal("5.25"), Decimal("9.99"), Decimal("10.00"), Decimal("20.50"), Decimal("100.00")]


async def test_ranking(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        by_price = window(order_by=Book.price)
        query = select(
            func.row_number().over(by_price),
            func.rank().over(by_price),
            func.dense_rank().over(order_by=Book.author_id),
            func.percent_rank().over(by_price),
            func.cume_dist().over(by_price),
            func.ntile(2).over(by_price),
        ).select_from(Book)
        rows = await db.all(query.order_by(Book.price))
        assert [each[0] for each in rows] == [1, 2, 3, 4, 5]
        assert [each[1] for each in rows] == [1, 2, 3, 4, 5]
        assert {each[2] for each in rows} == {1, 2}
        assert [each[3] for each in rows] == [0.0, 0.25, 0.5, 0.75, 1.0]
        assert rows[0][4] == pytest.approx(0.2)
        assert [each[5] for each in rows] == [1, 1, 1, 2, 2]


async def test_neighbours(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        query = select(
            Book.price,
            func.lag(Book.price).over(order_by=Book.price),
            func.lead(Book.price, 2, Decimal(0)).over(order_by=Book.price),
            func.first_value(Book.price).over(order_by=Book.price),
            func.last_value(Book.price).over(order_by=Book.price, rows=(None, None)),
            func.nth_value(Book.price, 2).over(order_by=Book.price, rows=(None, None)),
        ).order_by(Book.price)
        rows = await db.all(query)
        assert [each[1] for each in rows] == [None, *PRICES[:4]]
        assert [each[2] for each in rows] == [*PRICES[2:], Decimal(0), Decimal(0)]
        assert {each[3] for each in rows} == {PRICES[0]}
        assert {each[4] for each in rows} == {PRICES[4]}
        assert {each[5] for each in rows} == {PRICES[1]}


async def test_running_totals_and_frames(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        total = func.sum(Book.price)
        query = select(
            total.over(order_by=Book.price),
            total.over(order_by=Book.price, rows=(-1, 0)),
            total.over(order_by=Book.price, rows=(0, 1)),
            func.count().over(order_by=Book.price, rows=(None, None)),
            func.count().over(order_by=Book.price, groups=(None, 0), exclude="current_row"),
            func.avg(Book.price).over(order_by=Book.price, rows=(-1, 1)),
        ).order_by(Book.price)
        rows = await db.all(query)
        assert [each[0] for each in rows] == [sum(PRICES[: place + 1]) for place in range(5)]
        assert rows[1][1] == PRICES[0] + PRICES[1]
        assert rows[4][2] == PRICES[4]
        assert {each[3] for each in rows} == {5}
        assert [each[4] for each in rows] == [0, 1, 2, 3, 4]
        assert rows[1][5] is not None
        assert rows[1][5].quantize(Decimal("0.001")) == Decimal("8.413")


async def test_named_windows_and_filters(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        by_author = window("by_author", partition_by=Book.author_id)
        query = select(
            Book.title,
            func.sum(Book.price).over(by_author),
            func.max(Book.price).over(by_author),
            func.count().filter(Book.price > 10).over(by_author),
        )
        assert str(query).count("PARTITION BY") == 1
        rows = {title: rest for title, *rest in await db.all(query)}
        assert rows["sql again"] == [Decimal("109.99"), Decimal("100.00"), 1]
        with_distance = window("near", order_by=Book.price, rows=(-1, 0))
        totals = await db.all(select(func.sum(Book.price).over(with_distance)).order_by(Book.price))
        assert totals[1] == PRICES[0] + PRICES[1]


def test_frames_that_make_no_sense_are_refused() -> None:
    with pytest.raises(QueryError):
        func.sum(Book.price).over(order_by=Book.price, rows=(1, -1))
    with pytest.raises(QueryError):
        func.sum(Book.price).over(order_by=Book.price, rows=(0, 1), range=(0, 1))
    with pytest.raises(QueryError):
        func.count().over(groups=(None, 0))
    with pytest.raises(QueryError):
        func.count().over(order_by=Book.price, rows=(None, True))


async def test_windows_are_filtered_outside(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        with pytest.raises(QueryError, match="subquery"):
            await db.all(select(Book).where(func.row_number().over(order_by=Book.price) == 1))


async def test_aggregates_with_clauses(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        assert await db.one(select(func.count().filter(Book.price > 10)).select_from(Book)) == 2
        assert await db.one(select(func.count(Book.author_id, distinct=True))) == 2
        listed = await db.one(select(func.string_agg(Author.name, "+")))
        assert listed is not None
        assert sorted(listed.split("+")) == ["Ann", "Bob", "eve"]
        names = await db.one(select(func.array_agg(Author.name)))
        assert names is not None
        assert sorted(names) == ["Ann", "Bob", "eve"]
        as_json = await db.one(select(func.json_agg(Author.name)))
        assert as_json is not None
        assert sorted(as_json) == ["Ann", "Bob", "eve"]
        lengths = await db.one(select(func.json_object_agg(Author.name, func.length(Author.name))))
        assert lengths == {"Ann": 3, "Bob": 3, "eve": 3}
        assert await db.one(select(func.every(Book.price > 1), func.some(Book.price > 50))) == (
            True,
            True,
        )
        ordered = select(func.string_agg(Author.name, ",").order_by(Author.name.desc()))
        if db.engine.has_capability("aggregate_ordering"):
            assert await db.one(ordered) == "eve,Bob,Ann"
        else:
            with pytest.raises(UnsupportedFeatureError, match="ordered subquery"):
                await db.one(ordered)
        median = select(func.percentile_cont(0.5).within_group(func.length(Book.title)))
        if db.engine.has_capability("within_group"):
            assert await db.one(median) == 10.0
        else:
            with pytest.raises(UnsupportedFeatureError, match="row_number"):
                await db.one(median)


async def test_several_groupings(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        query = select(optional(Author.name), func.count(Book.id)).join(Author.books)
        with pytest.raises(QueryError, match="optional"):
            _ = select(Author.name, func.count()).group_by(rollup(Author.name)).statement
        if db.engine.has_capability("grouping_sets"):
            assert set(await db.all(query.group_by(rollup(Author.name)))) == {
                ("Ann", 3),
                ("Bob", 2),
                (None, 5),
            }
            assert len(await db.all(query.group_by(cube(Author.name)))) == 3
            totals = await db.all(query.group_by(grouping_sets([Author.name], [])))
            assert set(totals) == {("Ann", 3), ("Bob", 2), (None, 5)}
        else:
            with pytest.raises(UnsupportedFeatureError, match="union_all"):
                await db.all(query.group_by(rollup(Author.name)))


async def test_row_values(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        both = row(Book.title, Book.price)
        assert await db.all(select(Book.title).where(both == ("sql again", Decimal("9.99")))) == ["sql again"]
        wanted = [("sql again", Decimal("9.99")), ("under_score", Decimal("5.25")), ("none", Decimal(0))]
        assert set(await db.all(select(Book.title).where(both.in_(wanted)))) == {"sql again", "under_score"}
        assert await db.all(select(Book.title).where(both.in_([]))) == []
        later = row(Book.price, Book.title) > (Decimal("20.50"), "100% done")
        assert await db.all(select(Book.title).where(later)) == ["back\\slash"]
        among = both.in_(select(Book.title, Book.price).where(Book.price > 50))
        assert await db.all(select(Book.title).where(among)) == ["back\\slash"]
        with pytest.raises(QueryError):
            both == ("only one",)  # noqa: B015  # too short on purpose


async def test_distinct_on(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        query = select(Book.title).distinct(Book.author_id).order_by(Book.author_id, Book.price)
        if db.engine.has_capability("distinct_on"):
            assert await db.all(query) == ["under_score", "sql again"]
        else:
            with pytest.raises(UnsupportedFeatureError, match="row_number"):
                await db.all(query)


async def test_ranges_by_distance(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        near = select(func.count().over(order_by=Author.id, range=(-1, 1))).order_by(Author.id)
        assert await db.all(near) == [2, 3, 2]
        priced = select(func.count().over(order_by=Book.price, range=(Decimal(-5), 0))).order_by(Book.price)
        try:
            assert await db.all(priced) == [1, 2, 3, 1, 1]
        except UnsupportedFeatureError as error:  # where decimals are kept as text
            assert "rows or groups" in str(error)
            assert not db.engine.has_capability("arrays")
