"""Raw SQL's provenance, budgets and page tokens: everything that needs no database."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from typing import Any

import pytest

from bridgeorm import (
    BudgetExceededError,
    ConfigurationError,
    Database,
    DeadlineExceededError,
    QueryError,
    UnparameterizedSqlError,
    UnsupportedFeatureError,
    errors,
    select,
    sql,
)
from bridgeorm import _engine as engine
from bridgeorm.paging import Walk
from bridgeorm.safety import budget, current_budget, current_deadline, seconds_until, timeout

from .test_models import Item, Shelf

MODULE_LEVEL = sql("SELECT {number}", number=1)


def test_text_must_stand_in_the_calling_code() -> None:
    assert sql("SELECT {a}, {b}", a=1, b="x").pieces == ["SELECT ", ", ", ""]
    assert MODULE_LEVEL.pieces == ["SELECT ", ""]
    name = "books"
    part = "SELECT "
    assembled: list[Any] = [
        f"SELECT {name}",
        part + name,
        "SELECT %s" % name,  # noqa: UP031 - what is refused
        " ".join([part, name]),
        name.upper(),
    ]
    for text in assembled:
        with pytest.raises(UnparameterizedSqlError, match=r"test_text_and_limits\.py:\d+"):
            sql(text)


def test_braces() -> None:
    assert sql("SELECT '{{}}' || {x}", x="a").pieces == ["SELECT '{}' || ", ""]
    with pytest.raises(QueryError, match=r"no value was given for \{x\}"):
        assert sql("SELECT {x}").statement is None
    with pytest.raises(QueryError, match=r"has no \{y\}"):
        sql("SELECT 1", y=1)
    with pytest.raises(QueryError, match="plain name"):
        sql("SELECT {x!r}", x=1)
    inner = sql("WHERE a = {a}", a=1)
    assert sql("SELECT b {inner} AND c = {c}", inner=inner, c=2).pieces == [
        "SELECT b WHERE a = ",
        " AND c = ",
        "",
    ]


def test_budgets_nest_and_end() -> None:
    with budget(queries=3) as outer:
        with budget(queries=1) as inner:
            inner.spend_query()
            with pytest.raises(BudgetExceededError):
                inner.spend_query()
        outer.spend_query()
        with pytest.raises(BudgetExceededError):
            outer.spend_query()
    assert current_budget() is None
    with budget(rows=5) as rows, pytest.raises(BudgetExceededError):
        rows.spend_rows(6)
    with pytest.raises(ConfigurationError):
        budget().__enter__()


def test_the_earliest_deadline_holds() -> None:
    with timeout(60), timeout(0.001):
        deadline = current_deadline()
        time.sleep(0.005)
        with pytest.raises(DeadlineExceededError):
            seconds_until(deadline)
    assert current_deadline() is None


def _signed_with(key: bytes) -> Callable[[bytes], bytes]:
    return lambda content: hmac.digest(key, content, "sha256")


def test_pages_refuse_foreign_tokens_and_orders() -> None:
    walk = Walk(select(Shelf).order_by(Shelf.size.desc()), nulls_sort_high=True)
    for token in ("", "!", "WzFd", "e30=", "W10="):
        with pytest.raises(QueryError):
            walk.position(token, _signed_with(b"key"))
    token = walk.token((None, 3, 7), _signed_with(b"key"))
    assert walk.position(token, _signed_with(b"key")) == [3, 7]
    with pytest.raises(QueryError):
        walk.position(token, _signed_with(b"other"))
    with pytest.raises(UnsupportedFeatureError):
        Walk(select(Item).order_by(Item.extra), nulls_sort_high=True)
    with pytest.raises(UnsupportedFeatureError):
        Walk(select(Shelf).limit(5), nulls_sort_high=True)


def test_every_code_of_the_engine_has_a_class() -> None:
    classes = errors.classes_by_code()
    for code, is_retryable in engine.error_codes():
        assert issubclass(classes[code], errors.BridgeError), code
        if classes[code].code == code:  # type: ignore[attr-defined]  # every class of the tree has one
            assert classes[code].is_retryable is is_retryable, code  # type: ignore[attr-defined]  # as above


@pytest.mark.parametrize("url", ["", "nonsense", "nosuch://host/db", 5])
async def test_wrong_urls_are_refused_clearly(url: Any) -> None:
    with pytest.raises(ConfigurationError):
        async with Database(url):
            pass


def test_secrets_are_not_shown() -> None:
    assert "hunter2" not in repr(Database("postgresql://app:hunter2@localhost/shop"))
