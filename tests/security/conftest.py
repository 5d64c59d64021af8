"""Fixtures: an open handle beside whose tables canaries live, which must be there at the end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from bridgeorm import Database

from .models import CANARIES, MODELS, Canary

OpenTarget = Callable[[], AbstractAsyncContextManager[Database]]


@pytest.fixture
def open_target(database_url: str) -> OpenTarget:
    """`async with open_target() as db:` fails unless the canaries outlive the block unchanged."""

    @asynccontextmanager
    async def opening() -> AsyncIterator[Database]:
        async with Database(database_url) as db:
            await db.create_tables(*MODELS)
            await db.insert_many([Canary(name=name) for name in CANARIES])
            yield db
        async with Database(database_url) as db:
            canaries = await db.all(Canary.where().order_by(Canary.id))
            assert tuple(canary.name for canary in canaries) == CANARIES

    return opening
