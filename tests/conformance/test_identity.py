"""Identity, tracked changes, versions, transactions, sessions, retries."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from bridgeorm import (
    BridgeError,
    ConfigurationError,
    Database,
    SerializationFailureError,
    StaleRowError,
    UniqueViolationError,
    delete,
    select,
)
from bridgeorm.testing import count_queries

from .conftest import OpenDatabase
from .models import Author, Book, Category, Tag

DRAIN_POLLS = 60
DRAIN_POLL_SECONDS = 0.05


async def test_one_row_is_one_object_within_a_task(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        ann = await db.insert(Author(name="Ann"))
        assert await db.get(Author, ann.id) is ann
        assert (await db.all(select(Author)))[0] is ann

        async def elsewhere() -> Author:
            return await db.get(Author, ann.id)

        other = await asyncio.create_task(elsewhere())
        assert other is not ann
        assert other.name == "Ann"


async def test_fresh_rows_refresh_clean_columns_only(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        ann = await db.insert(Author(name="Ann", email="a@example.org"))
        ann.name = "changed here"

        async def elsewhere() -> None:
            mine = await db.get(Author, ann.id)
            mine.name, mine.email = "changed there", "b@example.org"
            await db.update(mine)

        await asyncio.create_task(elsewhere())
        await db.all(select(Author))
        assert ann.name == "changed here"
        assert ann.email == "b@example.org"
        await db.refresh(ann)


async def test_update_writes_changed_columns_only(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        ann = await db.insert(Author(name="Ann"))
        with count_queries(db) as queries:
            await db.update(ann)
        assert queries.count == 0
        ann.name = "Anna"
        with count_queries(db) as queries:
            await db.update(ann)
        assert queries.count == 1
        assert "email" not in queries.statements[0]


async def test_json_content_is_compared(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        ann = await db.insert(Author(name="Ann"))
        await db.insert(Book(author=ann, title="x", details={"a": [1]}))
    async with open_database() as db:
        book = await db.one(select(Book))
        book.details["a"] = [1, 2]
        await db.update(book)
        assert book.revision == 2
    async with open_database() as db:
        assert (await db.one(select(Book))).details == {"a": [1, 2]}


async def test_lost_race_raises(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        ann = await db.insert(Author(name="Ann"))
        book = await db.insert(Book(author=ann, title="x"))

        async def elsewhere() -> None:
            mine = await db.one(select(Book))
            mine.title = "theirs"
            await db.update(mine)

        await asyncio.create_task(elsewhere())
        book.title = "mine"
        with pytest.raises(StaleRowError):
            await db.update(book)
        assert (await db.one(select(Book.title))) == "theirs"


async def test_transaction_commits_and_rolls_back(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        async with db.transaction():
            await db.insert(Tag(name="kept"))
        with pytest.raises(RuntimeError, match="on purpose"):
            async with db.transaction():
                await db.insert(Tag(name="lost"))
                raise RuntimeError("on purpose")
        assert await db.all(select(Tag.name)) == ["kept"]


async def test_nested_transaction_is_a_savepoint(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        async with db.transaction():
            await db.insert(Tag(name="outer"))
            with pytest.raises(UniqueViolationError):
                async with db.transaction():
                    await db.insert(Tag(name="inner"))
                    await db.insert(Tag(name="outer"))
            await db.insert(Tag(name="after"))
        assert set(await db.all(select(Tag.name))) == {"outer", "after"}


async def test_child_tasks_run_on_the_transaction_and_raise_afterwards(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        ended = asyncio.Event()

        async def child() -> None:
            await db.insert(Tag(name="from child"))

        async def late() -> None:
            await ended.wait()
            await db.insert(Tag(name="too late"))

        with pytest.raises(RuntimeError, match="undo"):
            async with db.transaction():
                await asyncio.gather(*(asyncio.create_task(child()) for _ in range(1)))
                straggler = asyncio.create_task(late())
                raise RuntimeError("undo")
        ended.set()
        with pytest.raises(BridgeError):
            await straggler
        assert await db.count(select(Tag)) == 0


async def test_session_orders_and_fills_keys(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        async with db.session() as session:
            leaf = Category(name="leaf", parent=Category(name="middle", parent=Category(name="root")))
            session.add(leaf)
            author = Author(name="Ann")
            book = Book(author=author, title="x")
            session.add(book)
        assert leaf.parent is not None
        assert leaf.parent_id == leaf.parent.id
        assert book.author_id == author.id
        assert await db.count(select(Category)) == 3
        async with db.session() as session:
            found = await session.one(select(Author))
            found.name = "Anna"
            session.delete(leaf)
        assert await db.scalar(select(Author.name)) == "Anna"
        assert await db.count(select(Category)) == 2


async def test_failed_session_leaves_objects_as_they_were(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.insert(Tag(name="taken"))
        fresh = Tag(name="fresh")
        with pytest.raises(UniqueViolationError):
            async with db.session() as session:
                session.add(fresh)
                session.add(Tag(name="taken"))
        assert await db.count(select(Tag)) == 1
        async with db.session() as session:
            session.add(fresh)
        assert await db.count(select(Tag)) == 2


async def test_run_transaction_retries_what_is_retryable(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        attempts = 0

        async def work(name: str) -> str:
            nonlocal attempts
            attempts += 1
            await db.insert(Tag(name=name))
            if attempts < 3:
                raise SerializationFailureError("try again")
            return name

        assert await db.run_transaction(work, "once") == "once"
        assert attempts == 3
        assert await db.all(select(Tag.name)) == ["once"]


async def test_two_writers_race_for_one_row(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        ann = await db.insert(Author(name="Ann"))
        await db.insert(Book(author=ann, title="x", price=Decimal(0)))

        async def add_one() -> None:
            async def work() -> None:
                book = await db.one(select(Book).for_update() if _has_row_locks(db) else select(Book))
                book.price = book.price + 1
                await db.update(book)

            await db.run_transaction(work, attempts=50)

        await asyncio.gather(*(asyncio.create_task(add_one()) for _ in range(8)))
        assert await db.scalar(select(Book.price)) == Decimal("8.00")


def _has_row_locks(db: Database) -> bool:
    return db.has_capability("row_locks")


async def test_cancelled_task_leaves_the_pool_whole(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.insert(Tag(name="x"))

        async def work() -> None:
            async with db.transaction():
                await db.insert(Tag(name="cancelled"))
                await db.all(select(Tag))

        for ticks in range(25):
            task = asyncio.create_task(work())
            for _ in range(ticks):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            # what was cancelled may drain for a moment, and then everything is back: without another
            # statement, and while the task's exception still lives
            for _ in range(DRAIN_POLLS):
                if db.pool.stats().lent == 0:
                    break
                await asyncio.sleep(DRAIN_POLL_SECONDS)
            assert db.pool.stats().lent == 0, f"after {ticks} turns"
            # a task cancelled while its COMMIT was under way may have committed
            await asyncio.wait_for(db.execute(delete(Tag).where(Tag.name == "cancelled")), 5)
            assert await asyncio.wait_for(db.count(select(Tag)), 5) == 1


async def test_closed_handle_raises(database_url: str) -> None:
    db = Database(database_url)
    await db.connect()
    await db.close()
    with pytest.raises(BridgeError):
        await db.all(select(Tag))


async def test_other_loop_is_refused(open_database: OpenDatabase) -> None:
    async with open_database() as db:

        def elsewhere() -> None:
            with pytest.raises(ConfigurationError):
                asyncio.run(_count(db))

        await asyncio.to_thread(elsewhere)


async def _count(db: Database) -> int:
    return await db.count(select(Tag))
