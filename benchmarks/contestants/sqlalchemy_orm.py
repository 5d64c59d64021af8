"""SQLAlchemy's asynchronous ORM, over asyncpg or aiosqlite."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from importlib.metadata import version
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Integer, Numeric, String, delete, event, select
from sqlalchemy.exc import SAWarning
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from benchmarks.contestants.contract import POOL_SIZE, Contestant, Target
from benchmarks.contestants.plain_sql import PRAGMAS
from benchmarks.workload import TABLE, TITLE_LENGTH, Row, by_column

# SQLite has no decimals; SQLAlchemy says so each time. The comparison shows that these ones survive.
warnings.filterwarnings("ignore", category=SAWarning)


class Base(DeclarativeBase):
    """The registry of the model below."""


class Record(Base):
    """One row."""

    __tablename__ = TABLE
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False
    )
    quantity: Mapped[int] = mapped_column(Integer)
    ratio: Mapped[float]
    is_active: Mapped[bool]
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    code: Mapped[UUID]
    price: Mapped[Decimal] = mapped_column(Numeric(12, 2))


def set_pragmas(connection: Any, _: object) -> None:
    """The same durability as everybody's."""
    for pragma in PRAGMAS:
        connection.execute(pragma)


class SqlalchemyObjects(Contestant):
    """Mapped objects, a session for each operation."""

    name = "SQLAlchemy ORM"
    rows_are_objects = True
    _engine: AsyncEngine
    _sessions: async_sessionmaker[AsyncSession]
    _driver: str = ""

    def version(self) -> str:
        return f"{version('sqlalchemy')} on {self._driver} {version(self._driver)}"

    async def open(self, target: Target) -> None:
        self._driver = "asyncpg" if target.is_postgres else "aiosqlite"
        url = (
            target.address.replace("postgresql://", "postgresql+asyncpg://")
            if target.is_postgres
            else f"sqlite+aiosqlite:///{target.address}"
        )
        self._engine = create_async_engine(url, pool_size=POOL_SIZE, max_overflow=0)
        self._sessions = async_sessionmaker(self._engine, expire_on_commit=False)
        if not target.is_postgres:
            event.listen(self._engine.sync_engine, "connect", set_pragmas)
            async with self._engine.begin() as connection:
                await connection.run_sync(Base.metadata.create_all)

    async def close(self) -> None:
        await self._engine.dispose()

    async def clear(self) -> None:
        async with self._sessions.begin() as session:
            await session.execute(delete(Record))

    def make_objects(self, rows: Sequence[Row]) -> Sequence[Any]:
        return [Record(**by_column(row)) for row in rows]

    async def bulk_insert(self, objects: Sequence[Any]) -> None:
        async with self._sessions.begin() as session:
            session.add_all(objects)

    async def bulk_fetch(self) -> Sequence[Any]:
        async with self._sessions() as session:
            return (await session.scalars(select(Record).order_by(Record.id))).all()

    async def read_key(self, key: int) -> Any:
        async with self._sessions() as session:
            return await session.get(Record, key)
