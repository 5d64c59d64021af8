"""What bad input gets: a clear typed error of its own, and a handle that goes on working."""

from __future__ import annotations

import asyncio
import os
import threading
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from bridgeorm import (
    AuthenticationError,
    BreakerOptions,
    CheckViolationError,
    Column,
    ConfigurationError,
    Database,
    DataError,
    ForeignKeyViolationError,
    Many,
    Model,
    ModelError,
    NotNullViolationError,
    One,
    PoolClosedError,
    QueryError,
    StatementError,
    TlsError,
    UniqueViolationError,
    UnsupportedFeatureError,
    ValidationError,
    column,
    delete,
    foreign_key,
    insert,
    many,
    one,
    primary_key,
    select,
    update,
)

from .conftest import OpenDatabase
from .models import Author, Book, Tag

WRONG_PASSWORD = "canary-wrong-password"
HUNG_SECONDS = 20


class Narrow(Model, table="exam_tags"):
    """The tags' table, with a column that it does not have."""

    id: Column[int] = primary_key()
    colour: Column[str] = column()


# --- definitions inside transactions ---


class Draft(Model, table="exam_drafts"):
    id: Column[int] = primary_key()


async def test_tables_made_inside_a_transaction_end_with_it_or_are_refused(
    open_database: OpenDatabase,
) -> None:
    async with open_database() as db:
        with pytest.raises((UnsupportedFeatureError, ZeroDivisionError)) as caught:
            async with db.transaction():
                await db.insert(Tag(name="kept with what is open"))
                await db.create_tables(Draft)
                raise ZeroDivisionError
        is_undone = db.has_capability("transactional_ddl")
        assert caught.type is (ZeroDivisionError if is_undone else UnsupportedFeatureError)
        assert await db.count(select(Tag)) == 0
        with pytest.raises(StatementError):
            await db.count(select(Draft))
        await db.create_tables(Draft)
        assert await db.count(select(Draft)) == 0


# --- the way to the server ---


def _with_login(url: str, user: str, password: str, query: str = "") -> str:
    parts = urlsplit(url)
    netloc = f"{user}:{password}@{parts.hostname}:{parts.port}"
    return urlunsplit(parts._replace(netloc=netloc, query=query))


@pytest.mark.parametrize("user", ["bridge_scram", "bridge_md5", "bridge_cleartext", "bridge_nobody"])
async def test_wrong_password(postgres_server_url: str, user: str) -> None:
    db = Database(_with_login(postgres_server_url, user, WRONG_PASSWORD))
    with pytest.raises((AuthenticationError, ConfigurationError)) as caught:
        await db.connect()
    assert caught.value.was_sent is False
    assert WRONG_PASSWORD not in str(caught.value)
    assert WRONG_PASSWORD not in repr(db)


async def test_missing_password(postgres_server_url: str) -> None:
    db = Database(_with_login(postgres_server_url, "bridge_scram", "").replace(":@", "@"))
    with pytest.raises(AuthenticationError):
        await db.connect()


async def test_right_password(postgres_server_url: str) -> None:
    password = os.environ["BRIDGE_POSTGRES_PASSWORD"]
    async with Database(_with_login(postgres_server_url, "bridge_scram", password)) as db:
        assert (await db.execute_raw("SELECT 1 AS one")).rows == [(1,)]


async def test_refused_tls_never_goes_on_in_the_clear() -> None:
    requests: list[bytes] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.read(1024))
        writer.write(b"N")
        requests.append(await reader.read(1024))
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        for mode in ("require", "verify-ca", "verify-full"):
            db = Database(f"postgresql://user:{WRONG_PASSWORD}@127.0.0.1:{port}/x?sslmode={mode}")
            with pytest.raises(TlsError):
                await asyncio.wait_for(db.connect(), HUNG_SECONDS)
    assert len(requests[0]) == len(requests[2]) == 8, "the request for TLS, and nothing else"
    assert not any(requests[1::2])


# --- values and arguments ---


def test_constructor_arguments() -> None:
    make: Any = Tag
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'name'"):
        make()
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        make(name="x", colour="red")
    with pytest.raises(TypeError, match="positional"):
        make("x")


