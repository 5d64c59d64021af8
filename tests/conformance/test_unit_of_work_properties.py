"""Random graphs of objects with random edits through sessions, against a plain model of the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridgeorm import (
    Column,
    Many,
    Model,
    NotLoadedError,
    One,
    SyncDatabase,
    column,
    foreign_key,
    many,
    one,
    primary_key,
    select,
    version,
)
from bridgeorm.sync.session import SyncSession

_PLACES = st.integers(min_value=0, max_value=11)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), _PLACES, _PLACES),
        st.tuples(st.just("label"), _PLACES, _PLACES),
        st.tuples(st.just("move"), _PLACES, _PLACES),
        st.tuples(st.just("delete"), _PLACES, _PLACES),
        st.tuples(st.just("flush"), _PLACES, _PLACES),
    ),
    max_size=12,
)
_ENDS = st.sampled_from(["commit", "commit", "roll back", "fail in a savepoint"])


class Leaf(Model, table="unit_leaves"):
    id: Column[int] = primary_key()
    label: Column[int] = column()
    parent_id: Column[int | None] = foreign_key("Leaf.id", on_delete="cascade", default=None)
    revision: Column[int] = version()
    parent: One[Leaf | None] = one(parent_id)
    children: Many[Leaf] = many(back="parent")


@pytest.fixture
def db(database_url: str) -> Iterator[SyncDatabase]:
    """A handle with the table."""
    with SyncDatabase(database_url) as opened:
        opened.create_tables(Leaf)
        yield opened


class Aborted(Exception):  # noqa: N818 - no error, but what a test ends a session with
    """Ends a session."""


@dataclass
class Forest:
    """What the table should hold: every object with its label and its parent."""

    rows: dict[Leaf, tuple[int, Leaf | None]] = field(default_factory=dict[Leaf, tuple[int, Leaf | None]])
    doomed: set[Leaf] = field(default_factory=set[Leaf])
    saved: set[Leaf] = field(default_factory=set[Leaf])

    def copy(self) -> Forest:
        """The same rows."""
        return Forest(dict(self.rows), saved=set(self.saved))

    def at(self, place: int) -> Leaf | None:
        """One of the objects; None where there is none that far."""
        leaves = [leaf for leaf in self.rows if leaf not in self.doomed]
        return leaves[place] if place < len(leaves) else None

    def take(self, session: SyncSession, step: tuple[str, int, int]) -> None:
        """Does one step to the objects and to the model."""
        kind, place, other = step
        leaf, parent = self.at(place), self.at(other)
        if kind == "flush":
            session.flush()
            self.flush()
        elif kind == "add":
            made = Leaf(label=place, parent=parent)
            session.add(made)
            self.rows[made] = (place, parent)
        elif leaf is not None and kind == "label":
            leaf.label = other
            self.rows[leaf] = (other, self.rows[leaf][1])
        elif leaf is not None and kind == "move":
            leaf.parent = parent
            self.rows[leaf] = (self.rows[leaf][0], parent)
        elif leaf in self.saved:
            session.delete(leaf)
            self.doomed.add(leaf)

    def flush(self) -> None:
        """Doomed rows go, and with them those that refer to them."""
        gone = set(self.doomed)
        while more := {leaf for leaf, (_label, parent) in self.rows.items() if parent in gone} - gone:
            gone |= more
        for leaf in gone:
            self.rows.pop(leaf, None)
        self.doomed.clear()
        self.saved = set(self.rows)

    def compare(self, db: SyncDatabase) -> None:
        """Table, objects and model agree."""
        for leaf, (label, parent) in self.rows.items():
            assert (leaf.label, leaf.parent_id) == (label, None if parent is None else parent.id)
        table = db.all(select(Leaf.id, Leaf.label, Leaf.parent_id, Leaf.revision).order_by(Leaf.id))
        objects = sorted((leaf.id, leaf.label, leaf.parent_id, leaf.revision) for leaf in self.rows)
        assert table == objects


def test_sessions_leave_what_a_plain_model_says(db: SyncDatabase) -> None:
    """Adds, changes, moves (circles too), deletes with cascades, flushes, rollbacks, savepoints."""

    @settings(
        deadline=None,
        max_examples=40,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(st.lists(st.tuples(_STEPS, _STEPS, _ENDS), min_size=1, max_size=4))
    def check(rounds: list[tuple[list[tuple[str, int, int]], list[tuple[str, int, int]], str]]) -> None:
        db.execute_raw("DELETE FROM unit_leaves")
        forest = Forest()
        for steps, inner, end in rounds:
            forest = _run(db, forest, (steps, inner), end)
            forest.compare(db)

    check()


def _run(
    db: SyncDatabase,
    forest: Forest,
    steps: tuple[list[tuple[str, int, int]], list[tuple[str, int, int]]],
    end: str,
) -> Forest:
    """One session; what the table holds afterwards."""
    before, now = forest.copy(), forest.copy()
    try:
        with db.session() as session:
            session.add(*now.rows)
            for step in steps[0]:
                now.take(session, step)
            if end == "fail in a savepoint":
                _fail(session, now, steps[1])
            else:
                for step in steps[1]:
                    now.take(session, step)
            if end == "roll back":
                _abort()
    except Aborted:
        _refuse_rows(set(now.rows) - set(before.rows))
        _forget_edits(db, before)
        return before
    now.flush()
    return now


def _fail(session: SyncSession, forest: Forest, steps: list[tuple[str, int, int]]) -> None:
    """A savepoint that is rolled back; edits are undone by hand, as they would be written later."""
    try:
        with session.transaction():
            forest.flush()  # entering flushes
            inside = forest.copy()
            for step in steps:
                inside.take(session, step)
            session.flush()
            _abort()
    except Aborted:
        _refuse_rows(set(inside.rows) - set(forest.rows))
    for leaf, (label, parent) in forest.rows.items():
        leaf.label, leaf.parent = label, parent


def _abort() -> None:
    raise Aborted


def _refuse_rows(leaves: set[Leaf]) -> None:
    for leaf in leaves:
        with pytest.raises(NotLoadedError):
            _ = leaf.id


def _forget_edits(db: SyncDatabase, forest: Forest) -> None:
    for leaf in forest.rows:
        db.refresh(leaf)
