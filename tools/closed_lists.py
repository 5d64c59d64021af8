"""Reads the closed lists of the engine's headers: macros with rows like `X(kEnumerator, "name")`."""

from __future__ import annotations

import re
from pathlib import Path

_ROW = re.compile(r"X\((k\w+),\s*([^)]*)\)")


def rows_of(header: str, macro: str) -> list[list[str]]:
    """The rows of one list, each as its columns without quotation marks."""
    text = Path(header).read_text(encoding="utf-8")
    found = re.search(rf"#define {macro}\(X\)(.*?[^\\])\n", text, re.DOTALL)
    if found is None:
        raise ValueError(f"{header} declares no list {macro}")
    rows = [
        [enumerator, *(column.strip().strip('"') for column in columns.split(","))]
        for enumerator, columns in _ROW.findall(found[1])
    ]
    if not rows:
        raise ValueError(f"the list {macro} of {header} has no rows")
    return rows
