"""The baseline: what each path cost when somebody last looked and was content."""

from __future__ import annotations

import platform
import sqlite3
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.gates_kit.profiles import Counts

FILE = Path(__file__).resolve().parents[1] / "checks" / "gates.toml"
TOLERANCES = {"instructions": 0.03, "allocations": 0.02, "crossings": 0.01, "system_calls": 0.10}
"""By how much a count may grow: addresses and the way a server's bytes arrive change it by themselves."""
TOLERANCES_WITH_A_SERVER = {
    "instructions": 0.08,
    "allocations": 0.08,
    "crossings": 0.05,
    "system_calls": 0.25,
}
LEAST = 0.3
"""Growth below this, per operation, is no growth: one call more in a path of many operations."""

_COPIED_BY = frozenset({"avx", "avx2", "bmi1", "bmi2", "erms", "fsrm", "lzcnt", "movbe", "sse4_2"})

Row = dict[str, float]


@dataclass(frozen=True)
class Verdict:
    """One path beside its baseline."""

    name: str
    row: Row
    held: Row | None
    grown: tuple[str, ...]
    shrunk: tuple[str, ...]


def row_of(operations: int, counts: Counts) -> Row:
    """Costs of one operation."""
    return {
        "instructions": round(counts.instructions / operations),
        "allocations": round(counts.allocations / operations, 2),
        "crossings": round(counts.crossings / operations, 2),
        "system_calls": round(counts.system_calls / operations, 2),
    }


def environment() -> str:
    """Whose instructions were counted beside ours: another interpreter, compiler or C library has others, and
    the C library copies and compares by what the processor can do.
    """
    processor = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").split()
    parts = (
        f"Python {platform.python_version()}",
        _first_line("g++", "--version"),
        " ".join(platform.libc_ver()),
        f"SQLite {sqlite3.sqlite_version}",
        _first_line("valgrind", "--version"),
        " ".join(sorted(_COPIED_BY & set(processor))),
    )
    return "; ".join(parts)


def _first_line(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.partition("\n")[0]


def read() -> tuple[str, dict[str, Row]]:
    """The environment, and a row per path."""
    if not FILE.exists():
        return "", {}
    said: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return said["environment"], said["paths"]


def write(rows: dict[str, Row]) -> None:
    """Makes these the baseline."""
    lines = [
        "# What one operation of each key path costs; tools/gates compares with it, --update writes it.",
        "# System calls count readings of the clock, which are none outside of the profiler.",
        "",
        f'environment = "{environment()}"',
    ]
    for name, row in rows.items():
        lines += ["", f'[paths."{name}"]', *(f"{count} = {value}" for count, value in row.items())]
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def compare(name: str, row: Row, held: Row | None) -> Verdict:
    """What grew beyond its tolerance, and what shrank by as much."""
    if held is None:
        return Verdict(name, row, None, ("not in the baseline",), ())
    tolerances = TOLERANCES if name.startswith("SQLite") else TOLERANCES_WITH_A_SERVER
    grown = tuple(
        count for count, part in tolerances.items() if row[count] > held[count] * (1 + part) + LEAST
    )
    shrunk = tuple(
        count for count, part in tolerances.items() if row[count] < held[count] * (1 - part) - LEAST
    )
    return Verdict(name, row, held, grown, shrunk)
