"""Conflicts as CockroachDB reports them: a transaction runs again from its first savepoint, and commits once.

A real PostgreSQL runs the statements; a proxy answers chosen ones with 40001, or cuts the connection there.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bridgeorm import (
    CommitOutcomeUnknownError,
    Database,
    SerializationFailureError,
    StatementError,
    select,
)

from .models import Note
from .wire_proxy import Answer, WireProxy

BEGIN = "BEGIN"
SAVEPOINT = 'SAVEPOINT "cockroach_restart"'
RELEASE = 'RELEASE SAVEPOINT "cockroach_restart"'
BACK = 'ROLLBACK TO SAVEPOINT "cockroach_restart"'
COMMIT = "COMMIT"
ALIKE = "server_check=false"
Judge = Callable[[str], Answer | None]


def once(text: str, answer: Answer, times: int = 1) -> Judge:
    """Answers so many statements that begin so by itself, and lets everything else pass."""
    left = times

    def judge(statement: str) -> Answer | None:
        nonlocal left
        if left == 0 or not statement.startswith(text):
            return None
        left -= 1
        return answer

    return judge


async def write_two(db: Database, numbers: list[int]) -> str:
    """What is to be done once, however often it runs."""
    numbers.append(len(numbers))
    await db.insert(Note(id=1, text=f"try {len(numbers)}"))
    assert await db.count(select(Note)) == 1
    await db.insert(Note(id=2, text="second"))
    return f"done by try {len(numbers)}"


async def run(url: str, judge: Judge) -> tuple[str | type[BaseException], list[str], list[int]]:
    """Runs it behind a judge: how it ended, what the server was sent, which notes there are."""
    async with Database(url) as administrator:
        await administrator.create_tables(Note)
    async with WireProxy(url, judge) as proxy, Database(proxy.url_as("cockroachdb", ALIKE)) as db:
        tries: list[int] = []
        try:
            ended: str | type[BaseException] = await db.run_transaction(write_two, db, tries, attempts=3)
        except (CommitOutcomeUnknownError, SerializationFailureError) as error:
            ended = type(error)
    async with Database(url) as administrator:
        notes = await administrator.all(select(Note).order_by(Note.id))
    control = [text for text in proxy.statements if not text.startswith(("INSERT", "SELECT"))]
    return ended, control, [note.id for note in notes]


async def test_the_savepoint_stands_first_and_its_release_commits(postgres_url: str) -> None:
    ended, control, notes = await run(postgres_url, lambda _: None)
    assert (ended, control, notes) == ("done by try 1", [BEGIN, SAVEPOINT, RELEASE, COMMIT], [1, 2])


@pytest.mark.parametrize("where", ["INSERT", "SELECT", RELEASE])
async def test_a_conflict_anywhere_runs_it_again_from_there(postgres_url: str, where: str) -> None:
    ended, control, notes = await run(postgres_url, once(where, Answer.CONFLICT))
    released = [RELEASE] if where == RELEASE else []
    assert ended == "done by try 2"
    assert control == [BEGIN, SAVEPOINT, *released, BACK, RELEASE, COMMIT]
    assert notes == [1, 2]


async def test_conflicts_without_end_are_told_and_leave_nothing(postgres_url: str) -> None:
    ended, control, notes = await run(postgres_url, once("INSERT", Answer.CONFLICT, 3))
    assert ended is SerializationFailureError
    assert control == [BEGIN, SAVEPOINT, BACK, BACK, "ROLLBACK"]
    assert notes == []


@pytest.mark.parametrize("cut", [Answer.CUT_BEFORE, Answer.CUT_AFTER])
async def test_a_lost_release_leaves_the_outcome_unknown(postgres_url: str, cut: Answer) -> None:
    # PostgreSQL, which stands in here, commits only with COMMIT: what matters is that nothing ran again.
    ended, control, notes = await run(postgres_url, once(RELEASE, cut))
    assert ended is CommitOutcomeUnknownError
    assert control == [BEGIN, SAVEPOINT, RELEASE]
    assert notes == []


async def test_a_lost_answer_to_what_follows_the_release_is_no_failure(postgres_url: str) -> None:
    ended, control, notes = await run(postgres_url, once(COMMIT, Answer.CUT_AFTER))
    assert (ended, control, notes) == ("done by try 1", [BEGIN, SAVEPOINT, RELEASE, COMMIT], [1, 2])


async def test_a_lost_commit_of_a_plain_transaction_stays_unknown(postgres_url: str) -> None:
    async with Database(postgres_url) as administrator:
        await administrator.create_tables(Note)
    judge = once(COMMIT, Answer.CUT_AFTER)
    async with WireProxy(postgres_url, judge) as proxy, Database(proxy.url_as("cockroachdb", ALIKE)) as db:
        with pytest.raises(CommitOutcomeUnknownError):
            async with db.transaction():
                await db.insert(Note(id=1, text="perhaps"))


async def test_other_databases_run_the_whole_transaction_again(postgres_url: str) -> None:
    async with Database(postgres_url) as administrator:
        await administrator.create_tables(Note)
    judge = once("INSERT", Answer.CONFLICT)
    async with WireProxy(postgres_url, judge) as proxy, Database(proxy.url_as("postgresql")) as db:
        tries: list[int] = []
        assert await db.run_transaction(write_two, db, tries) == "done by try 2"
        assert SAVEPOINT not in proxy.statements


async def test_a_server_that_is_not_cockroachdb_is_refused(postgres_url: str) -> None:
    # By what a session is asked to be, before it could be told by what the server says of itself.
    with pytest.raises(StatementError, match="null_ordered_last"):
        await Database(postgres_url.replace("postgresql://", "cockroachdb://")).connect()
