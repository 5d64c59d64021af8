"""The rows and keys every contestant works on: made from a seed, equal on every machine."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

SEED = 69
COLUMNS = ("id", "quantity", "ratio", "is_active", "title", "created_at", "code", "price")
TABLE = "record"
TITLE_WORDS = ("amber", "basalt", "cedar", "delta", "ember", "fjord", "garnet", "harbour", "indigo", "jasper")
TITLE_LENGTH = 75  # makes a row 162 bytes on the wire of PostgreSQL, lengths included
FIRST_MOMENT = datetime(2020, 1, 1, tzinfo=UTC)
SECONDS_IN_RANGE = 5 * 365 * 24 * 3600
CENT = Decimal("0.01")

Row = tuple[int, int, float, bool, str, datetime, UUID, Decimal]


@dataclass(frozen=True)
class Sizes:
    """How much work one run of each operation is."""

    rows: int = 25_000
    reads_alone: int = 1_000
    reads_together: int = 3_200
    tasks: int = 32


def make_rows(sizes: Sizes) -> list[Row]:
    """All rows of the table, ids counting from one."""
    generator = random.Random(SEED)  # noqa: S311 - repeatable on purpose, protects nothing
    return [_make_row(generator, number) for number in range(1, sizes.rows + 1)]


def _make_row(generator: random.Random, number: int) -> Row:
    title = " ".join(generator.choices(TITLE_WORDS, k=20))[:TITLE_LENGTH]
    moment = timedelta(seconds=generator.randrange(SECONDS_IN_RANGE), microseconds=generator.randrange(10**6))
    return (
        number,
        generator.randrange(-(2**31), 2**31),
        generator.uniform(-1e6, 1e6),
        generator.random() < 0.5,
        title.ljust(TITLE_LENGTH, "."),
        FIRST_MOMENT + moment,
        UUID(int=generator.getrandbits(128), version=4),
        Decimal(generator.randrange(-(10**9), 10**9)).scaleb(-2),
    )


def by_column(row: Row) -> dict[str, Any]:
    """A row as the arguments of a model's constructor."""
    return dict(zip(COLUMNS, row, strict=True))


def make_keys(sizes: Sizes, count: int) -> list[int]:
    """Ids to read, with repetitions, in random order."""
    generator = random.Random(SEED + count)  # noqa: S311 - repeatable on purpose, protects nothing
    return [generator.randrange(1, sizes.rows + 1) for _ in range(count)]


def normalise(values: Sequence[object]) -> tuple[object, ...]:
    """A row in one spelling, whichever library read it: moments in UTC, prices to the cent."""
    number, quantity, ratio, is_active, title, created_at, code, price = values
    if not isinstance(created_at, datetime) or not isinstance(price, Decimal):
        raise TypeError(f"expected a datetime and a Decimal, not {type(created_at)} and {type(price)}")
    moment = created_at if created_at.tzinfo else created_at.replace(tzinfo=UTC)
    is_active = bool(is_active) if is_active in (0, 1) else is_active
    return (
        number,
        quantity,
        ratio,
        is_active,
        title,
        moment.astimezone(UTC).isoformat(),
        str(code),
        str(price.quantize(CENT)),
    )


def digest(rows: Iterable[Sequence[object]]) -> str:
    """A fingerprint of rows in their order."""
    hasher = hashlib.sha256()
    for row in rows:
        hasher.update(repr(normalise(row)).encode())
    return hasher.hexdigest()
