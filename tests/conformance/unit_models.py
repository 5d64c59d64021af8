"""Models whose rows refer to each other in every way a unit of work must order."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from bridgeorm import (
    Column,
    Database,
    Many,
    Model,
    One,
    SyncDatabase,
    column,
    foreign_key,
    many,
    one,
    primary_key,
    unique,
    version,
)


class Team(Model, table="unit_teams"):
    id: Column[int] = primary_key()
    name: Column[str] = column(max_length=50, unique=True)
    captain_id: Column[int | None] = foreign_key("Player.id", default=None)
    captain: One[Player | None] = one(captain_id)
    players: Many[Player] = many(back="team")


class Player(Model, table="unit_players"):
    id: Column[int] = primary_key()
    team_id: Column[int] = foreign_key(Team.id, on_delete="cascade")
    mentor_id: Column[int | None] = foreign_key("Player.id", on_delete="set_null", default=None)
    name: Column[str] = column(max_length=50)
    goals: Column[int] = column(default=0)
    revision: Column[int] = version()
    team: One[Team] = one(team_id)
    mentor: One[Player | None] = one(mentor_id)
    pupils: Many[Player] = many(back="mentor")


class Seat(Model, table="unit_seats"):
    """A composite key, and a column that is a list."""

    line: Column[str] = primary_key(generated=False, max_length=3)
    place: Column[int] = primary_key(generated=False)
    holder: Column[str | None] = column(default=None)
    marks: Column[list[int]] = column(default=list)


class Ticket(Model, table="unit_tickets"):
    """A composite key with a version."""

    show: Column[str] = primary_key(generated=False, max_length=10)
    number: Column[int] = primary_key(generated=False)
    buyer: Column[str | None] = column(default=None)
    revision: Column[int] = version()


class Person(Model, table="unit_people"):
    id: Column[int] = primary_key()
    name: Column[str] = column(max_length=50)
    friends: Many[Person] = many(through="Friendship", near="person", far="friend")
    admirers: Many[Person] = many(back="friends")
    rivals: Many[Person] = many()
    feared_by: Many[Person] = many(back="rivals")


class Friendship(Model, table="unit_friendships"):
    person_id: Column[int] = foreign_key(Person.id, on_delete="cascade", primary_key=True)
    friend_id: Column[int] = foreign_key(Person.id, on_delete="cascade", primary_key=True)
    since: Column[date] = column(default=date(2000, 1, 1))
    person: One[Person] = one(person_id)
    friend: One[Person] = one(friend_id)


class Hen(Model, table="unit_hens"):
    """Requires an egg, which requires a hen: both are checked when the transaction commits."""

    id: Column[UUID] = primary_key(default=uuid4)
    egg_id: Column[UUID] = foreign_key("Egg.id", deferrable=True)
    egg: One[Egg] = one(egg_id)


class Egg(Model, table="unit_eggs"):
    id: Column[UUID] = primary_key(default=uuid4)
    hen_id: Column[UUID] = foreign_key(Hen.id, deferrable=True)
    hen: One[Hen] = one(hen_id)


class Lock(Model, table="unit_locks"):
    """Requires a key which requires a lock, and only the database knows what either is called."""

    id: Column[int] = primary_key()
    key_id: Column[int] = foreign_key("Key.id", deferrable=True)
    key: One[Key] = one(key_id)


class Key(Model, table="unit_keys"):
    id: Column[int] = primary_key()
    lock_id: Column[int] = foreign_key(Lock.id, deferrable=True)
    lock: One[Lock] = one(lock_id)


class Turn(Model, table="unit_turns"):
    """Places that rows may exchange, where the database checks them at commit; made by one test alone."""

    id: Column[int] = primary_key()
    place: Column[int] = column()
    constraints = [unique(place, deferrable=True)]


UNIT_MODELS = (Team, Player, Seat, Ticket, Person, Friendship)
CHECKED_AT_COMMIT = (Hen, Egg, Lock, Key)


def unit_models(database: Database | SyncDatabase) -> tuple[type[Model], ...]:
    """The models whose tables this database can have."""
    if database.has_capability("deferrable_constraints"):
        return (*UNIT_MODELS, *CHECKED_AT_COMMIT)
    return UNIT_MODELS
