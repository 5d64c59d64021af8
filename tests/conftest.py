"""What every Python test gets: its own database on each real server, and coroutine tests without a plugin."""

from __future__ import annotations

import asyncio
import inspect
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

POSTGRES_VARIABLE = "BRIDGE_POSTGRES_URL"
# Longest a coroutine test may take: a hang is a failure with a stack, not a stuck run.
COROUTINE_TIMEOUT_SECONDS = 120
_ran_for_real: dict[str, int] = {}


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Runs a coroutine test in an event loop of its own."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = inspect.signature(pyfuncitem.obj).parameters
    arguments = {name: pyfuncitem.funcargs[name] for name in wanted}
    asyncio.run(asyncio.wait_for(pyfuncitem.obj(**arguments), COROUTINE_TIMEOUT_SECONDS))
    return True


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file of this test's own."""
    _ran_for_real["sqlite"] = _ran_for_real.get("sqlite", 0) + 1
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def postgres_server_url() -> str:
    """The server that tools/servers started; skips, saying so, where there is none."""
    url = os.environ.get(POSTGRES_VARIABLE)
    if not url:
        pytest.skip(f"no PostgreSQL: {POSTGRES_VARIABLE} is not set (tools/servers start postgres)")
    return url


@pytest.fixture
def postgres_url(postgres_server_url: str) -> Iterator[str]:
    """A PostgreSQL database of this test's own, dropped afterwards."""
    import psycopg  # here, so that the SQLite half of the tests runs where the driver is not installed

    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_server_url, autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
        _ran_for_real["postgresql"] = _ran_for_real.get("postgresql", 0) + 1
        yield urlunsplit(urlsplit(postgres_server_url)._replace(path=f"/{name}"))
        connection.execute(
            psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(psycopg.sql.Identifier(name))
        )


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """One URL per database; a test that takes it runs on each."""
    fixture = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    url: str = request.getfixturevalue(fixture)
    return url


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says which databases ran for real, and how often."""
    for name in ("sqlite", "postgresql"):
        count = _ran_for_real.get(name, 0)
        terminalreporter.write_line(
            f"{name}: {f'{count} tests on the real database' if count else 'did not run'}"
        )
