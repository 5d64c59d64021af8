"""CockroachDB's own parser takes every statement its dialect makes, and is strict enough for a proof."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from tools.servers_kit.go_source import GoSource
from tools.servers_kit.instance import ServerError

HERE = Path(__file__).parent
GOLDEN = HERE.parents[1] / "engine" / "databases" / "cockroachdb" / "golden"
READ_SECONDS = 60
FEWEST_STATEMENTS = 200
# What PostgreSQL and others take, and CockroachDB does not.
FOREIGN = [
    "CREATE TABLE a (b int UNIQUE DEFERRABLE INITIALLY DEFERRED)",
    "SELECT a FROM t GROUP BY ROLLUP (a)",
    "SELECT a FROM t LIMIT 5 5",
    "EXPLAIN (ANALYZE, BUFFERS) SELECT 1",
    "INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 1",
    "SELECT `a` FROM t",
    "LISTEN a",
]

pytestmark = pytest.mark.slow  # the parser is built once, which takes minutes


@pytest.fixture(scope="module")
def grammar() -> Path:
    """The program that asks the parser; skips, saying why, where it cannot be built."""
    try:
        return GoSource("cockroachdb_grammar", HERE / "cockroachdb").ensure()
    except (ServerError, OSError) as problem:
        pytest.skip(f"CockroachDB's parser cannot be built here: {problem}")


def complaints(grammar: Path, statements: list[str]) -> list[str]:
    """What the parser has against each statement; empty for those it takes."""
    asked = "".join(f"{statement}\0" for statement in statements)
    answered = subprocess.run(
        [str(grammar)], input=asked, capture_output=True, text=True, timeout=READ_SECONDS, check=True
    )
    lines = answered.stdout.splitlines()
    assert len(lines) == len(statements), answered.stderr
    return lines


def golden_statements() -> list[str]:
    """Every statement of the golden files; those the dialect refuses have none."""
    statements: list[str] = []
    for file in sorted(GOLDEN.glob("*.sql")):
        for block in re.split(r"^-- ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            statement = block.partition("\n")[2].strip()
            statements += [statement] if statement else []
    return statements


def test_every_golden_statement_is_taken(grammar: Path) -> None:
    statements = golden_statements()
    assert len(statements) > FEWEST_STATEMENTS
    refused = {
        statement: complaint
        for statement, complaint in zip(statements, complaints(grammar, statements), strict=True)
        if complaint
    }
    assert not refused


def test_the_copy_of_bulk_loads_is_taken(grammar: Path) -> None:
    assert complaints(grammar, ['COPY "shop"."books" ("id") FROM STDIN (FORMAT binary)']) == [""]


def test_what_it_does_not_know_is_refused(grammar: Path) -> None:
    taken = [
        statement
        for statement, complaint in zip(FOREIGN, complaints(grammar, FOREIGN), strict=True)
        if not complaint
    ]
    assert not taken
