"""Who is told of statements: whoever asked, from then on, and nobody else."""

from __future__ import annotations

import logging

import pytest

from bridgeorm import Database, QueryEvent, select, telemetry

from .conftest import OpenLibrary
from .models import Writer


async def test_callbacks_are_told_while_they_are_registered(library: OpenLibrary) -> None:
    async with library() as db:
        everywhere: list[QueryEvent] = []
        here: list[QueryEvent] = []
        await db.count(select(Writer))
        remove_everywhere = telemetry.on_query(everywhere.append)
        remove_here = db.watch(here.append)
        await db.count(select(Writer))
        remove_everywhere()
        await db.count(select(Writer))
        remove_here()
        await db.count(select(Writer))
        assert [event.operation for event in everywhere] == ["select"]
        assert [event.operation for event in here] == ["select", "select"]
        assert here[0].origin is not None
        assert here[0].origin[0] == __file__


async def test_the_log_is_told_once_its_level_is_debug(
    library: OpenLibrary, caplog: pytest.LogCaptureFixture
) -> None:
    async with library() as db:
        await db.count(select(Writer))
        assert "face_writers" not in caplog.text
        with caplog.at_level(logging.DEBUG, "bridgeorm"):
            await db.count(select(Writer))
        assert caplog.text.count("face_writers") == 1
        await db.count(select(Writer))
        assert caplog.text.count("face_writers") == 1


async def test_slow_queries_are_told_without_any_callback(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with Database(sqlite_url, slow_query=0.0) as db:
        with caplog.at_level(logging.WARNING, "bridgeorm"):
            await db.execute_raw("SELECT 1 AS one")
        assert "slow" in caplog.text
