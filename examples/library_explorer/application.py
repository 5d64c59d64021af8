"""The explorer's command line: index if need be, ask every question, print answers and times."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bridgeorm import BridgeError, Database, telemetry
from library_explorer.indexer import build_index, find_finished_run
from library_explorer.models import TABLES
from library_explorer.questions import QUESTIONS, Question
from library_explorer.tables import format_table

MILLISECONDS = 1_000


class StatementCounter:
    """Counts the statements that reach the database while questions are asked."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, event: telemetry.QueryEvent) -> None:
        self.count += bool(event.statement)


def default_database() -> str:
    """An SQLite file in the user's cache folder, or in a temporary one where there is none."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "bridgeorm"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir())
    return f"sqlite:///{folder / f'library_{platform.python_version()}.db'}"


async def ask(db: Database, number: int, question: Question, counter: StatementCounter) -> None:
    """Asks one question and prints its answer."""
    before, began = counter.count, time.perf_counter()
    answer = await question.ask(db)
    milliseconds = (time.perf_counter() - began) * MILLISECONDS
    print(f"\n{number}. {question.title}  ({question.shows})")
    print(format_table(answer.headers, answer.rows))
    print(f"  {len(answer.rows)} rows, {counter.count - before} statements, {milliseconds:.1f} ms")


async def explore(url: str, *, again: bool) -> None:
    """Opens the database, indexes what is not there yet, asks everything."""
    began = time.perf_counter()
    async with Database(url) as db:
        await db.create_tables(*TABLES)
        run = None if again else await find_finished_run(db)
        if run:
            print(f"The index of Python {run.python_version} is there already: {run.row_count:,} rows.")
        else:
            run = await build_index(db)
            print(f"Indexed Python {run.python_version}: {run.row_count:,} rows in {run.seconds:.1f} s.")
        counter = StatementCounter()
        remove = telemetry.on_query(counter)
        try:
            for number, question in enumerate(QUESTIONS, 1):
                # A task has an identity map of its own: no answer gains by what others left behind.
                await asyncio.create_task(ask(db, number, question, counter))
        finally:
            remove()
    print(f"\nEverything in {time.perf_counter() - began:.1f} s.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the explorer; answers the exit code."""
    parser = argparse.ArgumentParser(prog="library_explorer", description=__doc__)
    parser.add_argument(
        "--database", metavar="URL", default=None, help="where to put the index (default: an SQLite file)"
    )
    parser.add_argument("--again", action="store_true", help="index again even if the database is complete")
    chosen = parser.parse_args(arguments)
    try:
        asyncio.run(explore(chosen.database or default_database(), again=chosen.again))
    except BridgeError as error:
        print(f"library_explorer: {error.code}: {error}", file=sys.stderr)
        return 1
    return 0
