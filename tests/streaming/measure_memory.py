"""Run as a program with a URL and a number: streams so many rows; prints number and growth in MB."""

from __future__ import annotations

import asyncio
import resource
import sys
from pathlib import Path

from bridgeorm import Database, sql

WARM_UP_ROWS = 10_000
PAGES = Path("/proc/self/statm")
MEGABYTE = 1_048_576


def _resident() -> float:
    return int(PAGES.read_text(encoding="ascii").split()[1]) * resource.getpagesize() / MEGABYTE


async def main(url: str, rows: int) -> None:
    """Counts rows and looks at the memory along the way; the first batches are the warm-up."""
    if url.startswith("sqlite"):
        numbers = sql(
            "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < {rows}) "
            "SELECT n, 'a text of some length for row ' || n FROM t",
            rows=rows,
        )
    else:
        numbers = sql(
            "SELECT n, 'a text of some length for row ' || n FROM generate_series(1, {rows}) AS t(n)",
            rows=rows,
        )
    counted, growth, base = 0, 0.0, 0.0
    async with Database(url) as db:
        async for _row in db.stream(numbers):
            counted += 1
            if counted == WARM_UP_ROWS:
                base = _resident()
            elif counted % WARM_UP_ROWS == 0:
                growth = max(growth, _resident() - base)
    sys.stdout.write(f"{counted} {growth:.1f}\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
