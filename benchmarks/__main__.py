"""The command line behind tools/bench."""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.contestants.contract import Operation
from benchmarks.harness import Harness, Plan, Series, known_keys
from benchmarks.report import Setting, to_markdown, to_record
from benchmarks.server import Server
from benchmarks.workload import Sizes

DEFAULT_RUNS = 5
FEWEST_RUNS = 5


def parse_arguments() -> argparse.Namespace:
    """What to measure and where to write it."""
    parser = argparse.ArgumentParser(prog="tools/bench", description=__doc__)
    parser.add_argument("--dialect", choices=["postgresql", "sqlite"], action="append", help="default: both")
    parser.add_argument(
        "--only", metavar="NAME", action="append", choices=known_keys(), help="default: everybody"
    )
    parser.add_argument("--operation", action="append", choices=Operation.ALL, help="default: all")
    parser.add_argument("--runs", type=int, default=DEFAULT_RUNS)
    parser.add_argument("--rows", type=int, default=Sizes.rows, help="smaller for a quick look")
    parser.add_argument("--output", type=Path, default=Path("build/benchmarks"), help="folder for results.*")
    return parser.parse_args()


def measure(dialect: str, arguments: argparse.Namespace) -> Iterator[tuple[Setting, list[Series]]]:
    """One dialect's series, an operation at a time."""
    sizes = Sizes(rows=arguments.rows)
    operations = [each for each in Operation.ALL if each in (arguments.operation or Operation.ALL)]
    if Operation.BULK_INSERT not in operations:
        operations.insert(0, Operation.BULK_INSERT)  # the reads need its rows
    server = None
    if dialect == "postgresql":
        server = Server(os.environ["BRIDGE_POSTGRES_URL"])
        server.prepare()
    setting = Setting(
        dialect,
        f"PostgreSQL {server.version}" if server else f"SQLite {sqlite3.sqlite_version}",
        tuple(server.settings().items()) if server else (),
        arguments.runs,
        sizes,
    )
    plan = Plan(dialect, arguments.only or known_keys(), operations, arguments.runs, sizes)
    for series in Harness(plan, server).measure():
        yield setting, series


class Report:
    """The results so far, in two files that are whole after every operation."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._series: dict[Setting, list[Series]] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, setting: Setting, series: list[Series]) -> None:
        """Takes one more operation in and writes both files anew."""
        self._series.setdefault(setting, []).extend(series)
        records = "".join(json.dumps(record) + "\n" for record in self.records())
        self._replace("results.jsonl", records)
        self._replace("results.md", "\n".join(self.documents()))

    def records(self) -> list[dict[str, object]]:
        """One object for each operation and contestant."""
        return [to_record(each, setting) for setting, found in self._series.items() for each in found]

    def documents(self) -> list[str]:
        """The tables of each dialect."""
        return [to_markdown(found, setting) for setting, found in self._series.items()]

    def _replace(self, name: str, text: str) -> None:
        draft = self._folder / f"{name}.part"
        draft.write_text(text, encoding="utf-8")
        draft.replace(self._folder / name)


def main() -> int:
    """Measures, writes after every operation and prints; fails if a result was wrong or anybody failed."""
    arguments = parse_arguments()
    if arguments.runs < FEWEST_RUNS:
        print(f"fewer than {FEWEST_RUNS} runs say little; take the numbers as a quick look", file=sys.stderr)
    report = Report(arguments.output)
    for dialect in arguments.dialect or ["postgresql", "sqlite"]:
        for setting, series in measure(dialect, arguments):
            report.add(setting, series)
    print("\n".join(report.documents()))
    print(f"written: {arguments.output}/results.jsonl and results.md")
    failed = [f"{record['contestant']}: {record['op']}" for record in report.records() if "failure" in record]
    for each in failed:
        print(f"failed: {each}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
