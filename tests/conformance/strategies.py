"""Values of every storage type for the property tests: the ordinary, the extreme and the awkward."""

from __future__ import annotations

import enum
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Interface, IPv6Address
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

ZONES = [ZoneInfo("UTC"), ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/St_Johns")]
"""Whole hours, quarters, halves; two of them have hours that happen twice."""
LONGEST_SPAN = timedelta(microseconds=2**63 - 1)
"""What 64 bits of microseconds hold; SQLite keeps spans so."""
MONEY_DIGITS, MONEY_SCALE = 20, 4
AWKWARD_TEXTS = [
    "",
    " ",
    "NULL",
    "null",
    "'",
    '"',
    "\\",
    "\\.",
    "{}",
    "{a,b}",
    "%_%",
    "--",
    ";",
    "$1",
    "?",
    "\n",
    "\t",
    "\r\n",
    "e\u0301",
    "\u00e9",
    "🎉👩‍👩‍👧",
    "\u2028",
    "\ufeff",
    "\uffff",
    "\U0010ffff",
    "א",
]


class Season(enum.Enum):
    """A closed list of texts, one of them empty of meaning for SQL."""

    SPRING = "spring"
    AUTUMN = "NULL"


class OtherSeason(enum.Enum):
    """A member of like name and value that is nevertheless another."""

    SPRING = "spring"


class FiveOfNumbers(enum.IntEnum):
    """A member that is a number, too."""

    FIVE = 5


class FiveOfTexts(enum.StrEnum):
    """A member that is a text, too."""

    FIVE = "5"


def whole_numbers(bits: int) -> SearchStrategy[int]:
    """All of them, the ends often."""
    low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    return st.one_of(st.sampled_from([low, low + 1, -1, 0, 1, high - 1, high]), st.integers(low, high))


def texts() -> SearchStrategy[str]:
    """Anything but NUL and halves of characters, which are refused."""
    characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    return st.one_of(st.sampled_from(AWKWARD_TEXTS), st.text(characters, max_size=30))


def decimals() -> SearchStrategy[Decimal]:
    """What a column of MONEY_DIGITS and MONEY_SCALE holds without rounding."""
    largest = 10**MONEY_DIGITS - 1
    return st.integers(-largest, largest).map(lambda digits: Decimal(digits).scaleb(-MONEY_SCALE))


def unbounded_decimals() -> SearchStrategy[Decimal]:
    """Any finite number of many digits and any scale."""
    return st.builds(
        lambda digits, exponent: Decimal(digits).scaleb(exponent),
        st.integers(-(10**40), 10**40),
        st.integers(-30, 20),
    )


def moments() -> SearchStrategy[datetime]:
    """Aware ones from several zones, hours that happen twice or never included, the ends of time too."""
    away_from_the_ends = st.datetimes(
        min_value=datetime(2, 1, 1),  # noqa: DTZ001 - the zone is another argument
        max_value=datetime(9998, 12, 31),  # noqa: DTZ001 - the zone is another argument
        timezones=st.sampled_from(ZONES),
    )
    folds = st.builds(
        lambda minute, fold: datetime(2024, 10, 27, 2, minute, fold=fold, tzinfo=ZONES[1]),
        st.integers(0, 59),
        st.sampled_from([0, 1]),
    )
    ends = st.sampled_from(
        [
            datetime.min.replace(tzinfo=UTC),
            datetime.max.replace(tzinfo=UTC),
            datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        ]
    )
    return st.one_of(away_from_the_ends, folds, ends)


def spans() -> SearchStrategy[timedelta]:
    """As far as every database keeps them exactly."""
    extremes = st.sampled_from([LONGEST_SPAN, -LONGEST_SPAN, timedelta(0), timedelta(microseconds=-1)])
    return st.one_of(extremes, st.timedeltas(min_value=-LONGEST_SPAN, max_value=LONGEST_SPAN))


def documents() -> SearchStrategy[dict[str, object]]:
    """JSON objects, deep ones too."""
    leaves: SearchStrategy[Any] = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**20), 10**20),
        st.floats(allow_nan=False, allow_infinity=False),
        texts(),
    )
    nested = st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4), st.dictionaries(texts().filter(bool), inner, max_size=4)
        ),
        max_leaves=12,
    )
    return st.dictionaries(texts(), nested, max_size=4)


