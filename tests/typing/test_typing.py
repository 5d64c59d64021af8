"""Runs mypy and pyright, both strict, over what they must accept and what they must refuse."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
MARK = "# refused"
ACCEPTED = ("accept.py", "accept_functions.py")
PYRIGHT_MARK = "# refused by pyright"
_BIN = Path(sys.executable).parent


def _mypy(name: str) -> dict[int, str]:
    """Complaints of mypy about a file, by line."""
    settings = str(PROJECT / "pyproject.toml")
    command = [str(_BIN / "mypy"), "--no-error-summary", "--config-file", settings, name]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, env=_environment(), check=False)
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    found = re.findall(rf"^{re.escape(name)}:(\d+): error: (.*)$", done.stdout, re.MULTILINE)
    return {int(line): message for line, message in found}


def _environment() -> dict[str, str]:
    return {"MYPYPATH": f"{PROJECT / 'python'}:{HERE}", "PATH": str(_BIN), "HOME": str(HERE)}


def _pyright(name: str) -> dict[int, str]:
    """Complaints of pyright about a file, by line."""
    command = [str(_BIN / "pyright"), "--outputjson", "--project", str(HERE)]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] > 0, done.stdout
    return {
        complaint["range"]["start"]["line"] + 1: complaint["message"]
        for complaint in report["generalDiagnostics"]
        if complaint["severity"] == "error" and Path(complaint["file"]).name == name
    }


def _marked(*marks: str) -> set[int]:
    lines = (HERE / "reject.py").read_text().splitlines()
    return {number for number, line in enumerate(lines, start=1) if line.endswith(marks)}


def test_mypy_accepts() -> None:
    assert [_mypy(name) for name in ACCEPTED] == [{}, {}]


def test_mypy_refuses_every_marked_line_and_no_other() -> None:
    assert set(_mypy("reject.py")) == _marked(MARK)


def test_pyright_accepts() -> None:
    assert [_pyright(name) for name in ACCEPTED] == [{}, {}]


def test_pyright_refuses_every_marked_line_and_no_other() -> None:
    assert set(_pyright("reject.py")) == _marked(MARK, PYRIGHT_MARK)
