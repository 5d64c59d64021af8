"""The strict matrix, both ways: what a column takes, what it refuses, and that nothing changes on the way."""

from __future__ import annotations

import datetime
import decimal
import enum
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from bridgeorm import _engine

if TYPE_CHECKING:
    from tests.boundary.conftest import Example

UTC = datetime.UTC


class Color(enum.IntEnum):
    """An int that is none."""

    RED = 1


class Word(str):
    """A str that is none."""

    __slots__ = ()


class BrokenZone(datetime.tzinfo):
    """Raises whenever it is asked."""

    def utcoffset(self, _moment: datetime.datetime | None) -> datetime.timedelta:
        raise ZeroDivisionError

    def dst(self, _moment: datetime.datetime | None) -> datetime.timedelta:
        raise ZeroDivisionError

    def tzname(self, _moment: datetime.datetime | None) -> str:
        raise ZeroDivisionError


def cycle() -> list[object]:
    """A list that contains itself."""
    members: list[object] = []
    members.append(members)
    return members


ACCEPTED: list[tuple[dict[str, Any], object, object]] = [
    ({"storage": "int16"}, -(2**15), -(2**15)),
    ({"storage": "int32"}, 2**31 - 1, 2**31 - 1),
    ({"storage": "int64"}, -(2**63), -(2**63)),
    ({"storage": "bool"}, True, True),
    ({"storage": "float64"}, 2**53, float(2**53)),
    ({"storage": "float64"}, -0.0, -0.0),
    ({"storage": "decimal", "precision": 4, "scale": 2}, 12, decimal.Decimal(12)),
    (
        {"storage": "decimal", "precision": 4, "scale": 2},
        decimal.Decimal("12.3400"),
        decimal.Decimal("12.34"),
    ),
    ({"storage": "text", "max_length": 3}, "äöü", "äöü"),
    ({"storage": "bytes"}, bytearray(b"ab"), b"ab"),
    ({"storage": "bytes"}, memoryview(b"ab"), b"ab"),
    ({"storage": "date"}, datetime.date.max, datetime.date.max),
    (
        {"storage": "timestamp_utc"},
        datetime.datetime(2024, 7, 1, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=2))),
        datetime.datetime(2024, 7, 1, 10, tzinfo=UTC),
    ),
    ({"storage": "json"}, {"a": [1, "x", None, True, 2.5]}, {"a": [1, "x", None, True, 2.5]}),
    ({"storage": "json"}, 2**80, 2**80),
    ({"storage": "array", "element": "text"}, ["a", ""], ["a", ""]),
    ({"storage": "text", "nullable": True}, None, None),
]

REFUSED: list[tuple[dict[str, Any], object]] = [
    ({"storage": "int16"}, 2**15),
    ({"storage": "int32"}, -(2**31) - 1),
    ({"storage": "int64"}, 2**63),
    ({"storage": "int64"}, True),
    ({"storage": "int64"}, 1.0),
    ({"storage": "int64"}, "5"),
    ({"storage": "int64"}, Color.RED),
    ({"storage": "int64"}, None),
    ({"storage": "bool"}, 1),
    ({"storage": "float64"}, True),
    ({"storage": "float64"}, 2**53 + 1),
    ({"storage": "float64"}, 10**400),
    ({"storage": "float64"}, float("nan")),
    ({"storage": "float64"}, float("inf")),
    ({"storage": "float64"}, decimal.Decimal(1)),
    ({"storage": "decimal", "precision": 4, "scale": 2}, 1.5),
    ({"storage": "decimal", "precision": 4, "scale": 2}, True),
    ({"storage": "decimal", "precision": 4, "scale": 2}, decimal.Decimal("1.005")),
    ({"storage": "decimal", "precision": 4, "scale": 2}, decimal.Decimal(100)),
    ({"storage": "decimal"}, decimal.Decimal("NaN")),
    ({"storage": "decimal"}, decimal.Decimal("-Infinity")),
    ({"storage": "decimal"}, decimal.Decimal("1E+1000000")),
    ({"storage": "decimal"}, 10**1500),
    ({"storage": "text", "max_length": 2}, "äöü"),
    ({"storage": "text"}, "a\x00b"),
    ({"storage": "text"}, "\ud800"),
    ({"storage": "text"}, Word("x")),
    ({"storage": "text"}, b"x"),
    ({"storage": "bytes"}, "x"),
    ({"storage": "date"}, datetime.datetime(2024, 1, 1, tzinfo=UTC)),
    ({"storage": "time"}, datetime.time(1, tzinfo=UTC)),
    ({"storage": "timestamp"}, datetime.datetime(2024, 1, 1, tzinfo=UTC)),
    ({"storage": "timestamp_utc"}, datetime.datetime(2024, 1, 1)),  # noqa: DTZ001 - a naive one is meant
    ({"storage": "timestamp_utc"}, datetime.datetime(2024, 1, 1, tzinfo=BrokenZone())),
    (
        {"storage": "timestamp_utc"},
        datetime.datetime.max.replace(tzinfo=datetime.timezone(-datetime.timedelta(hours=5))),
    ),
    ({"storage": "interval"}, 5),
    ({"storage": "uuid"}, str(uuid.UUID(int=1))),
    ({"storage": "uuid"}, uuid.UUID.__new__(uuid.UUID)),
    ({"storage": "json"}, {1: 2}),
    ({"storage": "json"}, [float("nan")]),
    ({"storage": "json"}, (1, 2)),
    ({"storage": "json"}, "\ud800"),
    ({"storage": "json"}, cycle()),
    ({"storage": "inet"}, "192.0.2.1"),
    ({"storage": "array", "element": "int64"}, (1, 2)),
    ({"storage": "array", "element": "int64"}, [1, None]),
    ({"storage": "array", "element": "int64"}, [1, "2"]),
]


