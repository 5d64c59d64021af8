"""The unit of work: circles, cascades, savepoints, failures, links of a model to itself."""

from __future__ import annotations

import asyncio
from datetime import date
from uuid import uuid4

import pytest

from bridgeorm import (
    Database,
    ForeignKeyViolationError,
    ModelError,
    NotLoadedError,
    QueryError,
    UniqueViolationError,
    UnsupportedFeatureError,
    aliased,
    delete,
    select,
    update,
)
from bridgeorm.testing import count_queries

from .conftest import OpenDatabase
from .unit_models import Egg, Friendship, Hen, Key, Lock, Person, Player, Team, Turn, unit_models


async def make_team(db: Database, name: str, players: int) -> tuple[Team, list[Player]]:
    team = await db.insert(Team(name=name))
    return team, await db.insert_many([Player(team=team, name=f"{name} {place}") for place in range(players)])


def mentor_of(player: Player) -> Player | None:
    """The mentor, whatever a type checker believes since the last assignment."""
    return player.mentor


# --- order ---


async def test_a_circle_between_tables_is_written_in_two_steps(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        teams: list[Team] = []
        with count_queries(db) as queries:
            async with db.session() as session:
                for number in range(20):
                    team = Team(name=f"team {number}")
                    captain = Player(team=team, name=f"captain {number}")
                    team.captain = captain
                    teams.append(team)
                session.add(*teams)
        assert [text.split()[0] for text in queries.statements] == ["INSERT", "INSERT", "UPDATE"]
        for team in teams:
            assert team.captain is not None
            assert team.captain_id == team.captain.id
            assert team.captain.team is team
            assert team.captain.revision == 1
        rows = await db.all(select(Team.id, Team.captain_id))
        assert dict(rows) == {team.id: team.captain_id for team in teams}
        with count_queries(db) as queries:
            async with db.session() as session:
                for team in teams:
                    assert team.captain is not None
                    session.delete(team.captain)
                    session.delete(team)
        assert [text.split()[0] for text in queries.statements] == ["UPDATE", "DELETE", "DELETE"]
        assert await db.count(select(Player)) == await db.count(select(Team)) == 0
        assert teams[0].captain_id is not None


async def test_circles_within_a_table(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        team = await db.insert(Team(name="One"))
        ann, bob, eve = (Player(team=team, name=name) for name in ("Ann", "Bob", "Eve"))
        ann.mentor, bob.mentor, eve.mentor = bob, ann, eve
        async with db.session() as session:
            session.add(ann)
            session.add(eve)
        assert (ann.mentor_id, bob.mentor_id, eve.mentor_id) == (bob.id, ann.id, eve.id)
        rows = await db.all(select(Player.id, Player.mentor_id))
        assert dict(rows) == {ann.id: bob.id, bob.id: ann.id, eve.id: eve.id}
        await db.delete_many([ann, bob, eve])
        assert await db.count(select(Player)) == 0


async def test_keys_checked_at_commit_need_no_order(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        pairs: list[tuple[Hen, Egg]] = []
        for _ in range(5):
            hen = Hen(egg_id=uuid4())
            pairs.append((hen, Egg(id=hen.egg_id, hen=hen)))
        async with db.session() as session:
            session.add(*(egg for _hen, egg in pairs), *(hen for hen, _egg in pairs))
        assert await db.count(select(Hen).where(Hen.egg.has(Egg.hen_id == Hen.id))) == 5
        async with db.session() as session:
            for hen, egg in pairs:
                session.delete(hen)
                session.delete(egg)
        assert await db.count(select(Egg)) == 0
        with pytest.raises(ForeignKeyViolationError):
            async with db.session() as session:
                session.add(Hen(egg_id=pairs[0][1].id))
        assert await db.count(select(Hen)) == 0
        await db.insert(Team(name="the connection is free"))


async def test_an_impossible_circle_is_refused_before_anything_is_sent(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        lock = Lock(key_id=1)
        key = Key(lock=lock)
        lock.key = key
        team = Team(name="One")
        with count_queries(db) as queries, pytest.raises(ModelError, match=r"circle: Key, Lock.*nullable"):
            async with db.session() as session:
                session.add(team, lock)
        assert queries.count == 0
        with pytest.raises(NotLoadedError):
            _ = team.id


async def test_children_find_their_way_into_loaded_relations(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        one, (ann, bob) = await make_team(db, "One", 2)
        two, _none = await make_team(db, "Two", 0)
        await db.prefetch([one, two], Team.players)
        async with db.session() as session:
            session.add(eve := Player(team=two, name="Eve"))
            session.add(ann)
            ann.team = two
        assert list(one.players) == [bob]
        assert set(two.players) == {eve, ann}
        with pytest.raises(UniqueViolationError):
            async with db.session() as session:
                session.add(bob, Player(team=one, name="Max"), Team(name="late"))
                bob.team = two
                await session.flush()
                assert list(one.players) != [bob]
                session.add(Team(name="Two"))
        assert list(one.players) == [bob]
        assert set(two.players) == {eve, ann}


async def test_rows_exchange_unique_values_checked_at_commit(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        if not db.has_capability("deferrable_uniques"):
            with pytest.raises(UnsupportedFeatureError, match="unique constraints"):
                await db.create_tables(Turn)
            return
        await db.create_tables(Turn)
        first, second = await db.insert_many([Turn(place=1), Turn(place=2)])
        async with db.session() as session:
            session.add(first, second)
            first.place, second.place = 2, 1
        assert await db.all(select(Turn.place).order_by(Turn.id)) == [2, 1]
        with pytest.raises(UniqueViolationError):
            async with db.session() as session:
                session.add(first)
                first.place = 1
        assert await db.all(select(Turn.place).order_by(Turn.id)) == [2, 1]


# --- deletions ---


async def test_objects_follow_what_the_database_deletes(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        one, (ann, bob) = await make_team(db, "One", 2)
        two, (eve, max_) = await make_team(db, "Two", 2)
        eve.mentor, max_.mentor = ann, eve
        await db.update_many([eve, max_])
        await db.prefetch([one, two], Team.players)
        await db.prefetch([ann, eve], Player.pupils)
        async with db.session() as session:
            session.delete(one)
        assert await db.find(Player, ann.id) is None
        assert eve.mentor_id is None
        assert mentor_of(eve) is None
        assert list(eve.pupils) == [max_]
        assert eve.revision == 2
        eve.goals = 1
        await db.update(eve)
        with pytest.raises(QueryError, match="not in the database"):
            await db.update(bob)
        assert await db.find(Player, bob.id) is None
        await db.delete(max_)
        assert list(eve.pupils) == []
        assert list(two.players) == [eve]


async def test_a_rollback_brings_back_what_was_deleted(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        one, (ann,) = await make_team(db, "One", 1)
        two, (eve,) = await make_team(db, "Two", 1)
        eve.mentor = ann
        await db.update(eve)
        await db.prefetch([one], Team.players)
        with pytest.raises(RuntimeError):
            async with db.session() as session:
                session.delete(one)
                await session.flush()
                assert eve.mentor_id is None
                raise RuntimeError
        assert eve.mentor_id == ann.id
        assert eve.mentor is ann
        assert list(one.players) == [ann]
        assert await db.find(Player, ann.id) is not None
        ann.goals = 3
        await db.update(ann)
        assert await db.scalar(select(Player.goals).where(Player.id == ann.id)) == 3
        assert two.players is not None


async def test_a_parent_and_its_children(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        one, players = await make_team(db, "One", 3)
        async with db.session() as session:
            session.delete(one)
            for player in players:
                session.delete(player)
        assert await db.count(select(Player)) == await db.count(select(Team)) == 0


# --- what a session is told ---


async def test_added_and_deleted_again(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        team = Team(name="One")
        with count_queries(db) as queries:
            async with db.session() as session:
                session.add(team, team)
                session.add(team)
                session.delete(team)
        assert queries.count == 0
        async with db.session() as session:
            session.add(team, team)
            session.add(team)
        assert await db.count(select(Team)) == 1
        async with db.session() as session:
            session.delete(team)
            session.add(team)
        assert await db.count(select(Team)) == 1
        async with db.session() as session:
            session.delete(team)
            session.delete(team)
        assert await db.count(select(Team)) == 0
        with pytest.raises(QueryError, match="not in the database"):
            async with db.session() as session:
                session.delete(Team(name="never inserted"))


async def test_an_object_of_another_database(open_database: OpenDatabase) -> None:
    async with open_database() as db, Database("sqlite://") as other:
        await db.create_tables(*unit_models(db))
        await other.create_tables(*unit_models(db))
        stranger = await other.insert(Team(name="One"))
        with pytest.raises(QueryError, match="another database"):
            async with db.session() as session:
                session.add(stranger)
        with pytest.raises(QueryError, match="another database"):
            async with db.session() as session:
                session.delete(stranger)


async def test_queries_do_not_flush(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        async with db.session() as session:
            session.add(Team(name="One"))
            assert await session.count(select(Team)) == 0
            await session.flush()
            assert await session.count(select(Team)) == 1


# --- failures ---


async def test_a_failed_flush_ends_the_session(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        await db.insert(Team(name="taken"))
        early, late = Team(name="early"), Team(name="late")
        with pytest.raises(QueryError, match="rolled back when its flush failed"):
            async with db.session() as session:
                session.add(early)
                await session.flush()
                session.add(late, Team(name="taken"))
                with pytest.raises(UniqueViolationError):
                    await session.flush()
                with pytest.raises(QueryError, match="rolled back when its flush failed"):
                    await session.count(select(Team))
        assert await db.all(select(Team.name)) == ["taken"]
        for team in (early, late):
            with pytest.raises(NotLoadedError):
                _ = team.id
        await db.insert_many([early, late])


async def test_a_flush_while_another_is_underway(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        async with db.session() as session:
            session.add(*(Team(name=f"team {number}") for number in range(50)))
            ends = await asyncio.gather(session.flush(), session.flush(), return_exceptions=True)
            assert ends[0] is None
            assert ends[1] is None or "flushed already" in str(ends[1])
        assert await db.count(select(Team)) == 50


async def test_a_flush_that_is_cancelled(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        teams = [Team(name=f"team {number}") for number in range(500)]
        may_end = False

        async def write() -> None:
            async with db.session() as session:
                session.add(*teams)
                for team in teams:
                    session.add(Player(team=team, name="captain"))
                await session.flush()
                if not may_end:
                    await asyncio.sleep(3_600)

        for turns in range(0, 12, 3):
            task = asyncio.create_task(write())
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await db.count(select(Team)) == 0
            with pytest.raises(NotLoadedError):
                _ = teams[0].id
        may_end = True
        await write()
        assert await db.count(select(Player)) == 500


# --- savepoints ---


async def test_a_savepoint_takes_back_what_was_collected_in_it(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        async with db.session() as session:
            before, inside, after = Team(name="before"), Team(name="inside"), Team(name="after")
            session.add(before)
            with pytest.raises(UniqueViolationError):
                async with db.transaction():
                    session.add(inside)
                    await session.flush()
                    assert inside.id > 0
                    session.add(Team(name="before"))
            with pytest.raises(NotLoadedError):
                _ = inside.id
            with pytest.raises(RuntimeError):
                async with session.transaction():
                    session.add(Team(name="never sent"))
                    raise RuntimeError
            async with db.transaction():
                session.add(after)
            assert after.id > 0
        assert await db.all(select(Team.name).order_by(Team.id)) == ["before", "after"]


async def test_changes_found_in_a_savepoint(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        _team, players = await make_team(db, "One", 2)
        keys = [player.id for player in players]
        del players
        async with db.session(), db.transaction():
            ann = await db.get(Player, keys[0])
            ann.goals = 4
        assert await db.scalar(select(Player.goals).where(Player.id == keys[0])) == 4


# --- links ---


async def test_a_link_to_itself_through_a_model(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        ann, bob, eve = await db.insert_many([Person(name=name) for name in ("Ann", "Bob", "Eve")])
        await ann.friends.add(bob, eve)
        await db.insert(Friendship(person=bob, friend=eve, since=date(2020, 5, 1)))
        assert {each.name for each in await ann.friends} == {"Bob", "Eve"}
        assert {each.name for each in await eve.admirers} == {"Ann", "Bob"}
        person = aliased(Person)
        assert await db.all(select(person.name).where(person.friends.any(Person.name == "Bob"))) == ["Ann"]
        rows = await db.all(select(Friendship.since).where(Friendship.person == ann))
        assert rows == [date(2000, 1, 1)] * 2
        await eve.admirers.remove(ann)
        assert [each.name for each in await ann.friends.all()] == ["Bob"]
        await ann.rivals.set([eve])
        assert [each.name for each in await eve.feared_by] == ["Ann"]
        loaded = await db.all(select(Person).prefetch(Person.friends, Person.rivals).order_by(Person.id))
        assert [[each.name for each in person.friends] for person in loaded] == [["Bob"], ["Eve"], []]


async def test_links_of_new_objects_are_staged_and_taken_back(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        ann, bob = await db.insert_many([Person(name="Ann"), Person(name="Bob")])
        await db.prefetch([ann, bob], Person.friends)
        with pytest.raises(RuntimeError):
            async with db.session() as session:
                await ann.friends.add(bob, eve := Person(name="Eve"))
                await bob.friends.set([ann, ann])
                await session.flush()
                assert list(ann.friends) == [bob, eve]
                assert list(bob.friends) == [ann]
                raise RuntimeError
        assert list(ann.friends) == []
        assert list(bob.friends) == []
        assert await db.count(select(Friendship)) == await db.count(select(Person)) - 2 == 0
        async with db.session():
            await ann.friends.add(eve)
        assert list(ann.friends) == [eve]
        await db.delete(eve)
        assert list(ann.friends) == []
        assert await db.count(select(Friendship)) == 0


async def test_writes_of_others_are_seen_by_a_statement(open_database: OpenDatabase) -> None:
    """An object deleted behind the session's back is missed when it is written."""
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        _team, (ann, _bob) = await make_team(db, "One", 2)
        await db.execute(delete(Player).where(Player.id == ann.id))
        with pytest.raises(Exception, match="changed or deleted"):
            async with db.session() as session:
                session.add(ann)
                ann.goals = 1
        await db.execute(update(Player).everywhere().set(goals=2))
