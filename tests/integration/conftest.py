"""Fixtures: an open handle with the library's tables."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from bridgeorm import Database

from .models import MODELS

OpenLibrary = Callable[[], AbstractAsyncContextManager[Database]]


@pytest.fixture
def library(database_url: str) -> OpenLibrary:
    """`async with library() as db:` gives a handle whose tables exist."""

    @asynccontextmanager
    async def opening() -> AsyncIterator[Database]:
        async with Database(database_url) as db:
            await db.create_tables(*MODELS)
            yield db

    return opening