def holder(arguments: dict[str, Any]) -> tuple[Any, Any]:
    """A class with one column `value` of the type, and an instance of it."""
    kind = _engine.ColumnType(**arguments)
    table = _engine.make_table("holders", None, [("value", kind, False, "none", None, [])], [], [])
    cls: type[Any] = type("Holder", (_engine.Instance,), {"__slots__": ()})
    plan = _engine.ModelPlan(cls, table, [("value", kind, None, None)], [])
    descriptor = _engine.ColumnDescriptor()
    _engine.attach_column(descriptor, plan, 0)
    cls.value = descriptor
    return plan, _engine.Instance.__new__(cls)


@pytest.mark.parametrize(("arguments", "value", "kept"), ACCEPTED)
def test_accepted_values_are_kept_exactly(arguments: dict[str, Any], value: object, kept: object) -> None:
    _, instance = holder(arguments)
    instance.value = value
    assert instance.value == kept
    assert type(instance.value) is type(kept)
    assert _engine.changed_columns(instance) == [0]
    _engine.parameter(value, _engine.ColumnType(**arguments), "Holder.value")


@pytest.mark.parametrize(("arguments", "value"), REFUSED)
def test_everything_else_is_refused_everywhere(
    arguments: dict[str, Any], value: object, error_classes: dict[str, type[Exception]]
) -> None:
    plan, instance = holder(arguments)
    kind = _engine.ColumnType(**arguments)
    attempts: list[Callable[[], object]] = [
        lambda: setattr(instance, "value", value),
        lambda: _engine.poke(instance, 0, value, False),
        lambda: _engine.new_instance(plan, [value]),
        lambda: _engine.parameter(value, kind, "Holder.value"),
    ]
    for attempt in attempts:
        with pytest.raises(error_classes["validation"], match=r"^Holder\.value: "):
            attempt()
    assert _engine.peek(instance, 0) is _engine.UNSET


def test_message_names_types_but_never_the_value(error_classes: dict[str, type[Exception]]) -> None:
    _, instance = holder({"storage": "decimal", "precision": 4, "scale": 2})
    with pytest.raises(error_classes["validation"]) as caught:
        instance.value = "s3cret"
    assert str(caught.value) == "Holder.value: expected decimal(4, 2), got str"


def test_every_storage_type_comes_back_as_it_went(database: _engine.Engine, example: Example) -> None:
    sent = example.instance()
    row = _engine.parameters_of(sent, example.indices)
    assert (
        database.execute(_engine.insert(example.source, example.indices, [row]), None, None, None, None, 0)
        .wait()
        .rowcount
        == 1
    )
    (read,) = database.run(example.query, example.result, None, None, None, 0).wait()
    for name, value in example.values().items():
        assert getattr(read, name) == value, name
        assert type(getattr(read, name)) is type(value), name
    assert _engine.changed_columns(read) == []
    assert _engine.is_persistent(read)
