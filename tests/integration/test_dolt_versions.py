"""Branches, commits, merges and former states on a real Dolt server."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bridgeorm import (
    Change,
    Column,
    ConfigurationError,
    ConflictCounts,
    Database,
    Many,
    MergeConflictError,
    Model,
    One,
    PoolClosedError,
    QueryError,
    SerializationFailureError,
    StatementError,
    SyncDatabase,
    UnsupportedFeatureError,
    column,
    foreign_key,
    many,
    one,
    primary_key,
    select,
)


class Writer(Model, table="versioned_writers"):
    id: Column[int] = primary_key(generated=False)
    name: Column[str] = column(max_length=60)
    works: Many[Work] = many(back="writer")


class Work(Model, table="versioned_works"):
    id: Column[int] = primary_key(generated=False)
    title: Column[str] = column(max_length=60)
    writer_id: Column[int] = foreign_key(Writer.id)
    writer: One[Writer] = one(writer_id)


async def begin(db: Database) -> tuple[Writer, Work]:
    """One writer with one work, committed."""
    await db.create_tables(Writer, Work)
    ann = await db.insert(Writer(id=1, name="Ann"))
    work = await db.insert(Work(id=1, title="first", writer=ann))
    await db.commit("begin", author="Ann <ann@example.org>")
    return ann, work


async def test_commits_are_told(dolt_url: str) -> None:
    async with Database(dolt_url) as db:
        await begin(db)
        await db.insert(Writer(id=2, name="Ben"))
        given = await db.commit("add Ben")
        latest, before = await db.all(db.log().limit(2))
        assert (latest.hash, latest.message) == (given, "add Ben")
        assert (before.author, before.email) == ("Ann", "ann@example.org")
        log = db.log()
        assert [commit.message for commit in await db.all(log.where(log.author == "Ann"))] == ["begin"]
        with pytest.raises(StatementError, match="nothing to commit"):
            await db.commit("again")
        assert await db.commit("--amend", allow_empty=True)


async def test_staged_tables_are_committed_alone(dolt_url: str) -> None:
    async with Database(dolt_url) as db:
        ann, _work = await begin(db)
        ann.name = "Anna"
        await db.update(ann)
        await db.insert(Work(id=2, title="second", writer=ann))
        await db.stage(Writer)
        await db.commit("writers", everything=False)
        assert await db.count(db.diff(Work, "HEAD~1", "HEAD")) == 0
        assert await db.count(db.diff(Writer, "HEAD~1", "HEAD")) == 1
        await db.reset(hard=True)
        assert await db.count(select(Work)) == 1


async def test_the_past_is_read_and_stays_apart(dolt_url: str) -> None:
    async with Database(dolt_url) as db:
        ann, work = await begin(db)
        ann.name, work.title = "Anna", "renamed"
        await db.update(ann)
        await db.update(work)
        await db.commit("rename")
        (old,) = await db.all(select(Work).as_of("HEAD~1"))
        assert (old.title, work.title, old is work) == ("first", "renamed", False)
        former = await old.writer
        assert (former.name, ann.name, former is ann) == ("Ann", "Anna", False)
        (fetched,) = await db.all(select(Work).as_of("HEAD~1").prefetch(Work.writer))
        assert fetched.writer.name == "Ann"
        assert [each.title for each in await former.works] == ["first"]
        (now,) = await db.all(select(Work))
        assert now is work
        assert now.title == "renamed"
        assert [row.title async for row in db.stream(select(Work).as_of("HEAD~1"), batch=1)] == ["first"]


async def test_moments_and_subqueries_of_the_past(dolt_url: str) -> None:
    async with Database(dolt_url) as db:
        _ann, work = await begin(db)
        await db.delete(work)
        await db.commit("delete")
        assert await db.count(select(Work).as_of("HEAD~1")) == 1
        assert await db.all(select(Work).as_of(datetime.now(UTC) + timedelta(hours=1))) == []
        before = select(Work).as_of("HEAD~1").subquery("before")
        lost = select(before).left_join(Work, on=Work.id == before.id).where(Work.id.is_null())
        assert [each.title for each in await db.all(lost)] == ["first"]
        both = select(Work.title).as_of("HEAD~1").union_all(select(Work.title))
        assert await db.all(both) == ["first"]
        with pytest.raises(StatementError):
            await db.all(select(Work).as_of("nowhere"))


async def test_differences_carry_both_states(dolt_url: str) -> None:
    async with Database(dolt_url) as db:
        ann, work = await begin(db)
        work.title = "changed"
        await db.update(work)
        await db.insert(Work(id=2, title="new", writer=ann))
        await db.commit("change")
        changes = db.diff(Work, "HEAD~1", "HEAD")
        rows: list[Change[Work]] = await db.all(changes.order_by(changes.after.id))
        told = [(row.kind, row.before and row.before.title, row.after and row.after.title) for row in rows]
        assert told == [("modified", "first", "changed"), ("added", None, "new")]
        added = await db.all(changes.where(changes.kind == "added"))
        assert [row.after.title for row in added if row.after] == ["new"]
        with pytest.raises(QueryError, match="comparison"):
            await rows[0].after.writer  # type: ignore[union-attr]  # it is there
        await db.delete(work)
        removed = await db.all(db.diff(Work, "HEAD", "WORKING"))
        assert [(row.kind, row.after) for row in removed] == [("removed", None)]


async def test_a_branch_is_a_handle(dolt_url: str) -> None:
    async with Database(dolt_url) as db:
        await begin(db)
        await db.create_branch("feature/names", start="HEAD")
        async with db.branch("feature/names") as feature:
            writer = await feature.get(Writer, 1)
            writer.name = "Anna"
            await feature.update(writer)
            assert [each.name for each in await select(Writer)] == ["Anna"]
            assert [each.name for each in await db.all(select(Writer))] == ["Ann"]
            await feature.commit("rename")
            async with feature.transaction():
                assert (await select(Writer).one()).name == "Anna"
        assert [each.name for each in await select(Writer)] == ["Ann"]
        assert [branch.name for branch in await db.branches()] == ["feature/names", "main"]
        merged = await db.merge("feature/names")
        assert merged.is_fast_forward
        assert (await db.one(select(Writer.name))) == "Anna"
        assert (await db.merge("feature/names")).hash == ""
        await db.delete_branch("feature/names")
        assert [branch.name for branch in await db.branches()] == ["main"]


async def test_tasks_do_not_see_each_others_branches(dolt_url: str) -> None:
    async with Database(dolt_url) as db:
        await begin(db)
        names = [f"work-{number}" for number in range(4)]
        for name in names:
            await db.create_branch(name)

        async def rename(name: str) -> None:
            for _round in range(5):
                async with db.branch(name) as branch:
                    writer = await branch.get(Writer, 1)
                    writer.name = name
                    await branch.update(writer)
                    await asyncio.sleep(0)
                    assert await select(Writer.name).one() == name

        await asyncio.gather(*map(rename, names))
        assert await db.one(select(Writer.name)) == "Ann"
        for name in names:
            async with db.branch(name) as branch:
                assert await branch.one(select(Writer.name)) == name


async def test_branches_not_used_for_long_are_closed_and_no_others(dolt_url: str) -> None:
    async with Database(dolt_url) as db:
        await begin(db)
        names = [f"branch-{number}" for number in range(11)]
        for name in names:
            await db.create_branch(name)
        opened: list[Database] = []
        async with db.branch(names[0]) as held:
            for name in names[1:]:
                async with db.branch(name) as branch:
                    opened.append(branch)
                    assert await branch.count(select(Writer)) == 1
            with pytest.raises(PoolClosedError):
                await opened[0].count(select(Writer))
            assert await opened[-1].count(select(Writer)) == 1
            assert await held.count(select(Writer)) == 1
            async with held.branch(names[1]) as again:
                assert await again.one(select(Writer.name)) == "Ann"
            assert await held.count(select(Writer)) == 1


async def test_a_branch_stands_in_the_url(dolt_url: str) -> None:
    async with Database(dolt_url) as db:
        await begin(db)
        await db.create_branch("feature/x")
    async with Database(f"{dolt_url}/feature/x") as feature:
        await feature.insert(Writer(id=2, name="Ben"))
        assert await feature.count(select(Writer)) == 2
    async with Database(f"{dolt_url}/main") as db:
        assert await db.count(select(Writer)) == 1
    with pytest.raises(ConfigurationError):
        Database(f"{dolt_url}/--hard")


async def test_conflicts_are_told_and_nothing_is_merged(dolt_url: str) -> None:
    async with Database(dolt_url) as db:
        ann, _work = await begin(db)
        await db.create_branch("other")
        ann.name = "Anna"
        await db.update(ann)
        await db.commit("ours")
        async with db.branch("other") as other:
            writer = await other.get(Writer, 1)
            writer.name = "Anne"
            await other.update(writer)
            await other.commit("theirs")
        with pytest.raises(MergeConflictError, match="versioned_writers") as failure:
            await db.merge("other")
        error = failure.value
        assert error.tables == {"versioned_writers": ConflictCounts(rows=1, definitions=0)}
        assert not error.is_retryable
        (row,) = await db.all(db.conflicts(Writer, error.ours, error.theirs))
        assert row.base is not None
        assert row.ours is not None
        assert row.theirs is not None
        assert (row.base.name, row.ours.name, row.theirs.name) == ("Ann", "Anna", "Anne")
        assert await db.one(select(Writer.name)) == "Anna"
        assert (await db.all(db.log().limit(1)))[0].message == "ours"
        with pytest.raises(StatementError):
            await db.delete_branch("other")
        await db.delete_branch("other", force=True)


async def test_transactions_that_changed_one_row_otherwise_conflict(dolt_url: str) -> None:
    async with Database(dolt_url) as db, Database(dolt_url) as other:
        await begin(db)
        with pytest.raises(SerializationFailureError) as failure:
            async with db.transaction() as first:
                mine = await first.get(Writer, 1)
                async with other.transaction() as second:
                    theirs = await second.get(Writer, 1)
                    theirs.name = "Anne"
                    await second.update(theirs)
                mine.name = "Anna"
                await first.update(mine)
        assert failure.value.is_retryable


async def test_versions_are_not_made_inside_transactions(dolt_url: str) -> None:
    async with Database(dolt_url) as db:
        await begin(db)
        async with db.transaction():
            with pytest.raises(QueryError, match="not part of a transaction"):
                await db.commit("inside")
            with pytest.raises(QueryError, match="not part of a transaction"):
                await db.merge("main")


async def test_names_that_are_no_names_never_reach_the_server(dolt_url: str) -> None:
    async with Database(dolt_url) as db:
        for name in ("-D", "--hard", "a b", "a'b", "a;b", "", "a/../b"):
            with pytest.raises(QueryError):
                await db.create_branch(name)
            with pytest.raises(QueryError):
                db.branch(name)
            with pytest.raises(QueryError):
                select(Writer).as_of(name)
        with pytest.raises(QueryError, match="time zone"):
            select(Writer).as_of(datetime(2024, 1, 1))  # noqa: DTZ001 - what is refused
        with pytest.raises(QueryError, match="cannot be locked"):
            select(Writer).as_of("main").for_update().statement  # noqa: B018 - made when it is read


async def test_rows_are_not_locked_here(dolt_url: str) -> None:
    async with Database(dolt_url) as db:
        await begin(db)
        with pytest.raises(UnsupportedFeatureError, match="Dolt has no row locks"):
            await db.all(select(Writer).for_update())


async def test_tags_stay_with_their_commit(dolt_url: str) -> None:
    async with Database(dolt_url) as db:
        ann, _work = await begin(db)
        await db.tag("v1", message="the first")
        ann.name = "Anna"
        await db.update(ann)
        await db.commit("rename")
        assert await db.one(select(Writer.name).as_of("v1")) == "Ann"
        assert [(tag.name, tag.message) for tag in await db.tags()] == [("v1", "the first")]
        await db.delete_tag("v1")
        assert await db.tags() == []


def test_the_blocking_face_does_the_same(dolt_url: str) -> None:
    with SyncDatabase(dolt_url) as db:
        db.create_tables(Writer, Work)
        db.insert(Writer(id=1, name="Ann"))
        db.commit("begin")
        db.create_branch("feature")
        with db.branch("feature") as feature:
            writer = feature.get(Writer, 1)
            writer.name = "Anna"
            feature.update(writer)
            feature.commit("rename")
        assert db.one(select(Writer.name)) == "Ann"
        assert db.merge("feature").is_fast_forward
        assert db.one(select(Writer.name)) == "Anna"
        assert db.one(select(Writer.name).as_of("HEAD~1")) == "Ann"
