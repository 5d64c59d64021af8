"""The unit of work: order, keys filled in, changes found, and nothing left of a failure."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bridgeorm import (
    ForeignKeyViolationError,
    NotLoadedError,
    StaleRowError,
    UniqueViolationError,
    select,
    update,
)
from bridgeorm.testing import count_queries

from .conftest import OpenLibrary
from .models import Label, Novel, Writer


async def test_parents_go_first_and_keys_are_filled_in(library: OpenLibrary) -> None:
    async with library() as db:
        async with db.session() as session:
            ann = Writer(name="Ann", mentor=Writer(name="Old", mentor=Writer(name="Oldest")))
            session.add(Novel(writer=ann, title="One"), Novel(writer=ann, title="Two"))
        assert ann.mentor is not None
        assert ann.mentor_id == ann.mentor.id
        assert await db.count(select(Writer)) == 3
        assert await db.count(select(Novel).where(Novel.writer_id == ann.id)) == 2


async def test_rows_of_one_model_are_inserted_together(library: OpenLibrary) -> None:
    async with library() as db:
        ann = await db.insert(Writer(name="Ann"))
        with count_queries(db) as queries:
            async with db.session() as session:
                session.add(*(Novel(writer=ann, title=f"number {number}") for number in range(50)))
        assert queries.count == 1
        assert await db.count(select(Novel)) == 50


async def test_generated_keys_belong_to_their_rows(library: OpenLibrary) -> None:
    async with library() as db:
        ann = await db.insert(Writer(name="Ann"))
        novels = [Novel(writer=ann, title=f"number {number}") for number in range(1_200)]
        async with db.session() as session:
            session.add(*novels)
        titles = dict(await db.all(select(Novel.id, Novel.title)))
        assert {novel.id: novel.title for novel in novels} == titles


async def test_changes_are_found_by_themselves(library: OpenLibrary) -> None:
    async with library() as db:
        ann = await db.insert(Writer(name="Ann"))
        await db.insert(Novel(writer=ann, title="One", notes={"pages": 1}))
        async with db.session() as session:
            novel = await session.one(select(Novel))
            novel.price = Decimal("5.00")
            novel.notes["pages"] = 2
        assert novel.revision == 2
        assert await db.scalar(select(Novel.price)) == Decimal("5.00")
        assert await db.scalar(select(Novel.notes)) == {"pages": 2}


async def test_updates_go_out_together(library: OpenLibrary) -> None:
    async with library() as db:
        ann = await db.insert(Writer(name="Ann"))
        novels = await db.insert_many([Novel(writer=ann, title=f"number {number}") for number in range(700)])
        with count_queries(db) as queries:
            async with db.session() as session:
                for number, novel in enumerate(novels):
                    novel.price = Decimal(number)
                session.add(*novels)
        assert queries.count == (1 if db.has_capability("array_parameters") else 2)
        prices = dict(await db.all(select(Novel.id, Novel.price)))
        assert prices == {novel.id: Decimal(number) for number, novel in enumerate(novels)}
        assert {novel.revision for novel in novels} == {2}


async def test_one_stale_row_among_many_takes_all_back(library: OpenLibrary) -> None:
    async with library() as db:
        ann = await db.insert(Writer(name="Ann"))
        novels = await db.insert_many([Novel(writer=ann, title=f"number {number}") for number in range(20)])
        await db.execute(update(Novel).where(Novel.id == novels[7].id).set(Novel.revision.to(9)))
        with pytest.raises(StaleRowError):
            async with db.session() as session:
                for novel in novels:
                    novel.title = f"new {novel.title}"
                session.add(*novels)
        assert {novel.revision for novel in novels} == {1}
        assert await db.count(select(Novel).where(Novel.title.startswith("new"))) == 0


async def test_one_refused_update_among_many_takes_all_back(library: OpenLibrary) -> None:
    async with library() as db:
        writers = await db.insert_many([Writer(name=f"writer {number}") for number in range(10)])
        with pytest.raises(ForeignKeyViolationError):
            async with db.session() as session:
                for number, writer in enumerate(writers):
                    writer.name = "new"
                    writer.mentor_id = 1_000_000 if number == 4 else writers[0].id
                session.add(*writers)
        assert await db.count(select(Writer).where(Writer.name == "new")) == 0
        assert await db.count(select(Writer)) == 10


async def test_deleting_children_before_parents(library: OpenLibrary) -> None:
    async with library() as db:
        old = await db.insert(Writer(name="Old"))
        young = await db.insert(Writer(name="Young", mentor=old))
        async with db.session() as session:
            session.delete(old)
            session.delete(young)
        assert await db.count(select(Writer)) == 0


async def test_a_failure_leaves_objects_as_they_were(library: OpenLibrary) -> None:
    async with library() as db:
        ann = await db.insert(Writer(name="Ann"))
        await db.insert(Label(name="taken"))
        novel = Novel(writer=ann, title="One")
        with pytest.raises(UniqueViolationError):
            async with db.session() as session:
                ann.name = "Changed"
                session.add(ann, novel)
                await session.flush()
                assert novel.id > 0
                session.add(Label(name="taken"))
        with pytest.raises(NotLoadedError):
            _ = novel.id
        assert ann.name == "Changed"
        await db.update(ann)
        assert await db.scalar(select(Writer.name)) == "Changed"
        assert await db.count(select(Novel)) == 0
        await db.insert(novel)
        assert novel.id > 0


async def test_links_are_staged(library: OpenLibrary) -> None:
    async with library() as db:
        async with db.session() as session:
            novel = Novel(writer=Writer(name="Ann"), title="One")
            session.add(novel)
            await session.flush()
            await novel.labels.add(Label(name="new"), Label(name="good"))
        assert {label.name for label in await novel.labels} == {"new", "good"}
        assert await db.count(select(Novel).where(Novel.labels.any(Label.name == "good"))) == 1
        good = await db.get(Label, "good")
        await novel.labels.remove(good)
        assert await db.count(select(Novel).where(Novel.labels.any(Label.name == "good"))) == 0
        assert [each.title for each in await (await db.get(Label, "new")).novels] == ["One"]
