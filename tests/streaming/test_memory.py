"""A stream's memory does not grow with its rows. Measured from outside, in a process of its own."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from .measure_memory import LOOKS

PROGRAM = Path(__file__).with_name("measure_memory.py")
MOST_GROWTH_MB = 20
MEGABYTE = 1_048_576
ROWS = 200_000
FULL_ROWS = 5_000_000


def _resident_megabytes(pid: int) -> float:
    """What a process has in memory; proc(5): the second number of statm, in pages."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / MEGABYTE


@pytest.mark.parametrize("rows", [ROWS, pytest.param(FULL_ROWS, marks=pytest.mark.slow)])
def test_memory_stays_flat(database_url: str, rows: int) -> None:
    seen: list[float] = []
    with subprocess.Popen(
        [sys.executable, str(PROGRAM), database_url, str(rows)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        while (said := process.stdout.readline()) == "look\n":
            seen.append(_resident_megabytes(process.pid))
            process.stdin.write("\n")
            process.stdin.flush()
    assert process.returncode == 0
    assert int(said) == rows
    assert len(seen) == LOOKS
    growth = max(seen) - seen[0]
    assert growth < MOST_GROWTH_MB, f"{growth:.1f} MB more after {rows} rows"


@pytest.mark.parametrize("arguments", [[], ["nonsense"]])
def test_the_measurement_says_when_it_could_not_measure(arguments: list[str]) -> None:
    finished = subprocess.run([sys.executable, str(PROGRAM), *arguments], capture_output=True, check=False)
    assert finished.returncode != 0
