"""The blocking twin is exactly what the generator makes of the asynchronous modules."""

from __future__ import annotations

import ast
from pathlib import Path

from tools.generators.sync_face import outputs, to_blocking

PROJECT = Path(__file__).resolve().parents[2]


def test_nothing_has_drifted() -> None:
    for name, text in outputs().items():
        assert (PROJECT / name).read_text() == text, name


def test_nothing_asynchronous_is_left() -> None:
    for name, text in outputs().items():
        for node in ast.walk(ast.parse(text)):
            assert not isinstance(node, ast.Await | ast.AsyncFunctionDef | ast.AsyncWith | ast.AsyncFor), name


def test_native_results_are_waited_for() -> None:
    source = "async def run() -> Coroutine[Any, Any, int]:\n    return await pending  # why\n"
    assert "def run() -> int:\n    return pending.wait()  # why\n" in to_blocking(source, "running")


def test_wrappers_of_coroutines_are_left_out() -> None:
    source = "def count(self) -> Coroutine[Any, Any, int]:\n    return Pending(fetch(self, [1]))\n"
    assert "def count(self) -> int:\n    return fetch(self, [1])\n" in to_blocking(source, "verbs")
