"""The state of the data that a query reads: a revision, a moment, or what every replica has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import final

from bridgeorm import _engine
from bridgeorm._engine import Statement
from bridgeorm.errors import QueryError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@final
class FollowerRead:
    """A little while ago; made by `follower_read()`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "follower_read()"


_FOLLOWERS = FollowerRead()


def follower_read() -> FollowerRead:
    """As far back as every replica can answer by itself: `select(Book).as_of(follower_read())` asks the
    nearest one, on databases that have such reads.
    """
    return _FOLLOWERS


Point = str | datetime | FollowerRead
"""A revision (`"main~1"`), a moment with a time zone, or `follower_read()`."""


def checked_point(point: Point) -> Point:
    """The same. QueryError for what names no state of the data."""
    if isinstance(point, str):
        _engine.check_revision(point)
    elif isinstance(point, datetime):
        if point.tzinfo is None:
            raise QueryError("as_of takes a datetime with a time zone: the database has one of its own")
    elif not isinstance(point, FollowerRead):
        raise QueryError(f"as_of takes a revision, a datetime or follower_read(), not {type(point).__name__}")
    return point


def in_state(query: Statement, point: Point) -> Statement:
    """The query, reading this state of the data."""
    if isinstance(point, str):
        return _engine.as_of_revision(query, point)
    if isinstance(point, datetime):
        return _engine.as_of_moment(query, (point - _EPOCH) // _MICROSECOND)
    return _engine.as_of_followers(query)
