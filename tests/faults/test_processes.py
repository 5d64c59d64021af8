"""Forked children, closed loops, interpreters that exit with queries in flight: nobody crashes."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

CHILD_SECONDS = 30
PREAMBLE = """
import asyncio, os, sys
from bridgeorm import *
class Note(Model, table="process_notes"):
    id: Column[int] = primary_key(generated=False)
url = sys.argv[1]
"""


def _run(body: str, url: str) -> subprocess.CompletedProcess[str]:
    program = PREAMBLE + textwrap.dedent(body)
    environment = {**os.environ, "PYTHONFAULTHANDLER": "1"}
    return subprocess.run(
        [sys.executable, "-c", program, url],
        capture_output=True,
        text=True,
        timeout=CHILD_SECONDS,
        check=False,
        env=environment,
        cwd=Path.cwd(),
    )


BODIES = {
    "exit with a query in flight": """
        async def main():
            db = Database(url)
            await db.connect()
            await db.create_tables(Note)
            asyncio.get_running_loop().call_later(0.02, sys.exit, 0)
            while True:
                await db.all(select(Note))
        try:
            asyncio.run(main())
        except SystemExit:
            print("fine")
    """,
    "loop closed under an open handle": """
        db = Database(url)
        async def main():
            await db.connect()
            await db.create_tables(Note)
        asyncio.run(main())
        async def again():
            try:
                await db.all(select(Note))
            except BridgeError as error:
                print("fine", type(error).__name__)
        asyncio.run(again())
    """,
    "never closed": """
        async def main():
            db = Database(url)
            await db.connect()
            await db.create_tables(Note)
            await db.insert(Note(id=1))
            print("fine")
        asyncio.run(main())
    """,
    "fork": """
        async def main():
            db = Database(url)
            await db.connect()
            await db.create_tables(Note)
            await db.insert(Note(id=1))
            pid = os.fork()
            if pid == 0:
                try:
                    db.all(select(Note)).send(None)
                except BridgeError:
                    os._exit(7)
                except BaseException:
                    os._exit(8)
                os._exit(9)
            _, status = os.waitpid(pid, 0)
            assert os.waitstatus_to_exitcode(status) == 7, os.waitstatus_to_exitcode(status)
            assert await asyncio.wait_for(db.all(select(Note.id)), 5) == [1]
            await db.close()
            print("fine")
        asyncio.run(main())
    """,
}


@pytest.mark.parametrize("name", list(BODIES))
def test_process(database_url: str, name: str) -> None:
    outcome = _run(BODIES[name], database_url)
    assert outcome.returncode == 0, outcome.stderr
    assert "fine" in outcome.stdout
    assert "Fatal Python error" not in outcome.stderr
    assert "Segmentation" not in outcome.stderr
