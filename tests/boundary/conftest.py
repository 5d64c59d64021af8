"""What the boundary tests share: registered error classes, a model of every storage type, a database."""

from __future__ import annotations

import asyncio
import datetime
import decimal
import ipaddress
import uuid
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from bridgeorm import _engine, errors

COLUMNS: list[tuple[str, dict[str, Any]]] = [
    ("id", {"storage": "int64"}),
    ("flag", {"storage": "bool"}),
    ("small", {"storage": "int16"}),
    ("ratio", {"storage": "float64"}),
    ("price", {"storage": "decimal", "precision": 12, "scale": 2}),
    ("name", {"storage": "text", "max_length": 50, "nullable": True}),
    ("blob", {"storage": "bytes"}),
    ("day", {"storage": "date"}),
    ("clock", {"storage": "time"}),
    ("naive", {"storage": "timestamp"}),
    ("moment", {"storage": "timestamp_utc"}),
    ("span", {"storage": "interval"}),
    ("uid", {"storage": "uuid"}),
    ("document", {"storage": "json"}),
    ("address", {"storage": "inet"}),
    ("numbers", {"storage": "array", "element": "int64"}),
]


@pytest.fixture(scope="session")
def error_classes() -> dict[str, type[Exception]]:
    """The class registered for each code."""
    return errors.classes_by_code()


class Example:
    """A model class with a column of every storage type, made anew for whoever asks."""

    def __init__(self) -> None:
        types = [(name, _engine.ColumnType(**arguments)) for name, arguments in COLUMNS]
        self.types = dict(types)
        self.table = _engine.make_table(
            "examples",
            None,
            [(name, kind, name == "id", "none", None, []) for name, kind in types],
            [],
            [],
        )
        self.cls: type[Any] = type("Example", (_engine.Instance,), {"__slots__": ()})
        self.plan = _engine.ModelPlan(
            self.cls, self.table, [(name, kind, None, None) for name, kind in types], [0], has_relations=True
        )
        for index, (name, _) in enumerate(types):
            descriptor = _engine.ColumnDescriptor()
            _engine.attach_column(descriptor, self.plan, index)
            setattr(self.cls, name, descriptor)
        self.source = _engine.Source(self.table)
        self.indices = list(range(len(types)))
        self.result: _engine.ResultPlan[Any] = _engine.ResultPlan([self.plan])
        self.query = _engine.select([self.source], [self.source])

    def bulk(self, rows: Any) -> _engine.BulkRows:
        """Rows on their way into the table, every column of them."""
        return _engine.BulkRows(self.plan, self.indices, rows)

    def values(self, number: int = 1) -> dict[str, object]:
        """A valid value for each column."""
        utc = datetime.UTC
        return {
            "id": number,
            "flag": True,
            "small": 7,
            "ratio": 1.5,
            "price": decimal.Decimal("12.50"),
            "name": f"näme {number}",
            "blob": b"\x00\xff",
            "day": datetime.date(2024, 2, 29),
            "clock": datetime.time(23, 59, 59, 999999),
            "naive": datetime.datetime(1969, 12, 31, 23, 59, 59, 1),  # noqa: DTZ001 - a naive one is meant
            "moment": datetime.datetime(2024, 1, 2, 3, 4, 5, 678, tzinfo=utc),
            "span": datetime.timedelta(days=-2, seconds=3, microseconds=4),
            "uid": uuid.UUID(int=number),
            "document": {"a": [1, 2.5, None, {"b": "c"}]},
            "address": ipaddress.ip_address("192.0.2.1"),
            "numbers": [1, 2, 3],
        }

    def instance(self, number: int = 1) -> Any:
        """An unsaved instance."""
        values = self.values(number)
        return _engine.new_instance(self.plan, [values[name] for name, _ in COLUMNS])


@pytest.fixture
def example() -> Example:
    """A fresh model class."""
    return Example()


@pytest.fixture
def host() -> Iterator[_engine.Host]:
    """A host of the test's own thread."""
    made = _engine.Host(None)
    yield made
    made.close()


@pytest.fixture
def database(host: _engine.Host, example: Example) -> Iterator[_engine.Engine]:
    """A database in memory with the example's table."""
    engine = _engine.Engine("sqlite://", host, {}, None)
    for statement in _engine.plan_create([example.table]):
        engine.run(statement, None, None, None, None, 0).wait()
    yield engine
    engine.close_now()


@pytest.fixture
def in_loop(example: Example) -> Callable[[Callable[[_engine.Engine], Coroutine[Any, Any, None]]], None]:
    """Runs a coroutine function with a database in memory inside an asyncio loop."""

    async def run(body: Callable[[_engine.Engine], Coroutine[Any, Any, None]]) -> None:
        host = _engine.Host(asyncio.get_running_loop())
        engine = _engine.Engine("sqlite://", host, {}, None)
        for statement in _engine.plan_create([example.table]):
            await engine.run(statement, None, None, None, None, 0)
        try:
            await body(engine)
        finally:
            await engine.close(5.0)
            host.close()

    return lambda body: asyncio.run(run(body))