async def test_text_with_nul_or_half_a_character(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        with pytest.raises(ValidationError, match=r"Tag\.name"):
            Tag(name="half \ud800")
        with pytest.raises(ValidationError):
            await db.insert_many(Tag, [{"name": "half \udfff"}])
        with pytest.raises(ValidationError):
            select(Tag).where(Tag.name == "half \ud800")
        for write in (
            lambda: db.insert(Tag(name="nul \0")),
            lambda: db.insert_many(Tag, [{"name": "fine"}, {"name": "nul \0"}]),
            lambda: db.execute(insert(Tag).values(name="nul \0")),
        ):
            try:
                await write()
            except (ValidationError, DataError) as error:
                assert "nul" not in str(error).replace("NUL", "")
                assert await db.count(select(Tag)) == 0
            else:
                assert (await db.all(select(Tag.name)))[-1] == "nul \0"
                await db.execute(delete(Tag).everywhere())


@pytest.mark.parametrize(
    ("late", "says"),
    [
        ({"name": "b", "id": 7}, "a row holds id, which the first row does not name"),
        ({"name": "b", "nmae": "c"}, "a row holds nmae"),
        ({"name": "b", 5: "c"}, "a key that is no text"),
        ({"name": "b", "\udfff": "c"}, "a key that is no text"),
        ({"email": "b@example.org"}, r"Author\.name: missing in a row"),
    ],
)
async def test_rows_name_the_columns_of_the_first_one(
    open_database: OpenDatabase, late: dict[str, object], says: str
) -> None:
    """Nothing a row holds is left out without a word."""
    async with open_database() as db:
        with pytest.raises(ValidationError, match=says):
            await db.insert_many(Author, [{"name": "a"}, late])
        assert await db.count(select(Author)) == 0


# --- models and tables that are not there ---


async def test_missing_column(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.insert(Tag(name="x"))
        with pytest.raises(StatementError, match="colour"):
            await db.all(select(Narrow))
        with pytest.raises(StatementError, match="colour"):
            await db.insert(Narrow(colour="red"))
        with pytest.raises(StatementError, match="colour"):
            await db.insert_many(Narrow, [{"colour": "red"}])
        assert await db.scalar(select(Tag.name)) == "x"


async def test_circle_of_required_foreign_keys(open_database: OpenDatabase) -> None:
    class CircleHen(Model, table="exam_circle_hens"):
        id: Column[int] = primary_key()
        egg_id: Column[int] = foreign_key("CircleEgg.id")

    class CircleEgg(Model, table="exam_circle_eggs"):
        id: Column[int] = primary_key()
        hen_id: Column[int] = foreign_key("CircleHen.id")

    async with open_database() as db:
        with pytest.raises(ModelError) as caught:
            await db.create_tables(CircleHen, CircleEgg)
        assert "exam_circle_hens" in str(caught.value)
        assert "exam_circle_eggs" in str(caught.value)
        assert await db.count(select(Tag)) == 0


def test_relations_to_nothing() -> None:
    class Adrift(Model, table="exam_adrift"):
        id: Column[int] = primary_key()
        things: Many[Tag] = many(back="nothing_of_the_kind")

    class Loose(Model, table="exam_loose"):
        id: Column[int] = primary_key()
        tag_id: Column[int] = foreign_key("Tag.no_such_column")
        tag: One[Tag] = one(tag_id)

    with pytest.raises(ModelError, match=r"Adrift\.things: Tag has no relation"):
        select(Adrift).where(Adrift.things.any())
    with pytest.raises(ModelError, match="no_such_column"):
        Loose(tag_id=1)


async def test_a_relation_to_nothing_hinders_no_other_model(open_database: OpenDatabase) -> None:
    class Aground(Model, table="exam_aground"):
        id: Column[int] = primary_key()
        things: Many[Tag] = many(back="nothing_of_the_kind")

    async with open_database() as db:
        with pytest.raises(ModelError, match=r"Aground\.things"):
            select(Aground).where(Aground.things.any())
        async with db.session() as session:
            session.add(tag := Tag(name="afloat"))
        assert await db.scalar(select(Tag.id).where(Tag.name == "afloat")) == tag.id


# --- violations ---


async def test_violations_say_what_was_violated(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        is_sqlite = "sqlite" in repr(db)
        ann = await db.insert(Author(name="Ann", email="ann@example.org"))
        with pytest.raises(UniqueViolationError) as unique:
            await db.insert(Author(name="Bob", email="ann@example.org"))
        assert unique.value.table == "exam_authors"
        assert "email" in f"{unique.value.constraint} {unique.value.column}"
        await db.insert(Book(author=ann, title="t"))
        with pytest.raises(CheckViolationError) as check:
            await db.execute(update(Book).everywhere().set(Book.price.to(Book.price - 1)))
        assert check.value.constraint
        with pytest.raises(NotNullViolationError) as missing:
            await db.execute(
                update(Book)
                .everywhere()
                .set(Book.title.to(select(Author.email).where(Author.id == -1).scalar_subquery()))
            )
        assert (missing.value.table, missing.value.column) == ("exam_books", "title")
        with pytest.raises(ForeignKeyViolationError) as foreign:
            await db.insert(Book(author_id=-1, title="x"))
        if not is_sqlite:  # SQLite tells neither name nor table of a foreign key
            assert foreign.value.table == "exam_books"
            assert foreign.value.constraint
            assert check.value.table == "exam_books"
        assert await db.count(select(Book)) == 1


# --- queries that say something else than meant ---


async def test_writing_everywhere_must_be_said(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        await db.insert_many(Tag, [{"name": "a"}, {"name": "b"}])
        with pytest.raises(QueryError, match="everywhere"):
            await db.execute(update(Tag).set(name="x"))
        with pytest.raises(QueryError, match="everywhere"):
            await db.execute(delete(Tag))
        with pytest.raises(QueryError):
            await db.execute(delete(Tag).where())
        assert await db.count(select(Tag)) == 2
        assert (await db.execute(delete(Tag).everywhere())).rowcount == 2


def test_operators_python_keeps_for_itself() -> None:
    with pytest.raises(TypeError, match="&"):
        _ = Tag.id == 1 and Tag.name == "x"
    with pytest.raises(TypeError):
        _ = not Tag.name.startswith("x")
    with pytest.raises(TypeError, match="between"):
        _ = 1 < Tag.id < 5
    with pytest.raises(TypeError, match="in_"):
        _ = Tag.id in [1, 2]


# --- handles where they do not belong ---


async def test_closed_handle(database_url: str) -> None:
    db = Database(database_url)
    with pytest.raises(PoolClosedError):
        await db.all(select(Tag))
    await db.connect()
    await db.create_tables(Tag)
    await db.close()
    for use in (lambda: db.all(select(Tag)), lambda: db.insert(Tag(name="x")), lambda: db.count(select(Tag))):
        with pytest.raises(PoolClosedError):
            await use()
    await db.close()
    async with db:
        assert await db.count(select(Tag)) == 0


async def test_other_loop_and_thread(open_database: OpenDatabase) -> None:
    async with open_database() as db:
        failures: list[BaseException] = []

        async def count() -> int:
            return await db.count(select(Tag))

        def elsewhere() -> None:
            try:
                asyncio.run(count())
            except BaseException as failure:  # noqa: BLE001 - whatever it is, the test looks at it
                failures.append(failure)

        thread = threading.Thread(target=elsewhere)
        thread.start()
        await asyncio.to_thread(thread.join)
        assert [type(failure) for failure in failures] == [ConfigurationError]
        assert await db.count(select(Tag)) == 0


def test_other_loop_of_the_same_thread(database_url: str) -> None:
    db = Database(database_url)
    with closing(asyncio.new_event_loop()) as first, closing(asyncio.new_event_loop()) as second:

        async def opening() -> None:
            await db.connect()
            await db.create_tables(Tag)

        async def count() -> int:
            return await db.count(select(Tag))

        first.run_until_complete(opening())
        with pytest.raises(ConfigurationError):
            second.run_until_complete(count())
        assert first.run_until_complete(count()) == 0
        first.run_until_complete(db.close())


# --- cancelled at any await ---

VERBS = ("all", "insert", "insert_many", "transaction", "session", "stream")
TICKS = 12


async def _use(db: Database, verb: str, number: int) -> None:
    if verb == "all":
        await db.all(select(Tag))
    elif verb == "insert":
        await db.insert(Tag(name=f"insert {number}"))
    elif verb == "insert_many":
        await db.insert_many(Tag, [{"name": f"many {number} {row}"} for row in range(3)])
    elif verb == "transaction":
        async with db.transaction():
            await db.insert(Tag(name=f"first {number}"))
            await db.insert(Tag(name=f"second {number}"))
    elif verb == "session":
        async with db.session() as session:
            session.add(Tag(name=f"one {number}"), Tag(name=f"two {number}"))
    else:
        async for _tag in db.stream(select(Tag), batch=1):
            await asyncio.sleep(0)


@pytest.mark.parametrize("verb", VERBS)
async def test_cancelled_at_any_await(open_database: OpenDatabase, verb: str) -> None:
    async with open_database() as db:
        await db.insert_many(Tag, [{"name": f"old {row}"} for row in range(5)])
        for ticks in range(TICKS):
            task = asyncio.create_task(_use(db, verb, ticks))
            for _ in range(ticks):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert (
                await asyncio.wait_for(db.scalar(select(Tag.name).where(Tag.id == 1)), HUNG_SECONDS)
                == "old 0"
            )
        names = await db.all(select(Tag.name))
        for ticks in range(TICKS):
            made = [
                name for name in names if name.split()[1:2] == [str(ticks)] and not name.startswith("old")
            ]
            assert len(made) in {0, {"insert": 1, "insert_many": 3}.get(verb, 2)}
        async with db.transaction():
            await db.insert(Tag(name="after"))
        assert await db.exists(select(Tag).where(Tag.name == "after"))


async def test_breaker_counts_no_mistake_of_ours(database_url: str) -> None:
    async with Database(database_url, breaker=BreakerOptions(window=10)) as db:
        await db.create_tables(Tag)
        for _ in range(30):
            with pytest.raises(StatementError):
                await db.all(select(Narrow))
        assert db.breaker.state == "closed"
        assert await db.count(select(Tag)) == 0
