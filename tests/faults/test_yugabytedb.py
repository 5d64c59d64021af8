"""A cluster of three: sessions are dealt to its nodes, near ones first, and a node that dies is left out."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tools.servers_kit.instance import Instance

from bridgeorm import ConfigurationError, ConnectivityError, Database, PoolOptions

from .mortal import MortalServer

ZONES = (("east", "one"), ("east", "two"), ("west", "one"))
SESSIONS = 6
PLAIN = PoolOptions(max_size=SESSIONS)


@pytest.fixture(scope="module")
def cluster() -> Iterator[list[MortalServer]]:
    """Three PostgreSQL servers that each name all three, as YugabyteDB's nodes do."""
    if not os.environ.get("BRIDGE_POSTGRES_URL"):
        pytest.skip("no PostgreSQL: BRIDGE_POSTGRES_URL is not set (tools/servers start postgres)")
    folder = Path(tempfile.gettempdir()) / f"bridge-cluster-{os.getpid()}"
    kept = os.environ.get("BRIDGE_SERVERS_FOLDER")
    os.environ["BRIDGE_SERVERS_FOLDER"] = str(folder)
    servers = [MortalServer(Instance(f"node{number}")) for number in range(len(ZONES))]
    introduce(servers)
    yield servers
    for server in servers:
        server.kill()
    shutil.rmtree(folder)
    if kept is None:
        del os.environ["BRIDGE_SERVERS_FOLDER"]
    else:
        os.environ["BRIDGE_SERVERS_FOLDER"] = kept


def introduce(servers: list[MortalServer]) -> None:
    """Gives each server the function by which it names all of them."""
    rows = ", ".join(
        f"('127.0.0.1', {server.port}, 0, 'primary', 'aws', '{region}', '{zone}', '')"
        for server, (region, zone) in zip(servers, ZONES, strict=True)
    )
    function = (
        "CREATE FUNCTION yb_servers() RETURNS TABLE (host text, port int, num_connections int, "
        "node_type text, cloud text, region text, zone text, public_ip text) "
        f"LANGUAGE sql AS $$ VALUES {rows} $$"
    )
    for server in servers:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(function.encode())


def url_of(servers: list[MortalServer], options: str = "") -> str:
    """The cluster, by its nodes."""
    hosts = ",".join(f"127.0.0.1:{server.port}" for server in servers)
    return f"yugabytedb://bridge@{hosts}/postgres{options}"


async def ports_in_use(db: Database) -> list[int]:
    """The nodes of as many sessions as the pool has, all held at once."""

    async def ask(meeting: asyncio.Barrier) -> int:
        async with db.transaction() as tx:
            result = await tx.execute_raw("SELECT inet_server_port()")
            await meeting.wait()
            port = result.rows[0][0]
            assert isinstance(port, int)
            return port

    meeting = asyncio.Barrier(SESSIONS)
    return await asyncio.gather(*(ask(meeting) for _ in range(SESSIONS)))


def counts(ports: list[int], servers: list[MortalServer]) -> list[int]:
    """How many sessions each server has."""
    return [ports.count(server.port) for server in servers]


async def test_sessions_are_dealt_evenly_from_one_known_node(cluster: list[MortalServer]) -> None:
    async with Database(url_of(cluster[:1]), pool=PLAIN) as db:
        assert counts(await ports_in_use(db), cluster) == [2, 2, 2]


async def test_near_nodes_come_first(cluster: list[MortalServer]) -> None:
    near = url_of(cluster[:1], "?topology_keys=aws.west.one:1,aws.east.*:2")
    async with Database(near, pool=PLAIN) as db:
        assert counts(await ports_in_use(db), cluster) == [0, 0, SESSIONS]


async def test_without_balance_the_list_is_tried_in_its_order(cluster: list[MortalServer]) -> None:
    async with Database(url_of(cluster, "?load_balance=false"), pool=PLAIN) as db:
        assert counts(await ports_in_use(db), cluster) == [SESSIONS, 0, 0]


async def test_who_is_no_cluster_is_told_so(postgres_server_url: str) -> None:
    url = postgres_server_url.replace("postgresql://", "yugabytedb://")
    with pytest.raises(ConfigurationError, match="load_balance=false"):
        await Database(url).connect()
    async with Database(f"{url}?load_balance=false") as db:
        assert (await db.execute_raw("SELECT 1")).rows == [(1,)]


async def test_a_node_that_dies_is_left_out_until_it_is_back(cluster: list[MortalServer]) -> None:
    options = "?failed_host_reconnect_delay_secs=1"
    async with Database(url_of(cluster, options), pool=PLAIN) as db:
        assert counts(await ports_in_use(db), cluster) == [2, 2, 2]
        cluster[1].kill()
        assert counts(await ports_in_use(db), cluster) == [3, 0, 3]
    async with Database(url_of(cluster[1:2] + cluster[:1], options), pool=PLAIN) as db:
        assert counts(await ports_in_use(db), cluster)[1] == 0
        cluster[1].revive()
        await asyncio.sleep(1)
    async with Database(url_of(cluster, options), pool=PLAIN) as db:
        assert counts(await ports_in_use(db), cluster) == [2, 2, 2]


async def test_a_near_node_that_dies_falls_back_where_that_is_allowed(
    cluster: list[MortalServer],
) -> None:
    near = "?topology_keys=aws.west.one"
    cluster[2].kill()
    try:
        async with Database(url_of(cluster[:1], near), pool=PLAIN) as db:
            assert sorted(counts(await ports_in_use(db), cluster)) == [0, 3, 3]
        with pytest.raises(ConnectivityError):
            await Database(url_of(cluster[:1], f"{near}&fallback_to_topology_keys_only=true")).connect()
    finally:
        cluster[2].revive()
