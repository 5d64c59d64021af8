"""A stream's memory does not grow with its rows. Measured from outside, in a process of its own."""

from __future__ import annotations

import resource
import subprocess
import sys
import threading
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("measure_memory.py")
MOST_GROWTH_MB = 20
MEGABYTE = 1_048_576
SECONDS_BETWEEN_LOOKS = 0.02
FEWEST_LOOKS = 5
ROWS = 200_000
FULL_ROWS = 5_000_000


class Watch:
    """Looks at the resident memory of a process again and again, until told to stop."""

    def __init__(self, pid: int) -> None:
        self._pages = Path(f"/proc/{pid}/statm")
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.seen: list[float] = []

    def start(self) -> None:
        """From now on."""
        self._thread.start()

    def stop(self) -> None:
        """Until now."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(SECONDS_BETWEEN_LOOKS):
            fields = self._pages.read_text(encoding="ascii").split()
            resident = int(fields[1]) if len(fields) > 1 else 0
            if resident > 0:  # nothing is left of a process that has ended
                self.seen.append(resident * resource.getpagesize() / MEGABYTE)


@pytest.mark.parametrize("rows", [ROWS, pytest.param(FULL_ROWS, marks=pytest.mark.slow)])
def test_memory_stays_flat(database_url: str, rows: int) -> None:
    with subprocess.Popen(
        [sys.executable, str(PROGRAM), database_url, str(rows)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "warm\n"
        watch = Watch(process.pid)
        watch.start()
        try:
            counted = process.stdout.readline()
        finally:
            watch.stop()
    assert process.returncode == 0
    assert int(counted) == rows
    assert len(watch.seen) >= FEWEST_LOOKS
    growth = max(watch.seen) - watch.seen[0]
    assert growth < MOST_GROWTH_MB, f"{growth:.1f} MB more after {rows} rows"


@pytest.mark.parametrize("arguments", [[], ["nonsense"]])
def test_the_measurement_says_when_it_could_not_measure(arguments: list[str]) -> None:
    finished = subprocess.run([sys.executable, str(PROGRAM), *arguments], capture_output=True, check=False)
    assert finished.returncode != 0
