"""Measures the key paths and holds them against the baseline.

usage: python -m tools.gates_kit [--update]
"""

from __future__ import annotations

import os
import shutil
import sys

from tools.gates_kit import baseline
from tools.gates_kit.baseline import Row, Verdict
from tools.gates_kit.measuring import measure

_NAME_WIDTH = 56


def _line(verdict: Verdict) -> str:
    row, held = verdict.row, verdict.held
    cells = [
        f"{value:>10,}"
        if held is None or held[count] == value
        else f"{value:>10,} ({value - held[count]:+.4g})"
        for count, value in row.items()
    ]
    return f"{verdict.name:<{_NAME_WIDTH}}" + " ".join(f"{cell:<20}" for cell in cells)


def _print(verdicts: list[Verdict]) -> None:
    heads = ("instructions", "allocations", "crossings", "system calls")
    print(f"{'one operation of':<{_NAME_WIDTH}}" + " ".join(f"{head:>10}{'':<10}" for head in heads))
    for verdict in verdicts:
        print(_line(verdict))
    for verdict in verdicts:
        if verdict.grown:
            print(f"grown: {verdict.name}: {', '.join(verdict.grown)}")
        if verdict.shrunk:
            print(f"shrunk: {verdict.name}: {', '.join(verdict.shrunk)}; tools/gates --update holds it there")


def main(arguments: list[str]) -> int:
    """0 where nothing has grown."""
    if shutil.which("valgrind") is None or shutil.which("setarch") is None:
        print("gates: skipped, there is no valgrind or setarch on this machine")
        return 0
    postgres_url = os.environ.get("BRIDGE_POSTGRES_URL")
    if postgres_url is None:
        print("gates: BRIDGE_POSTGRES_URL is not set, the paths of PostgreSQL are left out")
    rows: dict[str, Row] = {
        name: baseline.row_of(operations, counts)
        for name, (operations, counts) in measure(postgres_url).items()
    }
    environment, held = baseline.read()
    if "--update" in arguments:
        baseline.write(held | rows)
        return 0
    verdicts = [baseline.compare(name, row, held.get(name)) for name, row in rows.items()]
    _print(verdicts)
    if environment != baseline.environment():
        print(f"gates: told, not held against the baseline, which is of {environment};")
        print(f"       here: {baseline.environment()}")
        return 0
    return 1 if any(verdict.grown for verdict in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
