"""Fixtures of the exam: an open handle with the exam's tables."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import AsyncIterator, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

import pytest

from bridgeorm import Database

from .claims import all_claims
from .models import EXAM_MODELS
from .proof import SWITCH, Tally, folder_of, write

_tallies: defaultdict[str, Tally] = defaultdict(Tally)


class OpenDatabase(Protocol):
    """Opens a handle inside the test's own event loop."""

    def __call__(self) -> AbstractAsyncContextManager[Database]: ...


@pytest.fixture
def open_database(database_url: str) -> OpenDatabase:
    """`async with open_database() as db:` gives a handle whose tables are made and empty."""

    @asynccontextmanager
    async def opening() -> AsyncIterator[Database]:
        async with Database(database_url) as db:
            await db.create_tables(*EXAM_MODELS)
            yield db

    return opening


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Counts every test of the exam by the server it ran on."""
    report = yield
    parameters: dict[str, object] = getattr(getattr(item, "callspec", None), "params", {})
    server = parameters.get("database_url")
    if server is not None and item.path.parent == Path(__file__).parent:
        _tallies[str(server)].add(report)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
    """Records what was proved, if asked to; a run that was broken off proves nothing."""
    is_whole = exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
    if os.environ.get(SWITCH) and is_whole:
        for server, tally in _tallies.items():
            terminalreporter.write_line(write(server, tally))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test a database is excepted from must fail there: a stale exception is a failure, too."""
    exceptions = {claims.database: claims.exceptions for claims in all_claims()}
    for item in items:
        if not isinstance(item, pytest.Function) or item.path.parent != Path(__file__).parent:
            continue
        parameters: dict[str, object] = item.callspec.params if hasattr(item, "callspec") else {}
        database = str(parameters.get("database_url"))
        excepted = exceptions.get(folder_of(database) or "", {})
        one_case = item.name.replace(f"[{database}-", "[")
        reason = excepted.get(f"{item.path.name}::{item.originalname}") or excepted.get(
            f"{item.path.name}::{one_case}"
        )
        if reason is not None:
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))