def real_numbers() -> SearchStrategy[float]:
    """All finite ones; NaN and infinities are refused."""
    extremes = [0.0, -0.0, 5e-324, -5e-324, 1.7976931348623157e308, 0.1, 2.0**53]
    return st.one_of(st.sampled_from(extremes), st.floats(allow_nan=False, allow_infinity=False))


VALUES: dict[str, SearchStrategy[Any]] = {
    "small": whole_numbers(16),
    "medium": whole_numbers(32),
    "large": whole_numbers(64),
    "flag": st.booleans(),
    "real": real_numbers(),
    "money": decimals(),
    "exact": unbounded_decimals(),
    "text": texts(),
    "short": texts().filter(lambda text: len(text) <= 8),
    "raw": st.binary(max_size=200),
    "day": st.dates(),
    "moment": st.times(),
    "at": moments(),
    "local": st.datetimes(),
    "span": spans(),
    "key": st.uuids(allow_nil=True),
    "season": st.sampled_from(Season),
    "address": st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)),
    "network": st.builds(
        lambda address, bits: IPv4Interface((address, bits)), st.ip_addresses(v=4), st.integers(0, 31)
    ),
    "document": documents(),
    "numbers": st.lists(whole_numbers(64), max_size=5),
    "words": st.lists(texts(), max_size=5),
    "keys": st.lists(st.uuids(), max_size=3),
    "days": st.lists(st.dates(), max_size=3),
}
"""By the column of `Sample` that holds them."""

_LONE = "lone \ud800 half"
_KINDS: dict[str, Any] = {
    "bool": True,
    "int": 5,
    "huge int": 2**63,
    "float": 1.0,
    "half": 1.5,
    "nan": float("nan"),
    "infinity": float("-inf"),
    "text": "5",
    "lone surrogate": _LONE,
    "nul": "a\0b",
    "long text": "123456789",
    "bytes": b"5",
    "bytearray": bytearray(b"5"),
    "Decimal": Decimal(5),
    "fine Decimal": Decimal("0.00001"),
    "large Decimal": Decimal(10) ** 17,
    "Decimal NaN": Decimal("NaN"),
    "Decimal infinity": Decimal("-Infinity"),
    "date": date(2024, 2, 29),
    "time": time(12, 30),
    "aware time": time(12, 30, tzinfo=UTC),
    "naive datetime": datetime(2024, 2, 29),  # noqa: DTZ001 - one of the kinds
    "aware datetime": datetime(2024, 2, 29, tzinfo=UTC),
    "timedelta": timedelta(5),
    "UUID": UUID(int=5),
    "member": Season.SPRING,
    "member of another": OtherSeason.SPRING,
    "number's member": FiveOfNumbers.FIVE,
    "text's member": FiveOfTexts.FIVE,
    "IPv4Address": IPv4Address("192.0.2.1"),
    "IPv6Address": IPv6Address("2001:db8::1"),
    "IPv4Interface": IPv4Interface("192.0.2.1/24"),
    "dict": {"a": 1},
    "dict of numbers": {1: "a"},
    "dict of bytes": {"a": b"x"},
    "dict of nan": {"a": [float("nan")]},
    "list of ints": [1],
    "list of bools": [True],
    "list of texts": ["a"],
    "list of None": [None],
    "list of UUIDs": [UUID(int=5)],
    "list of dates": [date(2024, 2, 29)],
    "list of datetimes": [datetime(2024, 2, 29)],  # noqa: DTZ001 - no date
    "tuple": (1,),
    "set": {1},
    "object": object(),
    "class": int,
}
WRONG_KINDS = _KINDS
"""One value of every kind, by what it is called."""

ACCEPTED: dict[str, set[str]] = {
    "small": {"int"},
    "medium": {"int"},
    "large": {"int"},
    "flag": {"bool"},
    "real": {"int", "huge int", "float", "half"},
    "money": {"int", "Decimal"},
    "exact": {"int", "huge int", "Decimal", "fine Decimal", "large Decimal"},
    "text": {"text", "long text"},
    "short": {"text"},
    "raw": {"bytes", "bytearray"},
    "day": {"date"},
    "moment": {"time"},
    "at": {"aware datetime"},
    "local": {"naive datetime"},
    "span": {"timedelta"},
    "key": {"UUID"},
    "season": {"member"},
    "address": {"IPv4Address", "IPv6Address"},
    "network": {"IPv4Interface"},
    "document": {"dict"},
    "numbers": {"list of ints"},
    "words": {"list of texts"},
    "keys": {"list of UUIDs"},
    "days": {"list of dates"},
}
"""By column, which of those kinds it takes; every other is refused."""
