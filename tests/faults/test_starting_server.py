"""A real server that is there and takes no sessions yet: who connects waits for it, within his time."""

from __future__ import annotations

import asyncio
import time

import pytest

from bridgeorm import ConnectivityError, Database, PoolOptions, select

from .models import Note
from .mortal import MortalServer

RECOVERY_SECONDS = 1.0
PATIENT_SECONDS = 60.0


async def test_connect_waits_for_a_server_that_recovers(server: MortalServer) -> None:
    server.kill()
    server.revive_recovering()
    patient = PoolOptions(connect_timeout=PATIENT_SECONDS, acquire_timeout=PATIENT_SECONDS)
    db = Database(server.url, pool=patient)
    connecting = asyncio.create_task(db.connect())
    await asyncio.sleep(RECOVERY_SECONDS)
    assert not connecting.done()
    server.finish_recovering()
    await connecting
    await db.create_tables(Note)
    assert await db.count(select(Note)) == 0
    await db.close()


async def test_statements_wait_for_a_server_that_was_restarted(server: MortalServer) -> None:
    patient = PoolOptions(connect_timeout=PATIENT_SECONDS, acquire_timeout=PATIENT_SECONDS)
    async with Database(server.url, pool=patient) as db:
        await db.create_tables(Note)
        server.kill()
        server.revive_recovering()
        counting = asyncio.create_task(db.count(select(Note)))
        await asyncio.sleep(RECOVERY_SECONDS)
        server.finish_recovering()
        assert await counting == 0


async def test_the_time_for_connecting_bounds_the_wait(server: MortalServer) -> None:
    server.kill()
    server.revive_recovering()
    began = time.monotonic()
    with pytest.raises(ConnectivityError) as caught:
        await Database(server.url, pool=PoolOptions(connect_timeout=RECOVERY_SECONDS)).connect()
    assert time.monotonic() - began < PATIENT_SECONDS / 2
    assert "the database system is" in str(caught.value)  # not accepting connections, or starting up


async def test_a_server_that_is_gone_is_an_error_at_once(server: MortalServer) -> None:
    server.kill()
    began = time.monotonic()
    with pytest.raises(ConnectivityError):
        await Database(server.url, pool=PoolOptions(connect_timeout=PATIENT_SECONDS)).connect()
    assert time.monotonic() - began < PATIENT_SECONDS / 2
    server.revive()
