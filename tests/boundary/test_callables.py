"""Every callable of the module, called wrongly in every way: typed errors and a living process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bridgeorm import _engine, errors

PROGRAM = Path(__file__).with_name("hostile_calls.py")
FEWEST_CALLS = 5_000


def test_wrong_calls_raise_typed_errors_and_the_process_lives() -> None:
    finished = subprocess.run(
        [sys.executable, "-W", "ignore", str(PROGRAM)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr[-2000:]
    assert int(finished.stdout.split("calls ")[1].split()[0]) > FEWEST_CALLS


def test_each_code_raises_its_class() -> None:
    classes = errors.classes_by_code()
    for code, is_retryable in _engine.error_codes():
        assert code in classes, code
        assert isinstance(is_retryable, bool)


@pytest.mark.parametrize(
    "name",
    [
        "Pending",
        "LoadGroup",
        "Node",
        "Statement",
        "Table",
        "Transaction",
        "Outcome",
        "RowStream",
        "ArrowTable",
    ],
)
def test_what_only_the_engine_makes_cannot_be_made(name: str) -> None:
    with pytest.raises(TypeError):
        getattr(_engine, name)()
