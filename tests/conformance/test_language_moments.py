"""Dates and timestamps computed with by the database: what Python's own calendar says is what comes back."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bridgeorm import Column, Database, DatabaseError, Model, QueryError, column, func, primary_key, select

Part = Callable[[date], int]


class Event(Model, table="exam_events"):
    id: Column[int] = primary_key()
    day: Column[date] = column()
    local: Column[datetime] = column(timezone=False)
    moment: Column[datetime] = column()
    ended: Column[datetime | None] = column(timezone=False, default=None)


LOCALS = [
    datetime.fromisoformat(text)
    for text in (
        "2021-01-03T23:59:59.999999",
        "2020-12-31",
        "2024-02-29T12:30:15.000001",
        "1969-12-31T23:59:59.999999",
        "2018-12-31T01:02:03",
        "0001-01-02T03:04:05",
        "9998-11-30T22:00",
    )
]
PARTS: dict[str, Part] = {
    "year": lambda day: day.year,
    "quarter": lambda day: (day.month + 2) // 3,
    "month": lambda day: day.month,
    "week": lambda day: day.isocalendar().week,
    "weekday": lambda day: day.isoweekday(),
    "day": lambda day: day.day,
    "day_of_year": lambda day: day.timetuple().tm_yday,
}


def midnight(at: datetime) -> datetime:
    """The beginning of its day."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


