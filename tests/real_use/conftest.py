"""The sample databases, loaded once through the library into every database."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import POSTGRES, POSTGRES_SERVERS, fresh_database

from bridgeorm import Database, Model

from .northwind import NORTHWIND, Employee
from .question import Row
from .reference import ask_postgres, ask_sqlite
from .sakila import SAKILA
from .sources import NORTHWIND_FILE, SAKILA_FILE, rows_of

MODELS: tuple[type[Model], ...] = (*SAKILA, *NORTHWIND)


@dataclass(frozen=True)
class Loaded:
    """One database with all sample data in it."""

    name: str
    url: str
    path: Path | None = None

    def by_hand(self, texts: tuple[str, ...], kinds: tuple[type, ...]) -> list[Row]:
        """What hand-written SQL says, through the database's own driver."""
        if self.path is not None:
            return ask_sqlite(self.path, texts, kinds)
        return ask_postgres(self.url, texts)


async def load(url: str) -> None:
    """Makes all tables and fills them: most in bulk, employees, who refer to each other, by a session."""
    async with Database(url) as db:
        await db.create_tables(*MODELS)
        for model in MODELS:
            rows: list[dict[str, Any]] = rows_of(model)
            if model is Employee:
                async with db.session() as session:
                    for row in rows:
                        session.add(Employee(**row))
            else:
                assert await db.insert_many(model, rows) == len(rows)


@pytest.fixture(scope="session")
def sample_files() -> None:
    """Skips, saying so, where the published files are not."""
    for file in (SAKILA_FILE, NORTHWIND_FILE):
        if not file.is_file():
            pytest.skip(f"no sample data: {file.name} is not below BRIDGE_SAMPLE_DATA")


@pytest.fixture(scope="session")
def loaded_sqlite(sample_files: None, tmp_path_factory: pytest.TempPathFactory) -> Loaded:  # noqa: ARG001 - asked first, so that it can skip
    """All sample data in a SQLite file."""
    path = tmp_path_factory.mktemp("samples") / "samples.db"
    loaded = Loaded("sqlite", f"sqlite:///{path}", path)
    asyncio.run(load(loaded.url))
    return loaded


@pytest.fixture(scope="session")
def loaded_postgres(sample_files: None) -> Iterator[Loaded]:  # noqa: ARG001 - asked first, so that it can skip
    """All sample data in a PostgreSQL database."""
    if not POSTGRES_SERVERS[POSTGRES].url():
        pytest.skip("no PostgreSQL: BRIDGE_POSTGRES_URL is not set (tools/servers start postgres)")
    with fresh_database(POSTGRES) as url:
        asyncio.run(load(url))
        yield Loaded(POSTGRES, url)


@pytest.fixture(params=["sqlite", "postgres"])
def loaded(request: pytest.FixtureRequest) -> Loaded:
    """One loaded database after the other."""
    found: Loaded = request.getfixturevalue(f"loaded_{request.param}")
    return found
