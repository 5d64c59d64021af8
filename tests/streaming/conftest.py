"""Fixtures: an open handle with a filled shelf, whose pool has one connection to lend."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from bridgeorm import Database, PoolOptions

from .models import MODELS, Record, Shelf

ROWS = 25
OpenShelf = Callable[[], AbstractAsyncContextManager[Database]]


@pytest.fixture
def shelf(database_url: str) -> OpenShelf:
    """`async with shelf() as db:` gives a handle to 25 records on two shelves."""

    @asynccontextmanager
    async def opening() -> AsyncIterator[Database]:
        async with Database(database_url, pool=PoolOptions(max_size=1, acquire_timeout=2.0)) as db:
            await db.create_tables(*MODELS)
            await db.insert_many(Shelf, [{"id": number, "name": f"shelf {number}"} for number in (1, 2)])
            await db.insert_many(
                Record,
                [
                    {"id": number, "shelf_id": 1 + number % 2, "title": f"title {number % 3}"}
                    for number in range(ROWS)
                ],
            )
            yield db

    return opening
