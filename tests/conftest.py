"""What every Python test gets: its own database on each real server, and coroutine tests without a plugin."""

from __future__ import annotations

import asyncio
import inspect
import os
import tomllib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import digits
from urllib.parse import parse_qs, urlsplit, urlunsplit

import pytest

import bridgeorm

POSTGRES = "postgresql"
MYSQL = "mysql"
PLANETSCALE = "planetscale"
# Longest a coroutine test may take: a hang is a failure with a stack, not a stuck run.
COROUTINE_TIMEOUT_SECONDS = 120
_ran_for_real: dict[str, int] = {}


@dataclass(frozen=True)
class Server:
    """A server that tools/servers can start, by the variables it exports."""

    prefix: str

    def url(self) -> str | None:
        """Where the tests' statements go; None when it does not run."""
        return os.environ.get(f"{self.prefix}_URL")

    def version(self) -> str:
        """What runs there, as far as it is known."""
        return os.environ.get(f"{self.prefix}_VERSION", "of an unknown version")


@dataclass(frozen=True)
class PostgresServer(Server):
    """A way to a PostgreSQL."""

    owner_prefix: str = ""  # of the server whose databases these are, where a pooler stands between
    options: str = ""

    def owner_url(self) -> str:
        """Where databases are made."""
        return os.environ[f"{self.owner_prefix or self.prefix}_URL"]


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
    # What a test has made up on top of PostgreSQL.
    "flavour": PostgresServer("BRIDGE_FLAVOUR", "BRIDGE_POSTGRES"),
    "pgbouncer": PostgresServer("BRIDGE_PGBOUNCER", "BRIDGE_POSTGRES", "pool_mode=transaction"),
    "pgbouncer_newest": PostgresServer(
        "BRIDGE_PGBOUNCER_NEWEST", "BRIDGE_POSTGRES", "pool_mode=transaction&prepared_statements=on"
    ),
}
MYSQL_SERVERS = {
    MYSQL: Server("BRIDGE_MYSQL"),
    "mariadb": Server("BRIDGE_MARIADB"),
    "mariadb1011": Server("BRIDGE_MARIADB1011"),
    PLANETSCALE: Server("BRIDGE_PLANETSCALE"),
}
SERVERS: dict[str, Server] = {**POSTGRES_SERVERS, **MYSQL_SERVERS}
# Each test says so where one of these is missing; of the other servers only those that run are asked.
_usual = [POSTGRES, MYSQL]
_databases = ["sqlite", *_usual]
_databases += [name for name, server in SERVERS.items() if name not in _usual and server.url()]


# Tests beside the exam that cannot hold on a database, each with its reason; they must fail there.
_EXCEPTIONS: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("exceptions.toml").read_text(encoding="utf-8")
)


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
    """Leaves out what a server cannot be asked, with the reason. PgBouncer 1.18 ends itself when a cancel
    request meets a client that closes ("bad client state").
    """
    skip = pytest.mark.skip(reason="PgBouncer 1.18 ends itself on cancel requests; newer ones do not")
    for item in items:
        parameters: dict[str, object] = getattr(getattr(item, "callspec", None), "params", {})
        place = f"{item.path.parent.name}/{item.path.name}::{getattr(item, 'originalname', item.name)}"
        database = str(parameters.get("database_url")).rstrip(digits)  # a version's are those of all
        reason = _EXCEPTIONS.get(database, {}).get(place)
        if reason is not None:
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))
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
    database = f"test_{uuid.uuid4().hex}"
    making = _made_on_postgres if name in POSTGRES_SERVERS else _made_on_mysql
    if name == PLANETSCALE:
        making = _emptied_on_planetscale
    with making(name, database) as url:
        _ran_for_real[name] = _ran_for_real.get(name, 0) + 1
        yield url


@contextmanager
def _made_on_postgres(name: str, database: str) -> Iterator[str]:
    import psycopg  # here, so that the SQLite half of the tests runs where the driver is not installed

    server = POSTGRES_SERVERS[name]
    url = server.url()
    assert url is not None
    with psycopg.connect(server.owner_url(), autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(database)))
        parts = urlsplit(url)
        query = "&".join(filter(None, (parts.query, server.options)))
        yield urlunsplit(parts._replace(path=f"/{database}", query=query))
        connection.execute(
            psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(psycopg.sql.Identifier(database))
        )


@contextmanager
def _made_on_mysql(name: str, database: str) -> Iterator[str]:
    import pymysql  # here, as above

    url = MYSQL_SERVERS[name].url()
    assert url is not None
    place = urlsplit(url)
    connection = pymysql.connect(host=place.hostname, port=place.port or 0, user=place.username)
    with connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {database} CHARACTER SET utf8mb4")
        yield urlunsplit(place._replace(path=f"/{database}"))
        cursor.execute(f"DROP DATABASE {database}")


@contextmanager
def _emptied_on_planetscale(name: str, database: str) -> Iterator[str]:
    """The one database there is, as making others takes seconds; it is left without tables."""
    import pymysql  # here, as above

    del database
    url = MYSQL_SERVERS[name].url()
    assert url is not None
    place = urlsplit(url)
    yield url
    connection = pymysql.connect(
        host=place.hostname,
        port=place.port or 0,
        user=place.username,
        database=place.path.removeprefix("/"),
        ssl_ca=parse_qs(place.query)["sslrootcert"][0],
        ssl_verify_identity=True,
    )
    with connection, connection.cursor() as cursor:
        cursor.execute("SHOW TABLES")
        tables = ", ".join(f"`{row[0]}`" for row in cursor.fetchall())
        if tables:
            cursor.execute(f"DROP TABLE {tables}")


@pytest.fixture
def postgres_url(postgres_server_url: str) -> Iterator[str]:  # noqa: ARG001 - asked first, so that it can skip
    """A PostgreSQL database of this test's own, dropped afterwards."""
    with fresh_database(POSTGRES) as url:
        yield url


@pytest.fixture
def mysql_url() -> Iterator[str]:
    """A MySQL database of this test's own, dropped afterwards; skips, saying so, where there is no server."""
    if not MYSQL_SERVERS[MYSQL].url():
        pytest.skip("no MySQL: BRIDGE_MYSQL_URL is not set (tools/servers start mysql)")
    with fresh_database(MYSQL) as url:
        yield url


@pytest.fixture(params=_databases)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """One URL per database; a test that takes it runs on each."""
    fixture = {"sqlite": "sqlite_url", POSTGRES: "postgres_url", MYSQL: "mysql_url"}.get(request.param)
    if fixture is not None:
        yield request.getfixturevalue(fixture)
    else:
        with fresh_database(request.param) as url:
            yield url


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says which databases ran for real, in which version, and how often."""
    terminalreporter.write_line(f"bridgeorm from {Path(bridgeorm.__file__).parents[2]}")
    versions = {name: f" {server.version()}" for name, server in SERVERS.items()}
    for name in ("sqlite", *SERVERS):
        count = _ran_for_real.get(name, 0)
        ran = f"{versions.get(name, '')}: {count} tests on the real database"
        terminalreporter.write_line(name + (ran if count else ": did not run"))