BEGINNINGS: dict[str, Callable[[datetime], datetime]] = {
    "year": lambda at: midnight(at).replace(month=1, day=1),
    "quarter": lambda at: midnight(at).replace(month=(at.month - 1) // 3 * 3 + 1, day=1),
    "month": lambda at: midnight(at).replace(day=1),
    "week": lambda at: midnight(at) - timedelta(days=at.weekday()),
    "day": midnight,
    "hour": lambda at: at.replace(minute=0, second=0, microsecond=0),
    "minute": lambda at: at.replace(second=0, microsecond=0),
}


def moved(day: date, months: int) -> date:
    """The same day of another month, or its last."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


# The same function, called with names from a table: what they are is asked at run time only.
unchecked: Any = func


async def filled(db: Database) -> None:
    await db.create_tables(Event)
    events = [Event(day=at.date(), local=at, moment=at.replace(tzinfo=UTC), ended=None) for at in LOCALS]
    events[0].ended = LOCALS[0] + timedelta(days=40, microseconds=1)
    await db.insert_many(events)


@pytest.mark.parametrize("part", PARTS)
async def test_parts_are_those_of_the_calendar(database_url: str, part: str) -> None:
    async with Database(database_url) as db:
        await filled(db)
        wanted = [PARTS[part](at) for at in LOCALS]
        for operand in (Event.day, Event.local, Event.moment):
            found = unchecked.extract(part, operand)
            assert await db.all(select(found).order_by(Event.id)) == wanted
        missing = unchecked.extract(part, Event.ended)
        assert await db.all(select(missing).where(Event.id > 1)) == [None] * (len(LOCALS) - 1)


async def test_times_of_day(database_url: str) -> None:
    async with Database(database_url) as db:
        await filled(db)
        for operand in (Event.local, Event.moment):
            query = select(
                func.extract("hour", operand),
                func.extract("minute", operand),
                func.extract("second", operand),
            )
            wanted = [(at.hour, at.minute, at.second) for at in LOCALS]
            assert await db.all(query.order_by(Event.id)) == wanted


@pytest.mark.parametrize("unit", BEGINNINGS)
async def test_beginnings_are_those_of_the_calendar(database_url: str, unit: str) -> None:
    async with Database(database_url) as db:
        await filled(db)
        wanted = [BEGINNINGS[unit](at) for at in LOCALS]
        local = unchecked.date_trunc(unit, Event.local)
        assert await db.all(select(local).order_by(Event.id)) == wanted
        moment = unchecked.date_trunc(unit, Event.moment)
        zoned = await db.all(select(moment).order_by(Event.id))
        assert zoned == [at.replace(tzinfo=UTC) for at in wanted]
        if unit not in ("hour", "minute"):
            days = select(unchecked.date_trunc(unit, Event.day)).order_by(Event.id)
            assert await db.all(days) == [at.date() for at in wanted]


@pytest.mark.parametrize("months", [1, -1, 12, 13, -25, 0])
async def test_months_end_where_they_end(database_url: str, months: int) -> None:
    async with Database(database_url) as db:
        await filled(db)
        inner = [at for at in LOCALS if at.year > 10]
        query = select(func.add_months(Event.day, months), func.add_months(Event.local, months))
        rows = await db.all(query.where(Event.day > date(10, 1, 1)).order_by(Event.id))
        wanted = [moved(at.date(), months) for at in inner]
        assert rows == [
            (day, datetime.combine(day, at.time())) for day, at in zip(wanted, inner, strict=True)
        ]


async def test_days_are_added_and_counted(database_url: str) -> None:
    async with Database(database_url) as db:
        await filled(db)
        query = select(
            func.add_days(Event.day, 45),
            func.add_days(Event.moment, Event.id.cast(int) - 1),
            func.days_between(Event.day, date(2000, 3, 1)),
            func.days_between(Event.local, Event.ended),
        ).order_by(Event.id)
        for place, (later, shifted, count, lasted) in enumerate(await db.all(query)):
            at = LOCALS[place]
            assert later == at.date() + timedelta(days=45)
            assert shifted == (at + timedelta(days=place)).replace(tzinfo=UTC)
            assert count == (date(2000, 3, 1) - at.date()).days
            assert lasted == (41 if place == 0 else None)


async def test_moments_move_by_spans_of_time(database_url: str) -> None:
    async with Database(database_url) as db:
        await filled(db)
        span = timedelta(days=-3, hours=7, microseconds=11)
        query = select(Event.local + span, Event.moment - timedelta(hours=1), Event.ended - Event.local)
        rows = await db.all(query.where(Event.day > date(10, 1, 1)).order_by(Event.id))
        inner = [at for at in LOCALS if at.year > 10]
        assert [row[0] for row in rows] == [at + span for at in inner]
        assert [row[1] for row in rows] == [(at - timedelta(hours=1)).replace(tzinfo=UTC) for at in inner]
        assert [row[2] for row in rows] == [timedelta(days=40, microseconds=1), *[None] * (len(inner) - 1)]
        late = select(Event.id).where(
            Event.local + timedelta(days=1) > datetime.fromisoformat("2024-03-01T12:00")
        )
        assert sorted(await db.all(late)) == [3, 7]


async def test_moments_are_grouped_by_their_month(database_url: str) -> None:
    async with Database(database_url) as db:
        await filled(db)
        month = func.date_trunc("month", Event.day).label("month")
        query = select(month, func.count()).where(func.extract("month", Event.day) == 12).group_by(month)
        assert sorted(await db.all(query)) == [
            (date(1969, 12, 1), 1),
            (date(2018, 12, 1), 1),
            (date(2020, 12, 1), 1),
        ]


async def test_what_leaves_the_calendar_is_refused(database_url: str) -> None:
    async with Database(database_url) as db:
        await filled(db)
        far = select(func.add_months(Event.day, 12 * 400_000))
        with pytest.raises(DatabaseError):
            await db.all(far)


def test_what_has_no_such_part_is_refused() -> None:
    with pytest.raises(QueryError, match="hour"):
        unchecked.extract("hour", Event.day)
    with pytest.raises(QueryError, match="int64"):
        unchecked.date_trunc("month", Event.id)
    with pytest.raises(QueryError, match="int64"):
        unchecked.add_days(Event.id, 1)
    with pytest.raises(QueryError, match="datetime"):
        func.days_between(Event.day, LOCALS[0])
