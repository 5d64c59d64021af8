"""The published files of the sample databases, read as typed rows."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from inspect import get_annotations
from pathlib import Path

from bridgeorm import Model
from bridgeorm.model_schema import schema_of

from .northwind import NORTHWIND
from .sakila import SAKILA, Rating

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("BRIDGE_SAMPLE_DATA", ROOT.parent / "shared" / "data"))
SAKILA_FILE = FOLDER / "sakila" / "postgres-sakila-insert-data-using-copy.sql"
NORTHWIND_FILE = FOLDER / "northwind" / "northwind-postgres.sql"

Row = dict[str, object]
_CENT = Decimal("0.01")
_LITERAL = re.compile(r"\s*(?:'((?:[^']|'')*)'|(NULL)|([^,']+?))\s*(?:,|$)")
_ESCAPES = {"\\t": "\t", "\\n": "\n", "\\\\": "\\"}


def _to_list(text: str) -> list[str]:
    return [member.strip('"') for member in text.strip("{}").split(",")] if text != "{}" else []


# By what a model's annotation says, without `Column[...]` and `| None`. Floating money becomes exact.
_PARSERS: dict[str, Callable[[str], object]] = {
    "int": int,
    "str": str,
    "bool": lambda text: text in ("t", "1"),
    "bytes": lambda text: bytes.fromhex(text.removeprefix("\\x")),
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "Decimal": lambda text: Decimal(text).quantize(_CENT),
    "list[str]": _to_list,
    "Rating": Rating,
}


def parsers_of(model: type[Model]) -> dict[str, Callable[[str], object]]:
    """How the text of each column becomes its value."""
    annotations: dict[str, str] = {}
    for ancestor in reversed(model.__mro__):
        annotations |= get_annotations(ancestor)
    columns = {
        name: text.removeprefix("Column[").removesuffix("]").removesuffix(" | None")
        for name, text in annotations.items()
        if text.startswith("Column[")
    }
    return {name: _PARSERS[kind] for name, kind in columns.items()}


def _typed(model: type[Model], columns: list[str], texts: list[str | None]) -> Row:
    parsers = parsers_of(model)
    return {
        name: None if text is None else parsers[name](text)
        for name, text in zip(columns, texts, strict=True)
        if name in parsers
    }


def _copied(text: str) -> str | None:
    if text == "\\N":
        return None
    return re.sub(r"\\.", lambda found: _ESCAPES[found.group()], text)


def _copies(table: str) -> Iterator[tuple[list[str], list[str | None]]]:
    """The rows behind `COPY table (columns) FROM stdin;` as texts."""
    wanted = re.compile(rf"COPY public\.{table} \((.*)\) FROM stdin;")
    columns: list[str] | None = None
    for line in SAKILA_FILE.read_text("utf-8").splitlines():
        opening = wanted.match(line)
        if opening:
            columns = opening.group(1).split(", ")
        elif columns and line == "\\.":
            return
        elif columns:
            yield columns, [_copied(text) for text in line.split("\t")]


def _literals(line: str) -> list[str | None]:
    """The members of a list of SQL literals."""
    found: list[str | None] = []
    for quoted, null, bare in _LITERAL.findall(line):
        found.append(None if null else bare or quoted.replace("''", "'"))
    return found


def _inserts(table: str) -> Iterator[list[str | None]]:
    """The rows of `INSERT INTO table VALUES (...);` as texts."""
    prefix = f"INSERT INTO {table} VALUES ("  # noqa: S608 - what a line of the file begins with
    for line in NORTHWIND_FILE.read_text("utf-8").splitlines():
        if line.startswith(prefix):
            yield _literals(line.removeprefix(prefix).rstrip().removesuffix(");"))


def table_of(model: type[Model]) -> str:
    """The name of a model's table."""
    return schema_of(model).table_name


@cache
def rows_of(model: type[Model]) -> list[Row]:
    """All rows of a model's table, as the file has them; columns that no model knows are left out."""
    if model in SAKILA:
        return [_typed(model, columns, texts) for columns, texts in _copies(table_of(model))]
    assert model in NORTHWIND
    keys = [column.attribute for column in schema_of(model).key_columns]
    columns = [*keys, *(name for name in parsers_of(model) if name not in keys)]
    return [_typed(model, columns, texts) for texts in _inserts(table_of(model))]
