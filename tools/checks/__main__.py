"""Runs every house check over the project, or those named: `python -m tools.checks [NAME...]`."""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from tools.checks.source_tree import Finding, SourceTree

Check = Callable[[SourceTree], Iterable[Finding]]


def names_of_checks() -> list[str]:
    """The checks there are, by their files."""
    return sorted(path.stem for path in Path(__file__).parent.glob("check_*.py"))


def run(names: list[str]) -> int:
    """Runs checks, prints findings and a line for each check; the exit status."""
    tree = SourceTree.of_project()
    total = 0
    for name in names:
        began = time.perf_counter()
        check: Check = importlib.import_module(f"tools.checks.{name}").check
        findings = sorted(set(check(tree)))
        for finding in findings:
            print(finding)
        print(f"{name}: {len(findings)} findings in {time.perf_counter() - began:.1f} s", file=sys.stderr)
        total += len(findings)
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:] or names_of_checks()))
