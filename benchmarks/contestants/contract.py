"""What every contestant can be asked to do, and the names of all of them."""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Any, ClassVar

from benchmarks.tree import Author, Chapter
from benchmarks.workload import COLUMNS, Row

POOL_SIZE = 10


class Operation:
    """Names of the operations measured."""

    BULK_FETCH = "bulk_fetch"
    BULK_FETCH_READ = "bulk_fetch_read"
    KEY_READ_ALONE = "key_read_1"
    KEY_READ_TOGETHER = "key_read_32"
    BULK_INSERT = "bulk_insert"
    PREFETCH_TREE = "prefetch_tree"

    OF_RECORDS = (BULK_INSERT, BULK_FETCH, BULK_FETCH_READ, KEY_READ_ALONE, KEY_READ_TOGETHER)
    ALL = (*OF_RECORDS, PREFETCH_TREE)


@dataclass(frozen=True)
class Target:
    """The database to work on: a PostgreSQL URL, or the path of an SQLite file of the contestant's own."""

    dialect: str
    address: str

    @property
    def is_postgres(self) -> bool:
        return self.dialect == "postgresql"


class Contestant(ABC):
    """One library. `name`: as printed; `group`: async contestants and blocking ones are compared apart."""

    name: ClassVar[str]
    group: ClassVar[str] = "async"
    dialects: ClassVar[tuple[str, ...]] = ("postgresql", "sqlite")
    operations: ClassVar[tuple[str, ...]] = Operation.OF_RECORDS
    rows_are_objects: ClassVar[bool] = False

    @abstractmethod
    def version(self) -> str:
        """The library's version, with those of the drivers below it."""

    @abstractmethod
    async def open(self, target: Target) -> None:
        """Connects. On SQLite also makes the table if it is not there; on PostgreSQL it is."""

    @abstractmethod
    async def close(self) -> None: ...

    async def clear(self) -> None:
        """Empties the table; asked on SQLite only, elsewhere the harness truncates it for everybody."""
        raise NotImplementedError(f"{self.name} does not run on SQLite")

    def make_objects(self, rows: Sequence[Row]) -> Sequence[Any]:
        """What this library inserts, made of plain rows; not timed."""
        return rows

    @abstractmethod
    async def bulk_insert(self, objects: Sequence[Any]) -> None:
        """Inserts everything in one transaction by the library's fastest documented way."""

    @abstractmethod
    async def bulk_fetch(self) -> Sequence[Any]:
        """All rows ordered by id, as the library's own kind of row or object."""

    @abstractmethod
    async def read_key(self, key: int) -> Any:
        """The one row of a key."""

    async def fetch_tree(self) -> Sequence[Any]:
        """All authors of the tree with their books and chapters, as objects that hold lists of objects."""
        raise NotImplementedError(f"{self.name} loads no tree")

    def tree_to_tuples(self, authors: Sequence[Any]) -> list[Author]:
        """The tree as plain tuples for the comparison; not timed."""
        return [
            (author.id, author.name, tuple((book.id, book.title, _chapters(book)) for book in author.books))
            for author in authors
        ]

    def read_columns(self, rows: Sequence[Any]) -> None:
        """Reads every column of every row once, as an application would."""
        read = attrgetter(*COLUMNS) if self.rows_are_objects else itemgetter(*range(len(COLUMNS)))
        for row in rows:
            read(row)

    def to_tuples(self, rows: Sequence[Any]) -> list[Sequence[object]]:
        """Rows as plain tuples for the comparison; not timed."""
        read = attrgetter(*COLUMNS) if self.rows_are_objects else tuple
        return [read(row) for row in rows]


def _chapters(book: Any) -> tuple[Chapter, ...]:
    return tuple((chapter.id, chapter.title, chapter.pages) for chapter in book.chapters)


CONTESTANTS = {
    "bridgeorm": "bridge_objects:BridgeObjects",
    "bridgeorm_tuples": "bridge_objects:BridgeTuples",
    "bridgeorm_arrow": "arrow_columns:BridgeArrow",
    "bridgeorm_sync": "bridge_blocking:BridgeBlocking",
    "asyncpg": "asyncpg_pool:AsyncpgPool",
    "asyncpg_connection": "asyncpg_pool:AsyncpgConnection",
    "asyncpg_arrow": "arrow_columns:AsyncpgArrow",
    "psycopg": "psycopg_rows:PsycopgRows",
    "sqlalchemy": "sqlalchemy_orm:SqlalchemyObjects",
    "tortoise": "tortoise_objects:TortoiseObjects",
    "bridgeorm_tree": "tree_loading:BridgeTree",
    "asyncpg_tree": "tree_loading:AsyncpgTree",
    "aiosqlite": "aiosqlite_rows:AiosqliteRows",
    "sqlite_stored": "sqlite_rows:SqliteStored",
    "sqlite_converted": "sqlite_rows:SqliteConverted",
}


def find_contestant(key: str) -> type[Contestant]:
    """The class of a contestant; imports its library."""
    module, name = CONTESTANTS[key].split(":")
    found: type[Contestant] = getattr(importlib.import_module(f"benchmarks.contestants.{module}"), name)
    return found
