"""A stream's memory does not grow with its rows. Measured in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("measure_memory.py")
MOST_GROWTH_MB = 20
ROWS = 200_000
FULL_ROWS = 1_000_000


@pytest.mark.parametrize("rows", [ROWS, pytest.param(FULL_ROWS, marks=pytest.mark.slow)])
def test_memory_stays_flat(database_url: str, rows: int) -> None:
    finished = subprocess.run(
        [sys.executable, str(PROGRAM), database_url, str(rows)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr[-2000:]
    counted, growth = finished.stdout.split()
    assert int(counted) == rows
    assert float(growth) < MOST_GROWTH_MB, f"{growth} MB more after {rows} rows"


@pytest.mark.parametrize("arguments", [[], ["nonsense"]])
def test_the_measurement_says_when_it_could_not_measure(arguments: list[str]) -> None:
    finished = subprocess.run([sys.executable, str(PROGRAM), *arguments], capture_output=True, check=False)
    assert finished.returncode != 0
