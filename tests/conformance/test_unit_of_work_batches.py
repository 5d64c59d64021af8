"""Many objects changed or deleted by one statement, and what becomes of those that lost a race."""

from __future__ import annotations

import pytest

from bridgeorm import NoRowFoundError, QueryError, StaleRowError, delete, select, update
from bridgeorm.testing import count_queries

from .conftest import OpenDatabase
from .unit_models import Player, Seat, Team, Ticket, unit_models


async def test_objects_changed_alike_leave_together(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        team = await db.insert(Team(name="One"))
        players = await db.insert_many([Player(team=team, name=f"player {number}") for number in range(300)])
        for number, player in enumerate(players):
            player.goals = number
        for player in players[:100]:
            player.name = player.name.upper()
        with count_queries(db) as queries:
            assert await db.update_many(players) == players
        assert queries.count == 2
        assert '"name"' not in queries.statements[1]
        rows = await db.all(select(Player.id, Player.name, Player.goals, Player.revision).order_by(Player.id))
        assert rows == [
            (player.id, f"PLAYER {number}" if number < 100 else f"player {number}", number, 2)
            for number, player in enumerate(players)
        ]
        assert {player.revision for player in players} == {2}
        with count_queries(db) as queries:
            await db.update_many(players)
        assert queries.count == 0


async def test_more_objects_than_one_statement_takes(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        tickets = [Ticket(show="opera", number=number) for number in range(1_300)]
        await db.insert_many(tickets)
        for ticket in tickets:
            ticket.buyer = f"buyer {ticket.number}" if ticket.number % 3 else None
        await db.update_many(tickets)
        for ticket in tickets:
            ticket.buyer = f"another {ticket.number}"
        await db.update_many(iter(tickets))
        rows = await db.all(select(Ticket.number, Ticket.buyer, Ticket.revision).order_by(Ticket.number))
        assert rows == [(number, f"another {number}", 3) for number in range(1_300)]


async def test_objects_that_lost_are_named_and_nothing_is_written(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        tickets = await db.insert_many([Ticket(show="opera", number=number) for number in range(20)])
        await db.execute(update(Ticket).where(Ticket.number == 7).set(Ticket.revision.to(9)))
        await db.execute(delete(Ticket).where(Ticket.number == 11))
        for ticket in tickets:
            ticket.buyer = "me"
        with pytest.raises(StaleRowError, match=r"Ticket\(.*7\), Ticket\(.*11\)$") as caught:
            await db.update_many(tickets)
        assert caught.value.objects == (tickets[7], tickets[11])
        assert await db.count(select(Ticket).where(Ticket.buyer == "me")) == 0
        assert {ticket.revision for ticket in tickets} == {1}
        del tickets[11], tickets[7]
        await db.update_many(tickets)
        assert await db.count(select(Ticket).where(Ticket.buyer == "me")) == 18


async def test_losers_are_told_apart_inside_a_transaction_that_goes_on(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        tickets = await db.insert_many([Ticket(show="opera", number=number) for number in range(5)])
        await db.execute(update(Ticket).where(Ticket.number == 3).set(Ticket.revision.to(9)))
        async with db.transaction() as transaction:
            for ticket in tickets:
                ticket.buyer = "me"
            with pytest.raises(StaleRowError) as caught:
                await transaction.update_many(tickets)
        assert caught.value.objects == (tickets[3],)
        assert [ticket.revision for ticket in tickets] == [2, 2, 2, 1, 2]
        assert await db.count(select(Ticket).where(Ticket.buyer == "me")) == 4
        with pytest.raises(StaleRowError):
            await db.update(tickets[3])
        await db.update_many(tickets[:3])


async def test_rows_that_vanished_without_a_version(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        seats = await db.insert_many([Seat(line="a", place=place) for place in range(4)])
        await db.execute(delete(Seat).where(Seat.place == 2))
        for seat in seats:
            seat.holder = "me"
        with pytest.raises(NoRowFoundError, match=r"Seat\(.*2\)"):
            await db.update_many(seats)
        with pytest.raises(NoRowFoundError, match=r"Seat\(.*2\)"):
            await db.delete_many(seats)
        assert await db.count(select(Seat).where(Seat.holder == None)) == 3  # noqa: E711 - builds IS NULL


async def test_lists_are_written_many_at_a_time(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        seats = await db.insert_many([Seat(line="a", place=place) for place in range(30)])
        for seat in seats:
            seat.marks.append(seat.place)
        with count_queries(db) as queries:
            await db.update_many(seats)
        assert queries.count == 1
        assert await db.all(select(Seat.marks).order_by(Seat.place)) == [[place] for place in range(30)]


@pytest.mark.parametrize("model", [Seat, Ticket])
async def test_composite_keys_are_deleted_together(
    open_database: OpenDatabase, model: type[Seat | Ticket]
) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        rows: list[Seat | Ticket] = (
            [Seat(line=line, place=place) for line in "abc" for place in range(20)]
            if model is Seat
            else [Ticket(show=show, number=number) for show in "abc" for number in range(20)]
        )
        await db.insert_many(rows)
        with count_queries(db) as queries:
            await db.delete_many(rows[:40])
        assert queries.count == 1
        assert await db.count(select(model)) == 20


async def test_a_stale_object_is_not_deleted(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        tickets = await db.insert_many([Ticket(show="opera", number=number) for number in range(5)])
        await db.execute(update(Ticket).where(Ticket.number == 3).set(Ticket.revision.to(9)))
        with pytest.raises(StaleRowError) as caught:
            await db.delete_many(tickets)
        assert caught.value.objects == (tickets[3],)
        assert await db.count(select(Ticket)) == 5
        assert await db.get(Ticket, ("opera", 1)) is tickets[1]


async def test_the_same_object_twice_is_written_once(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        ticket = await db.insert(Ticket(show="opera", number=1))
        ticket.buyer = "me"
        await db.update_many([ticket, ticket])
        assert ticket.revision == 2
        await db.delete_many([ticket, ticket])
        assert await db.count(select(Ticket)) == 0


async def test_what_cannot_be_written(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.create_tables(*unit_models(db))
        tickets = await db.insert_many([Ticket(show="opera", number=number) for number in range(3)])
        with pytest.raises(QueryError, match="not in the database"):
            await db.update_many([*tickets, Ticket(show="opera", number=9)])
        with pytest.raises(QueryError, match="not in the database"):
            await db.delete_many([*tickets, Ticket(show="opera", number=9)])
        tickets[0].number = 5
        with pytest.raises(QueryError, match="a key is not changed"):
            await db.update_many(tickets)
        assert await db.update_many([]) == []
        assert await db.delete_many([]) == []
