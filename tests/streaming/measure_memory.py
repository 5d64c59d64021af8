"""Run as a program with a URL and a number: streams so many rows, says when warm, and in the end how many."""

from __future__ import annotations

import asyncio
import sys

from bridgeorm import Database, sql

WARM_UP_ROWS = 10_000


def _say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def main(url: str, rows: int) -> None:
    """Counts rows; whoever started this looks at its memory once the first batches are through."""
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
    counted = 0
    async with Database(url) as db:
        async for _row in db.stream(numbers):
            counted += 1
            if counted == WARM_UP_ROWS:
                _say("warm")
    _say(counted)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
