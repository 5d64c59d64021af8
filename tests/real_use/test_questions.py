"""Every question has the same answer both ways, in value and type, on every database."""

from __future__ import annotations

import pytest

from bridgeorm import Database, UnsupportedFeatureError

from . import changes, films, goods, people, rentals, till, trade
from .conftest import Loaded
from .question import QUESTIONS, Question, Row, as_rows

THEMES = (changes, films, goods, people, rentals, till, trade)


class RolledBackError(Exception):
    """Ends a transaction whose writes must not stay."""


async def answered(db: Database, asked: Question) -> list[Row]:
    """What the library says."""
    if not asked.writes:
        return as_rows(await db.all(asked.answer()))  # type: ignore[arg-type, call-arg]  # pyright: ignore[reportCallIssue, reportArgumentType]  # a query, as it does not write
    rows: list[Row] = []
    with pytest.raises(RolledBackError):
        async with db.transaction() as transaction:
            rows = as_rows(await asked.answer(transaction))  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue, reportGeneralTypeIssues]  # it writes
            raise RolledBackError
    return rows


@pytest.mark.parametrize("name", QUESTIONS)
async def test_both_answers_are_one(loaded: Loaded, name: str) -> None:
    asked = QUESTIONS[name]
    async with Database(loaded.url) as db:
        if asked.capability is not None and not db.engine.has_capability(asked.capability):
            with pytest.raises(UnsupportedFeatureError):
                await answered(db, asked)
            return
        rows = await answered(db, asked)
    wanted = loaded.by_hand(asked.by_hand(loaded.name), asked.kinds)
    assert wanted, "a question without an answer proves nothing"
    assert rows == wanted
    assert [[type(value) for value in row] for row in rows] == [
        [type(value) for value in row] for row in wanted
    ]


def test_questions_are_of_every_theme() -> None:
    assert all(asked.asked for asked in QUESTIONS.values())
    modules = {asked.answer.__module__ for asked in QUESTIONS.values()}
    assert modules == {theme.__name__ for theme in THEMES}
