"""What objects looked like comes back whole, and keeps nothing alive longer than it must."""

from __future__ import annotations

import gc
import sys
import weakref

import pytest

from bridgeorm import Column, Model, _engine, column, primary_key


class Jar(Model, table="snapshot_jars"):
    id: Column[int] = primary_key(generated=False)
    label: Column[str] = column()
    content: Column[dict[str, object]] = column(default=dict)


def test_everything_a_write_changes_comes_back() -> None:
    jar = Jar(id=1, label="first")
    snapshots, identity_map = _engine.Snapshots(), _engine.IdentityMap()
    snapshots.add([jar, jar])
    assert len(snapshots) == 1
    _engine.adopt_inserted([jar], identity_map, {})
    _engine.fill_generated([jar], [1], [("second",)])
    _engine.extension(jar)["side"] = 1
    assert _engine.is_persistent(jar)
    assert len(identity_map) == 1
    snapshots.add([jar])
    snapshots.restore()
    assert (jar.label, len(snapshots), len(identity_map)) == ("first", 0, 0)
    assert not _engine.is_persistent(jar)
    assert _engine.changed_columns(jar) == [0, 1, 2]
    assert _engine.existing_extension(jar) is None


def test_the_outer_memory_is_the_older_one() -> None:
    jar, other = Jar(id=1, label="first"), Jar(id=2, label="other")
    outer, inner = _engine.Snapshots(), _engine.Snapshots()
    outer.add([jar])
    jar.label = "second"
    inner.add([jar, other])
    other.label = "changed"
    outer.inherit(inner)
    outer.inherit(outer)
    assert (len(outer), len(inner)) == (2, 0)
    outer.restore()
    assert (jar.label, other.label) == ("first", "other")


def test_nothing_is_kept_longer_than_needed() -> None:
    label = "a label of its own: " + str(id(gc))
    jar = Jar(id=1, label=label)
    count = sys.getrefcount(label)
    outer, inner = _engine.Snapshots(), _engine.Snapshots()
    for snapshots in (outer, inner):
        snapshots.add([jar])
    jar.label = "another"
    outer.inherit(inner)
    outer.restore()
    assert sys.getrefcount(label) == count
    outer.add([jar])
    _engine.extension(jar)["memory"] = outer
    watcher = weakref.ref(jar)
    del jar, outer, inner, snapshots
    gc.collect()
    assert watcher() is None
    assert sys.getrefcount(label) == count - 1


def test_what_is_no_list_of_instances_is_refused() -> None:
    jar = Jar(id=1, label="first")
    with pytest.raises(TypeError):
        _engine.Snapshots().add([jar, 1])  # type: ignore[list-item]  # wrong on purpose
    with pytest.raises(TypeError):
        _engine.fill_generated([jar], [1], [("one", "too many")])
    with pytest.raises(ValueError, match="fewer rows"):
        _engine.fill_generated([jar], [1], [])
