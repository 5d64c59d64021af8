"""Former states of the data: read where the database keeps them, refused by its name where it does not."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest

from bridgeorm import Database, UnsupportedFeatureError, follower_read, select

from .conftest import OpenDatabase
from .models import Author, Book

MOMENT = datetime(2024, 2, 29, 12, tzinfo=UTC)


def refuses(db: Database) -> AbstractContextManager[object]:
    return pytest.raises(UnsupportedFeatureError, match=db.engine.dialect)


async def test_a_moment_is_said_or_refused(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        query = select(Book).join(Book.author).as_of(MOMENT)
        if db.has_capability("as_of"):
            text = db.engine.compiled_text(query.statement)
            assert "AS OF" in text
            assert "2024-02-29 12:00:00" in text
        else:
            with refuses(db):
                await db.all(query)


async def test_no_database_knows_every_kind_of_state(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        texts = 0
        for point in ("main~1", follower_read()):
            try:
                texts += "AS OF" in db.engine.compiled_text(select(Author).as_of(point).statement)
            except UnsupportedFeatureError as error:
                assert db.engine.dialect in str(error)
        assert texts <= 1


async def test_version_control_is_refused_by_name(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        if db.has_capability("version_control"):
            assert [branch.name for branch in await db.branches()] == ["main"]
            return
        with refuses(db):
            await db.commit("why")
        with refuses(db):
            await db.merge("feature")
        with refuses(db):
            await db.create_branch("feature")
        with refuses(db):
            await db.branches()
        with refuses(db):
            await db.all(db.log())
        with refuses(db):
            await db.all(db.diff(Book, "a", "b"))
        with refuses(db):
            async with db.branch("feature"):
                pass
