"""A progress bar on standard error, small enough to read."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

WIDTH = 32
SECONDS_BETWEEN_DRAWINGS = 0.05


class ProgressBar:
    """Draws how far a task of `total` steps is; where standard error is no terminal, only its end."""

    def __init__(self, title: str, total: int) -> None:
        self._title = title
        self._total = max(total, 1)
        self._done = 0
        self._began = time.perf_counter()
        self._drawn_at = 0.0
        self._is_terminal = sys.stderr.isatty()

    def advance(self, steps: int = 1) -> None:
        """Notes finished steps."""
        self._done += steps
        now = time.perf_counter()
        if self._is_terminal and now - self._drawn_at >= SECONDS_BETWEEN_DRAWINGS:
            self._drawn_at = now
            self._draw(end="\r")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._draw(end="\n")

    def _draw(self, end: str) -> None:
        filled = min(WIDTH, WIDTH * self._done // self._total)
        bar = "#" * filled + "." * (WIDTH - filled)
        seconds = time.perf_counter() - self._began
        line = f"{self._title:<22} [{bar}] {self._done:>7,} / {self._total:,}  {seconds:5.1f} s"
        print(line, end=end, file=sys.stderr, flush=True)
