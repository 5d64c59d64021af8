"""Asking what a value is without type checkers losing its type parameters."""

from __future__ import annotations

from typing import Any


def is_a(thing: object, kind: type[Any]) -> bool:
    """`isinstance`, but the value keeps the type it was declared with."""
    return isinstance(thing, kind)


def parts_of(row: Any) -> tuple[Any, ...]:
    """What a row is made of: several things, or the one it is."""
    return row if is_a(row, tuple) else (row,)
