"""Writes every generated file of the project; with --check only tells which ones have drifted.

A generator is a module beside this one with `outputs() -> dict[str, str]`: path from the root, new text.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
Generator = Callable[[], dict[str, str]]


def all_outputs() -> dict[str, str]:
    """Every generated file by its path from the root."""
    generated: dict[str, str] = {}
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        outputs: Generator = importlib.import_module(f"tools.generators.{path.stem}").outputs
        generated.update(outputs())
    return generated


def current_text(path: Path) -> str | None:
    """What stands there now, or None."""
    return path.read_text(encoding="utf-8") if path.exists() else None


def main(arguments: list[str]) -> int:
    """Writes what differs, or reports it; the exit status."""
    checking = arguments == ["--check"]
    if arguments and not checking:
        print("usage: tools/generate [--check]", file=sys.stderr)
        return 2
    drifted = 0
    for name, text in all_outputs().items():
        path = PROJECT / name
        if current_text(path) == text:
            continue
        drifted += 1
        if checking:
            print(f"{name}:1: generated: differs from its source; run tools/generate")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {name}")
    return 1 if checking and drifted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
