"""Prints rows as aligned columns: numbers to the right, everything else to the left."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

WIDEST_CELL = 58
DECIMALS = 1


def format_cell(value: object) -> str:
    """The text of one cell."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | Decimal):
        return f"{value:,.{DECIMALS}f}"
    if isinstance(value, int):
        return f"{value:,}"
    text = " ".join(str(value).splitlines())
    return text if len(text) <= WIDEST_CELL else text[: WIDEST_CELL - 1] + "…"


def format_table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """The whole table as text, a line a row."""
    cells = [[format_cell(value) for value in row] for row in rows]
    widths = [max(len(text) for text in column) for column in zip(headers, *cells, strict=True)]
    is_number = [
        all(isinstance(row[index], int | float | Decimal) or row[index] is None for row in rows)
        and bool(rows)
        for index in range(len(headers))
    ]

    def line(texts: Sequence[str]) -> str:
        parts = [
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(texts, widths, is_number, strict=True)
        ]
        return "  " + "  ".join(parts).rstrip()

    return "\n".join([line(headers), line(["-" * width for width in widths]), *map(line, cells)])
