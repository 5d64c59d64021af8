"""What a verb returns before it is awaited: a coroutine like any other, but for its truth value."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bridgeorm import Database, select

from .conftest import OpenDatabase
from .models import Tag


def calls(db: Database) -> list[Callable[[], Coroutine[Any, Any, Any]]]:
    """Verbs of a handle, and those of a query."""
    query = select(Tag)
    return [
        lambda: db.all(query),
        lambda: db.first(query),
        lambda: db.count(query),
        lambda: db.exists(query),
        lambda: db.find(Tag, 1),
        lambda: db.insert_many(Tag, []),
        query.all,
        query.first,
        query.exists,
    ]


async def test_it_is_a_coroutine_without_truth(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        for call in calls(db):
            pending = call()
            assert isinstance(pending, Coroutine)
            assert asyncio.iscoroutine(pending)
            with pytest.raises(TypeError, match="await"):
                bool(pending)
            expected = await pending
            with pytest.raises(RuntimeError):
                await pending
            assert await asyncio.create_task(call()) == expected
            assert list(await asyncio.gather(call(), call())) == [expected, expected]
            assert await asyncio.wait_for(call(), 10) == expected
        async with asyncio.TaskGroup() as group:
            task = group.create_task(db.count(select(Tag)), name="counting")
        assert task.result() == 0


async def test_one_never_awaited_warns(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        with pytest.warns(RuntimeWarning, match="never awaited"):
            _drop(db.count(select(Tag)))
        pending = db.count(select(Tag))
        pending.close()
        with pytest.raises(RuntimeError):
            await pending


def _drop(pending: Coroutine[Any, Any, int]) -> None:
    """Lets go of it, whose last reference this is."""
    assert asyncio.iscoroutine(pending)
