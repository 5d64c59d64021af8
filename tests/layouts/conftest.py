"""A copy of the source tree that a test may add to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SECONDS = 900


@dataclass(frozen=True)
class TreeCopy:
    """The copy, and programs run inside it."""

    root: Path

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs a program there; its output is kept."""
        environment = os.environ | {
            "CCACHE_BASEDIR": str(self.root),
            "CCACHE_NOHASHDIR": "true",
            "CCACHE_SLOPPINESS": "pch_defines,time_macros",
        }
        environment.pop("PYTHONPATH", None)
        return subprocess.run(
            command,
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def must(self, *command: str) -> str:
        """Runs a program that has to succeed; what it printed."""
        done = self.run(*command)
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def findings(self) -> list[str]:
        """What the house checks and the layout of files refuse there."""
        done = self.run(sys.executable, "-m", "tools.checks")
        lines = [line for line in done.stdout.splitlines() if " findings in " not in line]
        return lines + self.run("tools/format", "--check").stderr.splitlines()


@pytest.fixture
def tree_copy(tmp_path: Path) -> TreeCopy:
    """The tree as it stands, uncommitted files included, as a repository of its own."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - found like every tool
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    root = tmp_path / "tree"
    for path in filter(None, listing.split("\0")):
        if (PROJECT / path).is_file():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / path, root / path)
    (root / ".venv").symlink_to(PROJECT / ".venv")
    copy = TreeCopy(root)
    copy.must("git", "init", "--quiet")
    copy.must("git", "add", "--all")
    return copy
