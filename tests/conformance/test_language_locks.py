"""Locking clauses: rows one transaction holds are skipped, waited for or refused by another."""

from __future__ import annotations

import asyncio
import contextvars

import pytest

from bridgeorm import LockTimeoutError, QueryError, UnsupportedFeatureError, func, select

from .conftest import OpenDatabase
from .models import Author, Book
from .test_queries import fill


async def test_rows_held_are_skipped_or_refused(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await fill(db)
        names = select(Author.name).order_by(Author.name)
        if not db.engine.has_capability("row_locks"):
            with pytest.raises(UnsupportedFeatureError, match="serializable"):
                await db.all(names.for_update())
            return

        async def seen_by_another() -> list[str]:
            async with db.transaction():
                return await db.all(names.for_update(skip_locked=True))

        async def refused_to_another() -> None:
            async with db.transaction():
                await db.all(names.for_share(nowait=True))

        async with db.transaction() as tx:
            await tx.all(select(Author).where(Author.name == "Ann").for_update(of=Author))
            other = asyncio.get_running_loop().create_task(seen_by_another(), context=_outside())
            assert await other == ["Bob", "eve"]
            refused = asyncio.get_running_loop().create_task(refused_to_another(), context=_outside())
            with pytest.raises(LockTimeoutError):
                await refused


def _outside() -> contextvars.Context:
    """A context that knows nothing of the transaction around it."""
    return contextvars.Context()


async def test_locks_that_make_no_sense(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        with pytest.raises(QueryError):
            await db.all(select(func.count(Author.id)).for_update())
        with pytest.raises(QueryError):
            await db.all(select(Author.name).distinct().for_update())
        with pytest.raises(QueryError):
            await db.all(select(Author).for_update(skip_locked=True, nowait=True))
        with pytest.raises((QueryError, UnsupportedFeatureError)):
            await db.all(select(Author).for_update(of=Book))
