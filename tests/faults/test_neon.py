"""Endpoints that sleep, are found by name and sit behind a pooler: no error reaches who only had to wait."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from urllib.parse import urlsplit

import psycopg
import pytest
from tools.servers_kit.neon_front import DOMAIN, Endpoint, NeonFront, Sleep
from tools.servers_kit.postgres import PASSWORD, SCRAM_OWNER

from bridgeorm import (
    BridgeError,
    ConfigurationError,
    ConnectivityError,
    Database,
    PoolOptions,
    PoolTimeoutError,
    UnsupportedFeatureError,
    select,
)

from .models import Note

ENDPOINT = "ep-cold-night-1"
NAP_SECONDS = 1.0
# Together somewhat more than a login takes, key derivation included.
LOGIN_STEPS = 40
STEP_SECONDS = 0.001
LONG_NAP_SECONDS = 60.0

TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s"

OpenFront = Callable[[], AbstractAsyncContextManager[NeonFront]]


@pytest.fixture
def open_front(postgres_server_url: str) -> OpenFront:
    """Opens a front before the real server inside the test's own loop."""

    @asynccontextmanager
    async def opening() -> AsyncIterator[NeonFront]:
        port = urlsplit(postgres_server_url).port
        assert port is not None
        async with NeonFront({ENDPOINT: Endpoint(port)}) as front:
            yield front

    return opening


def url_of(front: NeonFront, endpoint: str = ENDPOINT, options: str = "") -> str:
    """A URL through the front, proved by the certificate of the server behind it."""
    root = os.environ.get("BRIDGE_POSTGRES_ROOT_CERTIFICATE")
    if root is None:
        pytest.skip("the PostgreSQL that runs has no TLS (tools/servers start postgres --tls)")
    query = f"hostaddr=127.0.0.1&sslrootcert={root}{options}"
    login = f"{SCRAM_OWNER}:{PASSWORD}"
    return f"neon://{login}@{endpoint}.{DOMAIN}:{front.port}/postgres?{query}"


async def application_name(db: Database) -> object:
    """Something only the server knows."""
    result = await db.execute_raw("SELECT current_setting('application_name')")
    return result.rows[0][0]


async def test_an_endpoint_is_found_by_name_with_channel_binding(open_front: OpenFront) -> None:
    async with open_front() as front, Database(url_of(front)) as db:
        assert await application_name(db) == "bridgeorm"
        assert front.turned_away == []


async def test_an_unknown_endpoint_is_an_error_within_the_budget(open_front: OpenFront) -> None:
    async with open_front() as front:
        began = time.monotonic()
        with pytest.raises(ConnectivityError):
            await Database(url_of(front, "ep-unknown-2", "&cold_start=1")).connect()
        assert NAP_SECONDS / 2 < time.monotonic() - began < LONG_NAP_SECONDS / 2
        assert set(front.turned_away) == {f"ep-unknown-2.{DOMAIN}"}


async def test_a_wrong_password_is_not_waited_for(open_front: OpenFront) -> None:
    async with open_front() as front:
        wrong = url_of(front).replace(PASSWORD, "wrong")
        with pytest.raises(BridgeError, match="password authentication failed"):
            await Database(wrong).connect()
        assert front.knocks == 1


@pytest.mark.parametrize("sleep", list(Sleep))
async def test_connecting_waits_until_the_endpoint_is_awake(open_front: OpenFront, sleep: Sleep) -> None:
    async with open_front() as front:
        front.put_to_sleep(ENDPOINT, sleep, NAP_SECONDS)
        async with Database(url_of(front, options="&connect_timeout=1")) as db:
            assert await application_name(db) == "bridgeorm"
        assert front.knocks > 1


