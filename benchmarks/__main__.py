"""The command line behind tools/bench."""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import sys
from pathlib import Path

from benchmarks.contestants.contract import Operation
from benchmarks.harness import Harness, Plan, known_keys
from benchmarks.report import Setting, to_markdown, to_record
from benchmarks.server import Server
from benchmarks.workload import Sizes

DEFAULT_RUNS = 7
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


def measure(dialect: str, arguments: argparse.Namespace) -> tuple[list[dict[str, object]], str]:
    """One dialect's records and its Markdown."""
    sizes = Sizes(rows=arguments.rows)
    operations = [each for each in Operation.ALL if each in (arguments.operation or Operation.ALL)]
    if Operation.BULK_INSERT not in operations:
        operations.insert(0, Operation.BULK_INSERT)  # the reads need its rows
    server = None
    if dialect == "postgresql":
        server = Server(os.environ["BRIDGE_POSTGRES_URL"])
        server.prepare()
    plan = Plan(dialect, arguments.only or known_keys(), operations, arguments.runs, sizes)
    all_series = Harness(plan, server).measure()
    setting = Setting(
        dialect,
        f"PostgreSQL {server.version}" if server else f"SQLite {sqlite3.sqlite_version}",
        server.settings() if server else {},
        arguments.runs,
        sizes,
    )
    return [to_record(series, setting) for series in all_series], to_markdown(all_series, setting)


def main() -> int:
    """Measures, prints and writes; fails if a result was wrong or a contestant of ours failed."""
    arguments = parse_arguments()
    if arguments.runs < FEWEST_RUNS:
        print(f"fewer than {FEWEST_RUNS} runs say little; take the numbers as a quick look", file=sys.stderr)
    records: list[dict[str, object]] = []
    documents: list[str] = []
    for dialect in arguments.dialect or ["postgresql", "sqlite"]:
        new_records, document = measure(dialect, arguments)
        records += new_records
        documents.append(document)
        print(document, flush=True)
    arguments.output.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (arguments.output / "results.jsonl").write_text(lines, encoding="utf-8")
    (arguments.output / "results.md").write_text("\n".join(documents), encoding="utf-8")
    print(f"written: {arguments.output}/results.jsonl and results.md")
    failed = [f"{record['contestant']}: {record['op']}" for record in records if "failure" in record]
    for each in failed:
        print(f"failed: {each}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
