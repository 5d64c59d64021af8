"""Lists what telemetry can name: the closed list of operations, and the fields of what is told about each."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tools.closed_lists import rows_of

_OPERATIONS = "engine/telemetry/operation.h"
_RECORDS = "engine/telemetry/sink.h"
_EVENTS = "python/bridgeorm/telemetry.py"
_STRUCT = re.compile(r"^struct (\w+) \{\n(.*?)^\};", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"^  ([\w:<> ]+?[ *&]+)(\w+)\s*(?:\{[^}]*\}|=[^;]*)?;", re.MULTILINE)


def outputs() -> dict[str, str]:
    return {
        "tests/golden/operations.txt": "".join(f"{name}\n" for name in operations()),
        "tests/golden/events.txt": "\n".join([*_records(), *_events(), ""]),
    }


def operations() -> list[str]:
    """Names of operations in the order of their declaration."""
    return [row[1] for row in rows_of(_OPERATIONS, "BRIDGE_OPERATIONS")]


def _records() -> list[str]:
    """What a sink of the engine is given."""
    text = Path(_RECORDS).read_text(encoding="utf-8")
    lines: list[str] = []
    for name, body in _STRUCT.findall(text):
        lines.append(f"{name}  ({_RECORDS})")
        lines += [f"  {field}: {' '.join(kind.split())}" for kind, field in _FIELD.findall(body)]
    return lines


def _events() -> list[str]:
    """What a callback of Python is given."""
    module = ast.parse(Path(_EVENTS).read_text(encoding="utf-8"))
    lines: list[str] = []
    for node in module.body:
        if isinstance(node, ast.ClassDef) and node.name.endswith("Event"):
            lines.append(f"{node.name}  ({_EVENTS})")
            lines += [
                f"  {ast.unparse(field.target)}: {ast.unparse(field.annotation)}"
                for field in node.body
                if isinstance(field, ast.AnnAssign)
            ]
    return lines
