"""The circuit breaker before a real server that dies and comes back."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bridgeorm import (
    BreakerOptions,
    CircuitOpenError,
    ConnectivityError,
    Database,
    IntegrityError,
    PoolOptions,
    select,
)

from .models import Note
from .mortal import MortalServer
from .proxy import FaultProxy

OPEN_SECONDS = 0.4
ROUND_SECONDS = 20.0


async def _fails(db: Database) -> BaseException:
    try:
        await asyncio.wait_for(db.count(select(Note)), ROUND_SECONDS)
    except (ConnectivityError, CircuitOpenError) as error:
        return error
    raise AssertionError("the server is down")


async def test_opens_refuses_probes_and_closes(
    server: MortalServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="bridgeorm")
    breaker = BreakerOptions(open_for=OPEN_SECONDS, max_open_for=OPEN_SECONDS, half_open_probes=2)
    async with Database(server.url, breaker=breaker, pool=PoolOptions(max_size=2)) as db:
        await db.create_tables(Note)
        await db.insert(Note(id=1, text="x"))
        for _ in range(30):  # mistakes of ours say nothing about the server's health
            with pytest.raises(IntegrityError):
                await db.insert(Note(id=1, text="again"))
        assert db.breaker.state == "closed"

        server.kill()
        refusals = [await _fails(db) for _ in range(10)]
        assert db.breaker.state == "open"
        refusal = refusals[-1]
        assert isinstance(refusal, CircuitOpenError)
        assert 0 < refusal.retry_after <= OPEN_SECONDS * 1.2
        assert refusal.was_sent is False

        await asyncio.sleep(
            OPEN_SECONDS * 1.3
        )  # the server is still down: the probe fails, and it opens anew
        assert isinstance(await _fails(db), ConnectivityError)
        assert db.breaker.state == "open"

        server.revive()
        async with asyncio.timeout(ROUND_SECONDS):
            while db.breaker.state != "closed":
                try:
                    assert await db.count(select(Note)) == 1
                except (ConnectivityError, CircuitOpenError):
                    await asyncio.sleep(0.05)
        assert await db.count(select(Note)) == 1
    told = [record.getMessage() for record in caplog.records if "breaker" in record.getMessage()]
    for change in ("closed to open", "open to half_open", "half_open to open", "half_open to closed"):
        assert any(line.endswith(change) for line in told), change


async def test_open_circuit_touches_no_network(postgres_url: str) -> None:
    async with (
        FaultProxy(postgres_url) as proxy,
        Database(proxy.url, breaker=BreakerOptions(open_for=60)) as db,
    ):
        await db.create_tables(Note)
        proxy.is_refusing = True
        proxy.drop_all()
        for _ in range(10):
            await _fails(db)
        assert db.breaker.state == "open"
        seen = proxy.knocks
        for _ in range(50):
            refusal = await _fails(db)
            assert isinstance(refusal, CircuitOpenError)
            assert refusal.retry_after > 30
        assert proxy.knocks == seen
