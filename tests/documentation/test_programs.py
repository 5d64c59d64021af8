"""The programs people are shown run: the library explorer on each database, and the benchmarks in small."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PROGRAM_SECONDS = 110
QUESTIONS = 12


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(PROJECT / "python")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PROGRAM_SECONDS,
        check=False,
    )


def test_the_explorer_indexes_once_and_answers_every_question(database_url: str) -> None:
    first = run("examples/library_explorer", "--database", database_url)
    assert first.returncode == 0, first.stderr
    indexed = re.search(r"Indexed Python [\d.]+: ([\d,]+) rows", first.stdout)
    assert indexed
    assert int(indexed[1].replace(",", "")) > 20_000
    answers = re.findall(r"^  (\d+) rows, \d+ statements, [\d.]+ ms$", first.stdout, re.MULTILINE)
    assert len(answers) == QUESTIONS
    assert all(int(rows) > 0 for rows in answers)

    second = run("examples/library_explorer", "--database", database_url)
    assert second.returncode == 0, second.stderr
    assert "is there already" in second.stdout
    assert without_times(second.stdout) == without_times(first.stdout)


def without_times(printed: str) -> list[str]:
    """The questions and answers alone."""
    lines = printed[printed.index("\n1. ") :].splitlines()
    return [re.sub(r"[\d.]+ (m?s)\b.*", r"\1", line) for line in lines]


def test_the_program_of_the_tutorial_runs_and_runs_again(database_url: str) -> None:
    expected = [
        "none left of A short book",
        "Ann 1 0.00",
        "Bob 1 7.00",
        "Eve has First steps too long",
    ]
    for _time in range(2):
        done = run("examples/lending_library.py", "--database", database_url)
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == expected


def test_the_explorer_says_what_is_wrong_with_a_url() -> None:
    done = run("examples/library_explorer", "--database", "gopher://user:secret@host/x")
    assert done.returncode == 1
    assert "configuration" in done.stderr
    assert "secret" not in done.stderr + done.stdout


def test_the_benchmarks_compare_results_before_times(tmp_path: Path) -> None:
    contestants = ["bridgeorm", "bridgeorm_tuples", "bridgeorm_sync", "sqlite_converted"]
    only = [word for name in contestants for word in ("--only", name)]
    small = ["--dialect", "sqlite", "--rows", "300", "--runs", "1", "--output", str(tmp_path)]
    done = run("-m", "benchmarks", *small, *only)
    assert done.returncode == 0, done.stderr
    records = [
        json.loads(line) for line in (tmp_path / "results.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert {record["contestant"] for record in records} >= {"BridgeORM", "sqlite3, converted"}
    assert all(record["equal"] and record["median_s"] > 0 for record in records)
