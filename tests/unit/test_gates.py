"""What the gates on costs read out of a profile, and what they let pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from tools.gates_kit import baseline
from tools.gates_kit.profiles import Counts, count_system_calls, read_profile

PROFILE = """\
# callgrind format
events: Ir

ob=(1) /usr/lib/libpython3.11.so.1.0
fl=(1) ceval.c
fn=(1) evaluate
10 100
cob=(2) /somewhere/_engine.cpython-311.so
cfn=(2) call
calls=7 0
10 50
cfn=(3) malloc'2
calls=5 0
10 20
cob=(3) /usr/lib/libc.so.6
cfn=(4) malloc
calls=2 0
10 20
cfn=(1)
calls=1 0
10 20

ob=(2)
fn=(2)
12 30
cob=(2)
cfn=(5) inside
calls=90 0
12 3
cob=(1)
cfn=(6) _PyObject_Malloc
calls=4 0
12 3

totals: 4321
"""
TRACE = """\
==1== Callgrind
SYSCALL[1,1](39) sys_getpid ()[sync] --> Success(0x1)
SYSCALL[1,1](110) sys_getppid ()[sync] --> Success(0x1)
SYSCALL[1,1](  0) sys_read ( 3, 0x1, 4 ) --> [async] ...
SYSCALL[1,2](228) sys_clock_gettime ( 1, 0x1 )[sync] --> Success(0x0)
SYSCALL[1,1](110) sys_getppid ()[sync] --> Success(0x1)
"""


def test_a_profile_gives_its_counts(tmp_path: Path) -> None:
    profile = tmp_path / "profile.2"
    profile.write_text(PROFILE, encoding="utf-8")
    assert read_profile(profile) == Counts(instructions=4321, allocations=11, crossings=7)


def test_half_a_profile_is_none(tmp_path: Path) -> None:
    profile = tmp_path / "profile.2"
    profile.write_text(PROFILE.partition("totals")[0], encoding="utf-8")
    with pytest.raises(ValueError, match="whole"):
        read_profile(profile)


def test_system_calls_are_counted_between_marks(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    trace.write_text(TRACE, encoding="utf-8")
    assert count_system_calls(trace) == [1, 2]


def test_what_grew_is_named_and_what_shrank_is_told() -> None:
    held = baseline.row_of(
        100, Counts(instructions=100_000, allocations=1_000, crossings=100, system_calls=500)
    )
    assert held == {"instructions": 1000, "allocations": 10.0, "crossings": 1.0, "system_calls": 5.0}
    same = baseline.compare("SQLite: read", dict(held), held)
    assert (same.grown, same.shrunk) == ((), ())
    grown = baseline.compare("SQLite: read", held | {"instructions": 1032, "crossings": 2.0}, held)
    assert (grown.grown, grown.shrunk) == (("instructions", "crossings"), ())
    with_a_server = baseline.compare("PostgreSQL: read", held | {"instructions": 1032}, held)
    assert with_a_server.grown == ()
    shrunk = baseline.compare("SQLite: read", held | {"allocations": 9.0}, held)
    assert (shrunk.grown, shrunk.shrunk) == ((), ("allocations",))
    assert baseline.compare("SQLite: new", held, None).grown == ("not in the baseline",)


def test_the_baseline_holds_every_path() -> None:
    environment, rows = baseline.read()
    assert environment
    assert {name.partition(":")[0] for name in rows} == {"SQLite", "PostgreSQL"}
    assert len(rows) >= 20
    assert all(row["instructions"] > 0 and row["crossings"] > 0 for row in rows.values())
