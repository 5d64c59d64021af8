"""What goes wrong is told by a typed error with names, never with values or secrets."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bridgeorm import (
    CheckViolationError,
    Column,
    ConfigurationError,
    ConnectFailedError,
    Database,
    DatabaseError,
    ForeignKeyViolationError,
    Model,
    NotNullViolationError,
    StatementError,
    UniqueViolationError,
    column,
    delete,
    primary_key,
    select,
    update,
)

from .conftest import OpenDatabase
from .models import Author, Book, Tag

CANARY = "canary-secret-1f2e3d"


class Absent(Model, table="exam_absent"):
    """A table nobody makes."""

    id: Column[int] = primary_key()
    name: Column[str] = column()


async def test_unique_violation_names_what_it_hit(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.insert(Tag(name=CANARY))
        with pytest.raises(UniqueViolationError) as caught:
            await db.insert(Tag(name=CANARY))
        error = caught.value
        assert error.table == "exam_tags"
        assert error.code == "unique_violation"
        assert error.constraint or error.column
        assert error.was_sent is True
        assert error.is_retryable is False
        assert error.operation == "insert"
        assert CANARY not in str(error)


async def test_other_violations(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        ann = await db.insert(Author(name="Ann"))
        with pytest.raises(ForeignKeyViolationError):
            await db.insert(Book(author_id=10_000, title="x"))
        with pytest.raises(CheckViolationError):
            await db.insert(Book(author=ann, title="x", price=Decimal(-1)))
        await db.insert(Tag(name="x"))
        with pytest.raises(NotNullViolationError) as caught:
            await db.execute(
                update(Tag)
                .where(Tag.name == "x")
                .set(Tag.name.to(select(Author.email).where(Author.id == ann.id).scalar_subquery()))
            )
        assert caught.value.column == "name"
        assert await db.count(select(Tag)) == 1


async def test_missing_table(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        with pytest.raises(StatementError):
            await db.all(select(Absent))
        with pytest.raises(DatabaseError):
            await db.execute(delete(Absent).everywhere())
        assert await db.count(select(Tag)) == 0


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "nosuch://x",
        "postgresql://[::1",
        "sqlite:///x?nosuch=1",
        f"postgresql://u:{CANARY}@h:99999999/x",
    ],
)
def test_wrong_url(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Database(url)
    assert CANARY not in str(caught.value)


async def test_unreachable_server() -> None:
    db = Database(f"postgresql://user:{CANARY}@127.0.0.1:1/x")
    assert CANARY not in repr(db)
    with pytest.raises(ConnectFailedError) as caught:
        await db.connect()
    assert CANARY not in str(caught.value)
    await db.close()
