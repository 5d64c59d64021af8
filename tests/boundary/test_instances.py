"""Instances: slots, changes, identity, groups, and that nothing of them stays behind."""

from __future__ import annotations

import copyreg
import gc
import weakref
from typing import TYPE_CHECKING, Any

import pytest

from bridgeorm import _engine

if TYPE_CHECKING:
    from tests.boundary.conftest import Example

ROUNDS = 300


def fill(database: _engine.Engine, example: Example, count: int) -> None:
    """Puts rows 1 to `count` into the table."""
    rows = (example.values(number) for number in range(1, count + 1))
    assert database.insert_rows(example.bulk(rows), 1_000, None, None, 0).wait().rowcount == count


def test_empty_slot_raises_not_loaded(example: Example, error_classes: dict[str, type[Exception]]) -> None:
    empty: Any = _engine.Instance.__new__(example.cls)
    with pytest.raises(error_classes["not_loaded"], match=r"Example\.price"):
        _ = empty.price
    assert _engine.columns_of(empty) == (_engine.UNSET,) * len(example.indices)
    assert _engine.key_of(empty) is None
    assert not _engine.is_persistent(empty)
    assert not hasattr(empty, "__dict__")


def test_changed_json_and_lists_are_noticed_by_content(database: _engine.Engine, example: Example) -> None:
    fill(database, example, 1)
    (read,) = database.run(example.query, example.result, None, None, None, 0).wait()
    assert read.document["a"][0] == 1
    assert _engine.changed_columns(read) == []
    read.document["a"][0] = True  # equal to Python, not to a database
    read.numbers.append(4)
    changed = [list(example.types)[index] for index in _engine.changed_columns(read)]
    assert changed == ["document", "numbers"]
    _engine.mark_clean(read)
    assert _engine.changed_columns(read) == []


def test_one_row_is_one_object_and_changes_survive_refreshing(
    database: _engine.Engine, example: Example
) -> None:
    fill(database, example, 3)
    identities = _engine.IdentityMap()
    first = database.run(example.query, example.result, identities, None, None, 0).wait()
    first[0].name = "mine"
    second = database.run(example.query, example.result, identities, None, None, 0).wait()
    assert [one is other for one, other in zip(first, second, strict=True)] == [True] * 3
    assert second[0].name == "mine"
    assert identities.find(example.plan, (2,)) is first[1]
    assert _engine.identity_map_of(first[0]) is identities
    assert len(identities) == 3
    kept = first[0]
    del first, second
    gc.collect()
    assert len(identities) == 1
    del identities
    assert _engine.identity_map_of(kept) is None


def test_siblings_share_a_group_that_forgets_the_dead(database: _engine.Engine, example: Example) -> None:
    fill(database, example, 3)
    rows = database.run(example.query, example.result, None, None, None, 42).wait()
    group = _engine.load_group(rows[0])
    assert group is not None
    assert group.origin == 42
    assert group.members() == rows
    del rows[1]
    assert group.members() == rows


def test_cycles_through_extension_and_group_are_collected(database: _engine.Engine, example: Example) -> None:
    fill(database, example, 2)
    rows = database.run(example.query, example.result, None, None, None, 0).wait()
    watched = [weakref.ref(row) for row in rows]
    _engine.extension(rows[0])["self"] = rows[0]
    group = _engine.load_group(rows[1])
    assert group is not None
    group.state["rows"] = rows
    del rows, group
    gc.collect()
    assert [reference() for reference in watched] == [None, None]


def test_classes_and_plans_are_collected() -> None:
    from tests.boundary.conftest import Example  # the class under test is made and dropped here

    made = Example()
    instance = made.instance()
    watched = weakref.ref(made.cls)
    del made, instance
    gc.collect()
    assert watched() is None


def test_nothing_stays_behind(database: _engine.Engine, example: Example) -> None:
    fill(database, example, 20)

    def round_trip() -> None:
        identities = _engine.IdentityMap()
        rows = database.run(example.query, example.result, identities, None, None, 0).wait()
        for row in rows:
            assert row.document["a"]
            row.price = row.price + 1
            _engine.changed_columns(row)
            _engine.parameters_of(row, example.indices)

    for _ in range(20):
        round_trip()
    gc.collect()
    blocks = _allocated_blocks()
    for _ in range(ROUNDS):
        round_trip()
    gc.collect()
    assert _allocated_blocks() - blocks < ROUNDS  # less than one block a round: noise, no leak


def _allocated_blocks() -> int:
    import sys  # only here, as nothing else asks the interpreter about itself

    return sys.getallocatedblocks()


def test_pickling_is_not_guessed(example: Example) -> None:
    with pytest.raises(TypeError):
        getattr(copyreg, "__reduce_ex__")(example.instance(), 1)  # noqa: B009 - private, and what pickle calls
