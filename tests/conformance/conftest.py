"""Fixtures of the exam: an open handle with the exam's tables."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from string import digits
from typing import Protocol

import pytest

from bridgeorm import Database

from .claims import all_claims
from .models import EXAM_MODELS


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test a database is excepted from must fail there: a stale exception is a failure, too."""
    exceptions = {claims.scheme: claims.exceptions for claims in all_claims()}
    for item in items:
        if not isinstance(item, pytest.Function) or item.path.parent != Path(__file__).parent:
            continue
        parameters: dict[str, object] = item.callspec.params if hasattr(item, "callspec") else {}
        database = str(parameters.get("database_url"))
        excepted = exceptions.get(database.rstrip(digits), {})  # a version's are those of all
        one_case = item.name.replace(f"[{database}-", "[")
        reason = excepted.get(f"{item.path.name}::{item.originalname}") or excepted.get(
            f"{item.path.name}::{one_case}"
        )
        if reason is not None:
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))
