"""Transactions, savepoints and limits, as one task and its children see them."""

from __future__ import annotations

import asyncio

import pytest

from bridgeorm import (
    BudgetExceededError,
    Database,
    HookAbortedError,
    NotLoadedError,
    QueryError,
    RepeatedLoadError,
    SerializationFailureError,
    after,
    before,
    select,
)
from bridgeorm.model_schema import schema_of

from .conftest import OpenLibrary
from .models import Novel, Writer


class _DeliberateError(Exception):
    pass


async def test_all_or_nothing_and_objects_as_they_were(library: OpenLibrary) -> None:
    async with library() as db:
        ann = Writer(name="Ann")
        with pytest.raises(_DeliberateError):
            async with db.transaction():
                await db.insert(ann)
                assert ann.id > 0
                raise _DeliberateError
        with pytest.raises(NotLoadedError):
            _ = ann.id
        assert await db.count(select(Writer)) == 0


async def test_a_nested_block_is_a_savepoint(library: OpenLibrary) -> None:
    async with library() as db:
        async with db.transaction() as tx:
            await tx.insert(Writer(name="kept"))
            with pytest.raises(_DeliberateError):
                async with db.transaction():
                    await db.insert(Writer(name="dropped"))
                    raise _DeliberateError
            async with tx.transaction():
                await db.insert(Writer(name="kept too"))
        assert await db.all(select(Writer.name).order_by(Writer.name)) == ["kept", "kept too"]


async def test_child_tasks_inherit_the_transaction_and_never_outlive_it(library: OpenLibrary) -> None:
    async with library() as db:
        late = asyncio.Event()

        async def child() -> int:
            first = await db.count(select(Writer))
            await late.wait()
            with pytest.raises(QueryError):
                await db.insert(Writer(name="too late"))
            return first

        async with db.transaction():
            await db.insert(Writer(name="inside"))
            task = asyncio.create_task(child())
            await asyncio.sleep(0.05)
        late.set()
        assert await task == 1
        assert await db.all(select(Writer.name)) == ["inside"]


async def test_run_transaction_tries_again(library: OpenLibrary) -> None:
    async with library() as db:
        attempts: list[int] = []

        async def work(name: str) -> Writer:
            writer = await db.insert(Writer(name=name))
            attempts.append(1)
            if len(attempts) < 3:
                raise SerializationFailureError("somebody was faster")
            return writer

        writer = await db.run_transaction(work, "Ann")
        assert len(attempts) == 3
        assert await db.all(select(Writer.id)) == [writer.id]


async def test_bare_queries_use_the_innermost_block(library: OpenLibrary) -> None:
    async with library() as db:
        async with db.transaction():
            await db.insert(Writer(name="Ann"))
            assert len(await Writer.where(Writer.name == "Ann")) == 1
        assert await Writer.where().count() == 1


async def test_a_budget_refuses_one_query_too_many(library: OpenLibrary) -> None:
    async with library() as db:
        with db.budget(queries=2), pytest.raises(BudgetExceededError, match="2 queries"):
            await db.count(select(Writer))
            await db.count(select(Writer))
            await db.count(select(Writer))


async def _fill(db: Database) -> None:
    for name in ("Ann", "Bob", "Cid"):
        writer = await db.insert(Writer(name=name))
        await db.insert(Novel(writer=writer, title=f"by {name}"))


async def test_repeated_loads_are_noticed_with_their_place(library: OpenLibrary) -> None:
    async with library() as db:
        await _fill(db)
        db.n_plus_one("raise")
        for novel in await db.all(select(Novel)):
            await novel.writer
        keys = await db.all(select(Writer.id))
        with pytest.raises(RepeatedLoadError, match=r"Writer\.novels.*test_blocks\.py:\d+"):
            for key in keys:
                writer = await asyncio.create_task(db.get(Writer, key))
                await writer.novels


async def test_hooks_run_around_writing_and_may_stop_it(library: OpenLibrary) -> None:
    seen: list[str] = []

    @before(Novel, "insert")
    def check(novel: Novel) -> None:
        seen.append("before")
        if novel.title == "forbidden":
            raise HookAbortedError("not this one")

    @after(Novel, "insert")
    async def note(novel: Novel) -> None:
        seen.append(f"after {novel.id > 0}")

    try:
        async with library() as db:
            writer = await db.insert(Writer(name="Ann"))
            await db.insert(Novel(writer=writer, title="fine"))
            with pytest.raises(HookAbortedError):
                await db.insert(Novel(writer=writer, title="forbidden"))
            assert seen == ["before", "after True", "before"]
            assert await db.count(select(Novel)) == 1
    finally:
        schema_of(Novel).hooks.clear()


async def test_pages_and_streams_walk_by_key(library: OpenLibrary) -> None:
    async with library() as db:
        writer = await db.insert(Writer(name="Ann"))
        await db.insert_many([Novel(writer=writer, title=f"same {number % 3}") for number in range(25)])
        query = select(Novel).order_by(Novel.title.desc())
        titles: list[tuple[str, int]] = []
        token: str | None = None
        while True:
            page = await db.page(query, size=10, after=token)
            titles += [(novel.title, novel.id) for novel in page.items]
            token = page.next
            if token is None:
                break
        assert len(titles) == 25
        assert titles == sorted(titles, key=lambda pair: (-ord(pair[0][-1]), pair[1]))
        streamed = [(novel.title, novel.id) async for novel in db.stream(query.order_by(Novel.id), batch=7)]
        assert streamed == titles
