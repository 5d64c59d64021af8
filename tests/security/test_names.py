"""Values where a name is expected, as from a request's field names: refused, and nothing is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bridgeorm import (
    BridgeError,
    Database,
    cast,
    func,
    insert,
    select,
    sql,
    update,
)

from .conftest import OpenTarget
from .corpus import read
from .models import Target

ANY_NAME: Any = Target
Door = Callable[[Database, Any], Any]
BUILDERS: dict[str, Door] = {
    "label": lambda _db, name: select(Target.name.label(name)),
    "function": lambda _db, name: getattr(func, name)(Target.name, returns=str),
    "subquery": lambda _db, name: select(Target).subquery(name),
    "common table": lambda _db, name: select(Target).cte(name),
    "raw rows": lambda _db, name: sql("SELECT 1 AS one").subquery(name, {"one": int}),
    "raw column": lambda _db, name: sql("SELECT 1 AS one").subquery("rows", {name: int}),
    "raw value": lambda _db, name: sql("SELECT 1 AS one", **{name: 1}),
    "order": lambda _db, name: select(Target).order_by(name),
    "group": lambda _db, name: select(Target.name).group_by(name),
    "condition": lambda _db, name: select(Target).where(name),
    "limit": lambda _db, name: select(Target).limit(name),
    "offset": lambda _db, name: select(Target).offset(name),
    "distinct": lambda _db, name: select(Target).distinct(name),
    "target of a cast": lambda _db, name: cast(Target.name, name),
    "assignment": lambda _db, name: update(Target).where(Target.id == 1).set(**{name: "x"}),
    "column": lambda _db, name: insert(ANY_NAME).values(**{name: "x"}),
    "attribute": lambda _db, name: getattr(Target, name),
    "constructor": lambda _db, name: ANY_NAME(**{"name": "x", name: "x"}),
    "selected": lambda _db, name: select(name),
}
VERBS: dict[str, Door] = {
    "find": lambda db, name: db.find(Target, **{name: 1}),
    "get": lambda db, name: db.get(Target, **{name: 1}),
    "rows": lambda db, name: db.insert_many(Target, [{"name": "x", name: "y"}]),
    "key": lambda db, name: db.get(Target, name),
    "page": lambda db, name: db.page(select(Target).order_by(Target.id), size=2, after=name),
    "page size": lambda db, name: db.page(select(Target).order_by(Target.id), size=name),
    "stream": lambda db, name: anext(db.stream(select(Target), batch=name).__aiter__()),
    "query": lambda db, name: db.all(name),
    "isolation": lambda db, name: db.transaction(isolation=name).__aenter__(),
}
REFUSALS = (BridgeError, TypeError, AttributeError)


def _names() -> list[str]:
    """What attacks and is not by chance a name some table has."""
    payloads = [payload for entry in read("values")["class"] for payload in entry["payloads"]]
    return [payload for payload in payloads if not payload.isidentifier() and payload]


def test_no_query_is_built_with_such_names() -> None:
    for name in _names():
        for door, build in BUILDERS.items():
            if door == "function" and all(part.isidentifier() for part in name.split(".")):
                continue  # a function of a schema is asked for so
            with pytest.raises(REFUSALS):
                pytest.fail(f"{door} took {name!r}: {build(_NOBODY, name)!r}")


async def test_no_verb_takes_such_names(open_target: OpenTarget) -> None:
    async with open_target() as db:
        sent = list[str]()
        remove = db.watch(lambda event: sent.append(event.statement))
        for name in _names():
            for door, ask in VERBS.items():
                with pytest.raises(REFUSALS):
                    pytest.fail(f"{door} took {name!r}: {await ask(db, name)!r}")
        remove()
        assert sent == []


_NOBODY: Any = None
