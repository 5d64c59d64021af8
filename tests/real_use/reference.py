"""The other side of each comparison: SQL written by hand, run by the databases' own drivers."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import psycopg

Row = tuple[Any, ...]
_CENT = Decimal("0.01")
_SHARE = Decimal("0.0001")

# Hand-written text says `month(x)` and the like where the databases spell it differently.
_SPELLINGS: dict[str, dict[str, str]] = {
    "postgresql": {
        "month": "CAST(date_trunc('month', {0}) AS date)",
        "year": "CAST(EXTRACT(YEAR FROM {0}) AS bigint)",
        "hour": "CAST(EXTRACT(HOUR FROM {0}) AS bigint)",
        "weekday": "CAST(EXTRACT(ISODOW FROM {0}) AS bigint)",
        "day": "CAST({0} AS date)",
        "days": "CAST(CAST({1} AS date) - CAST({0} AS date) AS bigint)",
        "days_later": "({0} + {1})",
        "months_between": (
            "CAST((EXTRACT(YEAR FROM {1}) - EXTRACT(YEAR FROM {0})) * 12"
            " + EXTRACT(MONTH FROM {1}) - EXTRACT(MONTH FROM {0}) AS bigint)"
        ),
        "times": "({0} * {1})",
        "minus": "({0} - {1})",
        "over": "ROUND({0} / {1}, 4)",
        "mean": "ROUND(AVG({0}), 2)",
        "cents": "ROUND({0}, 2)",
    },
    "sqlite": {
        "month": "strftime('%Y-%m-01', {0})",
        "year": "CAST(strftime('%Y', {0}) AS INTEGER)",
        "hour": "CAST(strftime('%H', {0}) AS INTEGER)",
        "weekday": "((CAST(strftime('%w', {0}) AS INTEGER) + 6) % 7 + 1)",
        "day": "DATE({0})",
        "days": "CAST(julianday(date({1})) - julianday(date({0})) AS INTEGER)",
        "days_later": "DATE({0}, ({1}) || ' days')",
        "months_between": (
            "((strftime('%Y', {1}) - strftime('%Y', {0})) * 12 + strftime('%m', {1}) - strftime('%m', {0}))"
        ),
        "times": "exact_times({0}, {1})",
        "minus": "exact_minus({0}, {1})",
        "over": "exact_over({0}, {1})",
        "mean": "exact_mean({0})",
        "cents": "exact_cents({0})",
    },
}


def _arguments(text: str, start: int) -> tuple[list[str], int]:
    """What stands between the bracket before `start` and the one that closes it, cut at its commas."""
    depth, begun, parts = 1, start, list[str]()
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return [*parts, text[begun:place].strip()], place + 1
        if depth == 1 and text[place] == ",":
            parts.append(text[begun:place].strip())
            begun = place + 1
    raise ValueError("a bracket is not closed")


def spelled(text: str, database: str) -> str:
    """Hand-written text in the spelling of a database."""
    for name, spelling in _SPELLINGS[database].items():
        while found := re.search(rf"(?<!\w){name}\(", text):
            arguments, end = _arguments(text, found.end())
            text = text[: found.start()] + spelling.format(*arguments) + text[end:]
    return text


def _exact(value: Any) -> Decimal:
    return Decimal(str(value))


def _rounded(value: Decimal, places: Decimal) -> str:
    return str(value.quantize(places, ROUND_HALF_UP))


def _times(left: Any, right: Any) -> str:
    return str(_exact(left) * _exact(right))


def _minus(left: Any, right: Any) -> str:
    return str(_exact(left) - _exact(right))


def _over(left: Any, right: Any) -> str:
    return _rounded(_exact(left) / _exact(right), _SHARE)


def _cents(value: Any) -> str:
    return _rounded(_exact(value), _CENT)


_EXACT: dict[str, tuple[int, Callable[..., str]]] = {
    "exact_times": (2, _times),
    "exact_minus": (2, _minus),
    "exact_over": (2, _over),
    "exact_cents": (1, _cents),
}


def _unless_null(compute: Callable[..., str]) -> Callable[..., str | None]:
    return lambda *values: None if None in values else compute(*values)


class ExactSum:
    """SUM that adds decimal text exactly, and whole numbers as they are; as an aggregate and over windows."""

    def __init__(self) -> None:
        self.values: list[Any] = []

    def step(self, value: Any) -> None:
        """A row that comes."""
        if value is not None:
            self.values.append(value)

    def inverse(self, value: Any) -> None:
        """A row that leaves the window."""
        if value is not None:
            self.values.remove(value)

    def value(self) -> Any:
        """The sum as it is now."""
        if not self.values or all(isinstance(value, int) for value in self.values):
            return sum(self.values) if self.values else None
        return str(sum(map(_exact, self.values), Decimal(0)))

    finalize = value


class ExactMean(ExactSum):
    """The mean of decimals, to cents."""

    def value(self) -> Any:
        """The mean as it is now."""
        if not self.values:
            return None
        return _rounded(sum(map(_exact, self.values), Decimal(0)) / len(self.values), _CENT)

    finalize = value


def _compare(left: str, right: str) -> int:
    return (_exact(left) > _exact(right)) - (_exact(left) < _exact(right))


def open_sqlite(path: Path) -> sqlite3.Connection:
    """The file, by Python's own driver, with exact decimals of Python's own."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.create_collation("bridge_decimal", _compare)
    for name, (arguments, compute) in _EXACT.items():
        connection.create_function(name, arguments, _unless_null(compute), deterministic=True)
    for name, aggregate in {"sum": ExactSum, "exact_mean": ExactMean}.items():
        connection.create_window_function(name, 1, aggregate)
    return connection


# SQLite stores text and whole numbers: what they stand for is said by the question.
_READERS: dict[type, Callable[[Any], Any]] = {
    Decimal: _exact,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
    time: time.fromisoformat,
    bool: bool,
    float: float,
    dict: json.loads,
    list: json.loads,
}


def _read(value: Any, kind: type) -> Any:
    if value is None or kind not in _READERS:
        return value
    return _READERS[kind](value)


def ask_sqlite(path: Path, texts: Sequence[str], kinds: Sequence[type]) -> list[Row]:
    """The rows of the last statement; nothing that is written stays."""
    connection = open_sqlite(path)
    try:
        connection.execute("BEGIN")
        rows: Iterable[Row] = ()
        for text in texts:
            rows = connection.execute(spelled(text, "sqlite")).fetchall()
        connection.execute("ROLLBACK")
        return [tuple(_read(value, kind) for value, kind in zip(row, kinds, strict=True)) for row in rows]
    finally:
        connection.close()


def ask_postgres(url: str, texts: Sequence[str]) -> list[Row]:
    """The same by psycopg."""
    with psycopg.connect(url) as connection:
        cursor = connection.cursor()
        for text in texts:
            cursor.execute(spelled(text, "postgresql").encode())
        rows = cursor.fetchall()
        connection.rollback()
        return rows
