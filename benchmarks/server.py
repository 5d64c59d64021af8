"""The PostgreSQL server as the harness sees it: its table, its processor time, its processor."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg  # type: ignore[import-untyped] # ships no types

from benchmarks.contestants.plain_sql import CREATE_POSTGRES, SELECT_ALL
from benchmarks.tree import CREATE_TREE
from benchmarks.workload import TABLE, digest

DATABASE = "bridge_benchmark"
LOCK_TIMEOUT = "20s"  # a contestant that keeps the table locked ends the run with an error
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
USER_TICKS_FIELD = 11  # of /proc/<pid>/stat, counted behind the command's name; system time follows it

Answer = TypeVar("Answer")


class Server:
    """A server that benchmarks may use a database of their own on."""

    def __init__(self, url: str) -> None:
        self._maintenance_url = url
        self.url = urlunsplit(urlsplit(url)._replace(path=f"/{DATABASE}"))
        self.version = ""
        self._postmaster: int | None = None

    def prepare(self) -> None:
        """Makes the database and its table anew."""
        self._run(self._maintenance_url, self._make_database)
        self._run(self.url, lambda connection: connection.execute(CREATE_POSTGRES))
        self._run(self.url, lambda connection: connection.execute(CREATE_TREE))

    def truncate(self) -> None:
        """Empties the table without leaving anything behind for the next contestant."""
        self._run(self.url, lambda connection: connection.execute(f"TRUNCATE {TABLE}"))

    def settle(self) -> None:
        """Makes statistics current and the log short before reads are timed."""
        self._run(self.url, lambda connection: connection.execute(f"VACUUM ANALYZE {TABLE}"))
        self._run(self.url, lambda connection: connection.execute("CHECKPOINT"))

    def table_digest(self) -> str:
        """The fingerprint of what the table really holds, read by the plain driver."""

        async def read(connection: Any) -> str:
            return digest([tuple(record) for record in await connection.fetch(SELECT_ALL)])

        return self._run(self.url, read)

    def settings(self) -> dict[str, str]:
        """The settings that decide about durability and memory."""
        names = [
            "fsync",
            "synchronous_commit",
            "full_page_writes",
            "shared_buffers",
            "default_transaction_isolation",
        ]

        async def read(connection: Any) -> dict[str, str]:
            found = await connection.fetch(
                "SELECT name, setting FROM pg_settings WHERE name = ANY($1)", names
            )
            return {record["name"]: record["setting"] for record in found}

        return self._run(self.url, read)

    def pin(self, core: int) -> bool:
        """Keeps the server, and what it will start, on one core; false where that is not ours to say."""
        if self._postmaster is None:
            return False
        try:
            os.sched_setaffinity(self._postmaster, {core})
        except (PermissionError, ProcessLookupError):
            return False
        return True

    def unpin(self) -> None:
        """Gives the server all processors back."""
        if self._postmaster is not None and Path(f"/proc/{self._postmaster}").exists():
            os.sched_setaffinity(self._postmaster, range(os.cpu_count() or 1))

    def cpu_seconds(self) -> float | None:
        """Processor time the sessions of this database have used so far; None for a server elsewhere."""
        if self._postmaster is None:
            return None
        return sum(_cpu_seconds(pid) for pid in _sessions(self._postmaster))

    async def _make_database(self, connection: Any) -> None:
        stated = await connection.fetchval("SHOW server_version")  # "15.18 (Debian ...)"
        self.version = stated.split()[0]
        self._postmaster = _parent_of(await connection.fetchval("SELECT pg_backend_pid()"))
        await connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE {DATABASE}")

    @staticmethod
    def _run(url: str, ask: Callable[[Any], Awaitable[Answer]]) -> Answer:
        async def converse() -> Answer:
            connection = await asyncpg.connect(url, server_settings={"lock_timeout": LOCK_TIMEOUT})
            try:
                return await ask(connection)
            finally:
                await connection.close()

        return asyncio.run(converse())


def _parent_of(pid: int) -> int | None:
    """The server's first process, if the backend's number is one of this machine's PostgreSQL processes."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    fields = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
    return int(fields["PPid"]) if "postgres" in fields["Name"] else None


def _sessions(parent: int) -> list[int]:
    """The server's processes that serve this database, which their titles name."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    return [int(pid) for pid in children if DATABASE in _title(pid)]


def _title(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""  # it has ended since it was listed


def _cpu_seconds(pid: int) -> float:
    try:
        line = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return 0.0
    fields = line.rpartition(")")[2].split()
    return (int(fields[USER_TICKS_FIELD]) + int(fields[USER_TICKS_FIELD + 1])) / CLOCK_TICKS
