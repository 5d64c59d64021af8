"""Run as a program with a URL and a number: streams so many rows, waits now and then until somebody has
looked at its memory, and says in the end how many rows there were."""

from __future__ import annotations

import asyncio
import sys

from bridgeorm import Database, sql

LOOKS = 20
"""How often it waits: the first time when all that a stream needs is there."""


def _say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def main(url: str, rows: int) -> None:
    """Counts rows, and gives whoever started this time to look."""
    if url.startswith("sqlite"):
        numbers = sql(
            "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < {rows}) "
            "SELECT n, 'a text of some length for row ' || n FROM t",
            rows=rows,
        )
    elif url.startswith(("mysql", "mariadb")):
        numbers = sql(
            "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < {rows}) "
            "SELECT n, CONCAT('a text of some length for row ', n) FROM t",
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
            if counted % (rows // LOOKS) == 0:
                _say("look")
                sys.stdin.readline()
    _say(counted)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
