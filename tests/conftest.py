"""What every Python test gets: its own database on each real server, and coroutine tests without a plugin."""

from __future__ import annotations

import asyncio
import inspect
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

POSTGRES = "postgresql"
# Longest a coroutine test may take: a hang is a failure with a stack, not a stuck run.
COROUTINE_TIMEOUT_SECONDS = 120
_ran_for_real: dict[str, int] = {}


@dataclass(frozen=True)
class PostgresServer:
    """A way to a PostgreSQL that tools/servers can start, by the variables it exports."""

    prefix: str
    owner_prefix: str = ""  # of the server whose databases these are, where a pooler stands between
    options: str = ""

    def url(self) -> str | None:
        """Where the tests' statements go; None when it does not run."""
        return os.environ.get(f"{self.prefix}_URL")

    def owner_url(self) -> str:
        """Where databases are made."""
        return os.environ[f"{self.owner_prefix or self.prefix}_URL"]

    def version(self) -> str:
        """What runs there, as far as it is known."""
        return os.environ.get(f"{self.prefix}_VERSION", "of an unknown version")


# `postgresql` is what tests of one server use; on the others the exam is taken as well where they run.
POSTGRES_SERVERS = {
    POSTGRES: PostgresServer("BRIDGE_POSTGRES"),
    "postgresql13": PostgresServer("BRIDGE_POSTGRES13"),
    "postgresql17": PostgresServer("BRIDGE_POSTGRES17"),
    "postgresql18": PostgresServer("BRIDGE_POSTGRES18"),
    "neon": PostgresServer("BRIDGE_NEON", "BRIDGE_POSTGRES"),
    "neon_pooled": PostgresServer("BRIDGE_NEON_POOLED", "BRIDGE_POSTGRES"),
    "yugabytedb": PostgresServer("BRIDGE_YUGABYTEDB", "BRIDGE_YUGABYTEDB_OWNER"),
    "cockroachdb": PostgresServer("BRIDGE_COCKROACHDB", "BRIDGE_COCKROACHDB_OWNER"),
    "pgbouncer": PostgresServer("BRIDGE_PGBOUNCER", "BRIDGE_POSTGRES", "pool_mode=transaction"),
    "pgbouncer_newest": PostgresServer(
        "BRIDGE_PGBOUNCER_NEWEST", "BRIDGE_POSTGRES", "pool_mode=transaction&prepared_statements=on"
    ),
}
_databases = ["sqlite", POSTGRES]
_databases += [name for name, server in POSTGRES_SERVERS.items() if name != POSTGRES and server.url()]


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Runs a coroutine test in an event loop of its own."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = inspect.signature(pyfuncitem.obj).parameters
    arguments = {name: pyfuncitem.funcargs[name] for name in wanted}
    asyncio.run(asyncio.wait_for(pyfuncitem.obj(**arguments), COROUTINE_TIMEOUT_SECONDS))
    return True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """PgBouncer 1.18 ends itself when a cancel request meets a client that closes ("bad client state")."""
    skip = pytest.mark.skip(reason="PgBouncer 1.18 ends itself on cancel requests; newer ones do not")
    for item in items:
        if ("[pgbouncer]" in item.name or "[pgbouncer-" in item.name) and "cancel" in item.name:
            item.add_marker(skip)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file of this test's own."""
    _ran_for_real["sqlite"] = _ran_for_real.get("sqlite", 0) + 1
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def postgres_server_url() -> str:
    """The server that tools/servers started; skips, saying so, where there is none."""
    url = POSTGRES_SERVERS[POSTGRES].url()
    if not url:
        pytest.skip("no PostgreSQL: BRIDGE_POSTGRES_URL is not set (tools/servers start postgres)")
    return url


@contextmanager
def fresh_database(name: str) -> Iterator[str]:
    """The URL of a new database on one of the servers, dropped afterwards."""
    import psycopg  # here, so that the SQLite half of the tests runs where the driver is not installed

    server = POSTGRES_SERVERS[name]
    url = server.url()
    assert url is not None
    database = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server.owner_url(), autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(database)))
        _ran_for_real[name] = _ran_for_real.get(name, 0) + 1
        parts = urlsplit(url)
        query = "&".join(filter(None, (parts.query, server.options)))
        yield urlunsplit(parts._replace(path=f"/{database}", query=query))
        connection.execute(
            psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(psycopg.sql.Identifier(database))
        )


@pytest.fixture
def postgres_url(postgres_server_url: str) -> Iterator[str]:  # noqa: ARG001 - asked first, so that it can skip
    """A PostgreSQL database of this test's own, dropped afterwards."""
    with fresh_database(POSTGRES) as url:
        yield url


@pytest.fixture(params=_databases)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """One URL per database; a test that takes it runs on each."""
    if request.param in ("sqlite", POSTGRES):
        fixture = {"sqlite": "sqlite_url", POSTGRES: "postgres_url"}[request.param]
        yield request.getfixturevalue(fixture)
    else:
        with fresh_database(request.param) as url:
            yield url


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says which databases ran for real, in which version, and how often."""
    versions = {name: f" {server.version()}" for name, server in POSTGRES_SERVERS.items()}
    for name in ("sqlite", *POSTGRES_SERVERS):
        count = _ran_for_real.get(name, 0)
        ran = f"{versions.get(name, '')}: {count} tests on the real database"
        terminalreporter.write_line(name + (ran if count else ": did not run"))