async def test_the_budget_is_apart_from_the_pools_own_times(open_front: OpenFront) -> None:
    impatient = PoolOptions(acquire_timeout=NAP_SECONDS / 5, connect_timeout=NAP_SECONDS / 5)
    async with open_front() as front, Database(url_of(front), pool=impatient) as db:
        front.put_to_sleep(ENDPOINT, Sleep.REFUSING, NAP_SECONDS)
        assert await application_name(db) == "bridgeorm"


async def test_a_callers_own_limit_holds_while_the_endpoint_wakes(open_front: OpenFront) -> None:
    async with open_front() as front, Database(url_of(front)) as db:
        front.put_to_sleep(ENDPOINT, Sleep.REFUSING, NAP_SECONDS)
        began = time.monotonic()
        with pytest.raises(PoolTimeoutError), db.timeout(NAP_SECONDS / 5):
            await application_name(db)
        assert time.monotonic() - began < NAP_SECONDS
        assert await application_name(db) == "bridgeorm"


async def test_one_budget_is_spent_however_many_ask(open_front: OpenFront) -> None:
    async with open_front() as front, Database(url_of(front, options="&cold_start=1")) as db:
        front.put_to_sleep(ENDPOINT, Sleep.REFUSING, LONG_NAP_SECONDS)
        began = time.monotonic()
        answers = await asyncio.gather(*(application_name(db) for _ in range(5)), return_exceptions=True)
        assert all(isinstance(answer, BridgeError) for answer in answers)
        assert time.monotonic() - began < LONG_NAP_SECONDS / 4


async def test_cuts_at_any_moment_of_a_login_are_waited_out(open_front: OpenFront) -> None:
    async with open_front() as front:
        for step in range(LOGIN_STEPS):
            db = Database(url_of(front))
            connecting = asyncio.create_task(db.connect())
            await asyncio.sleep(step * STEP_SECONDS)
            front.suspend_clients()
            await connecting
            assert await application_name(db) == "bridgeorm"
            await db.close()


@pytest.mark.parametrize("ending", ["terminated", "cut"])
async def test_suspended_connections_are_replaced_without_an_error(
    open_front: OpenFront, postgres_server_url: str, ending: str
) -> None:
    async with open_front() as front, Database(url_of(front)) as db:
        await db.create_tables(Note)
        for number in range(3):
            await asyncio.gather(*(db.count(select(Note)) for _ in range(4)))
            if ending == "terminated":  # which clients are told by 57P01
                with psycopg.connect(postgres_server_url, autocommit=True) as administrator:
                    administrator.execute(TERMINATE, [SCRAM_OWNER])
                front.put_to_sleep(ENDPOINT, Sleep.REFUSING, NAP_SECONDS / 5)
            front.suspend_clients()
            await asyncio.sleep(NAP_SECONDS / 10)
            await db.insert(Note(id=number, text="written after a suspension"))
        assert await db.count(select(Note)) == len(range(3))
        await db.drop_tables(Note)


async def test_pooled_endpoints_keep_statements_and_refuse_settings() -> None:
    url = os.environ.get("BRIDGE_NEON_POOLED_URL")
    if url is None:
        pytest.skip("no pooled endpoint: tools/servers start pgbouncer_newest --tls, then neon")
    async with Database(url) as db:
        await asyncio.gather(*(application_name(db) for _ in range(20)))
        with pytest.raises(UnsupportedFeatureError, match="SET LOCAL"):
            await db.execute_raw("SET work_mem = '1MB'")
        with pytest.raises(UnsupportedFeatureError, match="-pooler"):
            await db.execute_raw("SELECT pg_advisory_lock(1)")
        async with db.transaction() as tx:
            await tx.execute_raw("SET LOCAL work_mem = '1MB'")


async def test_a_url_must_name_an_endpoint_and_speak_tls() -> None:
    for url in ("neon://u@192.0.2.7/d", f"neon://u@{ENDPOINT}.{DOMAIN}/d?sslmode=disable"):
        with pytest.raises(ConfigurationError, match="Neon URL"):
            Database(url)
