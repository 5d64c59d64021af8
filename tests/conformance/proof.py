"""Writes down what the exam proved on each server, for docs/databases.md, if BRIDGE_RECORD_PROOF is set."""

from __future__ import annotations

import json
import sqlite3
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.conftest import SERVERS

from .claims import DATABASES, all_claims

SWITCH = "BRIDGE_RECORD_PROOF"
FILE = "proved.toml"
HEAD = "# What the exam proved on servers of this database, as tests/conformance/proof.py wrote it down.\n"
# Of a test's properties, and their values.
EXACTNESS = "exactness"
KEPT, REFUSED = "kept", "refused by name"


@dataclass
class Tally:
    """One server's results of one run."""

    results: Counter[str] = field(default_factory=Counter[str])
    exactness: dict[str, str] = field(default_factory=dict[str, str])

    def add(self, report: pytest.TestReport) -> None:
        """Counts a test by its call, or by what kept it from being called."""
        if report.when != "call" and report.passed:
            return
        excepted = report.skipped and hasattr(report, "wasxfail")
        self.results["excepted" if excepted else report.outcome] += 1
        for name, value in report.user_properties:
            if name == EXACTNESS and isinstance(value, tuple) and report.passed:
                self.exactness[str(value[0])] = str(value[1])


def version_of(server: str) -> str:
    """What ran, without what changes from day to day."""
    return f"SQLite {sqlite3.sqlite_version}" if server == "sqlite" else SERVERS[server].version()


def folder_of(server: str) -> str | None:
    """The database whose URLs lead to a server; none where no exam is taken on it for its own sake."""
    url = SERVERS[server].url() if server in SERVERS else None
    scheme = (url or server).partition("://")[0]
    return next((claims.database for claims in all_claims() if claims.scheme == scheme), None)


def write(server: str, tally: Tally) -> str:
    """Replaces this server's entry in its database's file; says what became of it."""
    folder = folder_of(server)
    if tally.results["failed"] or folder is None:
        return f"{server}: nothing recorded, {tally.results['failed']} tests failed"
    path = DATABASES / folder / FILE
    known: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    known[server] = {
        "version": version_of(server),
        **{result: tally.results[result] for result in ("passed", "excepted", "skipped")},
        "exactness": tally.exactness,
    }
    path.write_text(HEAD + "".join(to_toml(name, known[name]) for name in sorted(known)), encoding="utf-8")
    return f"{server}: recorded in {path.relative_to(DATABASES)}"


def to_toml(name: str, entry: dict[str, Any]) -> str:
    """One table, and the table of its exactness."""
    lines = [f"\n[{name}]"]
    lines += [f"{key} = {json.dumps(value)}" for key, value in entry.items() if key != EXACTNESS]
    lines.append(f"\n[{name}.{EXACTNESS}]")
    lines += [f"{json.dumps(kind)} = {json.dumps(value)}" for kind, value in entry[EXACTNESS].items()]
    return "\n".join(lines) + "\n"
