"""Fixtures of the exam: an open handle with the exam's tables."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import pytest

from bridgeorm import Database

from .models import EXAM_MODELS


class OpenDatabase(Protocol):
    """Opens a handle inside the test's own event loop."""

    def __call__(self) -> AbstractAsyncContextManager[Database]: ...


@pytest.fixture
def open_database(database_url: str) -> OpenDatabase:
    """`async with open_database() as db:` gives a handle whose tables are made and empty."""

    @asynccontextmanager
    async def opening() -> AsyncIterator[Database]:
        async with Database(database_url) as db:
            await db.create_tables(*EXAM_MODELS)
            yield db

    return opening
