"""Round trips of any value of every type, by every way of writing, and a matrix of what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Interface, IPv6Address
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridgeorm import (
    BridgeError,
    Column,
    DecodeError,
    Model,
    SyncDatabase,
    ValidationError,
    column,
    primary_key,
    select,
    update,
)

from .strategies import ACCEPTED, MONEY_DIGITS, MONEY_SCALE, VALUES, WRONG_KINDS, Season

EXAMPLES = 15
"""For each type and database; the whole file stays below a minute."""
NOT_COMPARED = {"document", "numbers", "words", "keys", "days"}
"""Containers have no equality that all databases share."""

steady = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class Sample(Model, table="exam_samples"):
    """One nullable column of every storage type."""

    id: Column[int] = primary_key()
    small: Column[int | None] = column(bits=16, default=None)
    medium: Column[int | None] = column(bits=32, default=None)
    large: Column[int | None] = column(default=None)
    flag: Column[bool | None] = column(default=None)
    real: Column[float | None] = column(default=None)
    money: Column[Decimal | None] = column(precision=MONEY_DIGITS, scale=MONEY_SCALE, default=None)
    exact: Column[Decimal | None] = column(default=None)
    text: Column[str | None] = column(default=None)
    short: Column[str | None] = column(max_length=8, default=None)
    raw: Column[bytes | None] = column(default=None)
    day: Column[date | None] = column(default=None)
    moment: Column[time | None] = column(default=None)
    at: Column[datetime | None] = column(default=None)
    local: Column[datetime | None] = column(timezone=False, default=None)
    span: Column[timedelta | None] = column(default=None)
    key: Column[UUID | None] = column(default=None)
    season: Column[Season | None] = column(default=None)
    address: Column[IPv4Address | IPv6Address | None] = column(default=None)
    network: Column[IPv4Interface | None] = column(default=None)
    document: Column[dict[str, object] | None] = column(default=None)
    numbers: Column[list[int] | None] = column(default=None)
    words: Column[list[str] | None] = column(default=None)
    keys: Column[list[UUID] | None] = column(default=None)
    days: Column[list[date] | None] = column(default=None)


COLUMNS = sorted(VALUES)


@pytest.fixture
def db(database_url: str) -> Iterator[SyncDatabase]:
    with SyncDatabase(database_url) as opened:
        opened.create_tables(Sample)
        yield opened


def is_same(read: object, written: object) -> bool:
    """Equal in value and class, in moments to the microsecond, in numbers to the digits of the column."""
    if isinstance(written, datetime) and written.tzinfo is not None:
        # comparing within one zone ignores which of two equal hours is meant
        return isinstance(read, datetime) and read.tzinfo is UTC and read == written.astimezone(UTC)
    return type(read) is type(written) and read == written


def same_in_order(read: list[Any], written: list[Any]) -> bool:
    return len(read) == len(written) and all(map(is_same, read, written))


def test_every_type_has_values_and_a_row_in_the_matrix() -> None:
    names = {name for name in vars(Sample) if isinstance(getattr(Sample, name), Column)} - {"id"}
    assert names == set(VALUES) == set(ACCEPTED)


@pytest.mark.parametrize("name", COLUMNS)
def test_value_survives_every_way_of_writing(db: SyncDatabase, name: str) -> None:
    held: Any = getattr(Sample, name)

    def stored(*keys: int) -> list[Any]:
        return db.all(select(held).where(Sample.id.in_(keys)).order_by(Sample.id))

    @steady
    @given(st.lists(st.one_of(st.none(), VALUES[name]), min_size=1, max_size=5))
    def check(values: list[Any]) -> None:
        with db.transaction():  # or each of hundreds of commits would wait for the disk
            objects = [db.insert(Sample(**{name: value})) for value in values]
            keys = [each.id for each in objects]
            assert same_in_order(stored(*keys), values)
            last = max(keys)
            assert db.insert_many(Sample, [{name: value} for value in values]) == len(values)
            assert same_in_order(db.all(select(held).where(Sample.id > last).order_by(Sample.id)), values)
            together = db.insert_many([Sample(**{name: value}) for value in values])
            assert same_in_order(stored(*(each.id for each in together)), values)
            for each, value in zip(objects, reversed(values), strict=True):
                setattr(each, name, value)
                db.update(each)
            assert same_in_order(stored(*keys), values[::-1])
            written = update(Sample).where(Sample.id == last).set(**{name: values[0]})
            if db.has_capability("returning"):
                returned = db.one(written.returning(held))
            else:
                db.execute(written)
                returned = db.one(select(held).where(Sample.id == last))
            assert is_same(returned, values[0])
            db.refresh(objects[-1])
            assert is_same(getattr(objects[-1], name), values[0])

    check()


@pytest.mark.parametrize("name", [name for name in COLUMNS if name not in NOT_COMPARED])
def test_filter_finds_exactly_its_equals(db: SyncDatabase, name: str) -> None:
    held: Any = getattr(Sample, name)

    @steady
    @given(st.lists(VALUES[name], min_size=2, max_size=6))
    def check(values: list[Any]) -> None:
        with db.transaction():
            keys = [each.id for each in db.insert_many([Sample(**{name: value}) for value in values])]
            mine = select(Sample.id).where(Sample.id.in_(keys)).order_by(Sample.id)
            for value in values:
                equals = [key for key, other in zip(keys, values, strict=True) if _equal(other, value)]
                assert db.all(mine.where(held == value)) == equals
                assert db.all(mine.where(held.in_([value]))) == equals
                assert db.all(mine.where(held != value)) == [key for key in keys if key not in equals]
            assert db.all(mine.where(held.in_(values))) == keys

    check()


def _equal(one: Any, other: Any) -> bool:
    return bool(_plain(one) == _plain(other))


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in COLUMNS
        if name in {"small", "large", "real", "money", "exact", "day", "at", "local", "span", "raw"}
    ],
)
def test_order_is_that_of_python(db: SyncDatabase, name: str) -> None:
    held: Any = getattr(Sample, name)

    @steady
    @given(st.lists(VALUES[name], min_size=2, max_size=6))
    def check(values: list[Any]) -> None:
        with db.transaction():
            keys = [each.id for each in db.insert_many([Sample(**{name: value}) for value in values])]
            read = db.all(select(held).where(Sample.id.in_(keys)).order_by(held))
            wanted = sorted(value.astimezone(UTC) if name == "at" else value for value in values)
            assert read == wanted
            least = db.all(select(Sample.id).where(Sample.id.in_(keys), held < values[0]))
            assert len(least) == sum(value < wanted[0] or value < _plain(values[0]) for value in wanted)

    check()


def _plain(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo is not None else value


# --- what is refused ---

MATRIX = [(name, kind) for name in COLUMNS for kind in WRONG_KINDS]
REFUSED = [(name, kind) for name, kind in MATRIX if kind not in ACCEPTED[name]]


def test_matrix_on_construction_and_assignment() -> None:
    wrong: list[str] = []
    for name, kind in MATRIX:
        value = WRONG_KINDS[kind]
        sample = Sample()
        for way, write in (
            ("construction", lambda name=name, value=value: Sample(**{name: value})),
            ("assignment", lambda sample=sample, name=name, value=value: setattr(sample, name, value)),
            ("set", lambda name=name, value=value: update(Sample).everywhere().set(**{name: value})),
            ("to", lambda name=name, value=value: getattr(Sample, name).to(value)),
        ):
            try:
                write()
            except ValidationError as error:
                said = str(error)
                if kind in ACCEPTED[name]:
                    wrong.append(f"{way}: {name} refuses {kind}: {said}")
                elif f"Sample.{name}" not in said:
                    wrong.append(f"{way}: {name} refuses {kind} without its name: {said}")
            else:
                if kind not in ACCEPTED[name]:
                    wrong.append(f"{way}: {name} takes {kind}")
        if kind not in ACCEPTED[name] and getattr(sample, name) is not None:
            wrong.append(f"{name} holds a refused {kind}")
    assert not wrong, "\n".join(wrong)


BOUNDS = {"huge int", "fine Decimal", "large Decimal", "long text", "int", "float", "half"}
"""A value too large, too long or too exact for its column may be compared with it: it equals nothing."""


def test_matrix_in_filters() -> None:
    wrong: list[str] = []
    for name, kind in REFUSED:
        if kind in BOUNDS or name in NOT_COMPARED:
            continue
        try:
            select(Sample).where(getattr(Sample, name) == WRONG_KINDS[kind])
        except (ValidationError, TypeError):
            continue
        wrong.append(f"{name} compares with {kind}")
    assert not wrong, "\n".join(wrong)


def test_matrix_in_bulk(db: SyncDatabase) -> None:
    wrong: list[str] = []
    for name, kind in MATRIX:
        try:
            db.insert_many(Sample, [{name: None}, {name: WRONG_KINDS[kind]}])
        except ValidationError:
            if kind in ACCEPTED[name]:
                wrong.append(f"{name} refuses {kind}")
        else:
            if kind not in ACCEPTED[name]:
                wrong.append(f"{name} takes {kind}")
    assert not wrong, "\n".join(wrong)
    expected = 2 * sum(map(len, ACCEPTED.values()))
    assert db.count(select(Sample)) == expected, "a refused list leaves no row of it behind"


def test_matrix_of_keys(db: SyncDatabase) -> None:
    for kind in set(WRONG_KINDS) - ACCEPTED["large"] - {"tuple"}:
        with pytest.raises((ValidationError, TypeError)):
            db.get(Sample, WRONG_KINDS[kind])
    assert db.find(Sample, 5) is None


def test_not_null_columns_refuse_none() -> None:
    class Full(Model, table="exam_full"):
        id: Column[int] = primary_key()
        text: Column[str] = column()

    for write in (
        lambda: Full(text=None),  # type: ignore[arg-type]  # what is refused
        lambda: Full.text.to(None),  # type: ignore[arg-type]  # what is refused
        lambda: update(Full).everywhere().set(text=None),
    ):
        with pytest.raises(ValidationError, match=r"Full\.text"):
            write()


# --- a value never becomes text of a statement ---


def _conditions(value: Any) -> st.SearchStrategy[Any]:
    """Random trees whose every leaf holds a value of its own."""
    texts = st.builds(value.text)
    comparisons = st.one_of(
        st.builds(
            lambda operator, text: getattr(Sample.text, operator)(text),
            st.sampled_from(
                [
                    "__eq__",
                    "__ne__",
                    "__lt__",
                    "__ge__",
                    "like",
                    "ilike",
                    "startswith",
                    "endswith",
                    "contains",
                ]
            ),
            texts,
        ),
        st.builds(lambda text: Sample.text.in_([text, text + "x"]), texts),
        st.builds(lambda text: Sample.text.between(text, text + "z"), texts),
        st.builds(lambda text: (Sample.text + text).is_distinct_from(text), texts),
        st.builds(lambda number: Sample.large + number > Sample.small, st.builds(value.number)),
        st.builds(lambda number: Sample.large.not_in([number]), st.builds(value.number)),
        st.builds(lambda number: Sample.exact * Decimal(number) < number, st.builds(value.number)),
        st.builds(lambda text: Sample.raw == text.encode(), texts),
    )
    return st.recursive(
        comparisons,
        lambda inner: st.one_of(
            st.builds(lambda one, other: one & other, inner, inner),
            st.builds(lambda one, other: one | other, inner, inner),
            st.builds(lambda one: ~one, inner),
        ),
        max_leaves=10,
    )


class Canaries:
    """Makes values and remembers them."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def text(self) -> str:
        token = f"canary{len(self.made):06d}'\";--"
        self.made.append(token[:12])
        return token

    def number(self) -> int:
        number = 700_000_000_000 + len(self.made)
        self.made.append(str(number))
        return number


def test_values_never_stand_in_the_text(db: SyncDatabase) -> None:
    from bridgeorm import telemetry

    canaries = Canaries()
    sent: list[str] = []
    remove = telemetry.on_query(lambda event: sent.append(event.statement or ""))

    @settings(steady, max_examples=150)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        condition = data.draw(_conditions(canaries))
        sent.clear()
        try:
            db.all(select(Sample.id).where(condition).order_by(Sample.id).limit(10))
        except DecodeError:
            raise
        except BridgeError as error:
            assert not any(canary in str(error) for canary in canaries.made)
        assert sent
        assert not any(canary in text for text in sent for canary in canaries.made)
        assert not any(
            canary[:6] == "canary" and "canary" in text for text in sent for canary in canaries.made
        )
        canaries.made.clear()

    try:
        check()
    finally:
        remove()
