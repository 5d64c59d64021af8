"""Where a query begins: `select`, typed for up to ten things."""

from __future__ import annotations

from typing import Any, TypeVar, overload

from bridgeorm.expressions import Selectable
from bridgeorm.query import Query
from bridgeorm.selecting import items_of

T1 = TypeVar("T1")
T2 = TypeVar("T2")
T3 = TypeVar("T3")
T4 = TypeVar("T4")
T5 = TypeVar("T5")
T6 = TypeVar("T6")
T7 = TypeVar("T7")
T8 = TypeVar("T8")
T9 = TypeVar("T9")
T10 = TypeVar("T10")


@overload
def select(first: type[T1] | Selectable[T1], /) -> Query[T1]: ...
@overload
def select(
    first: type[T1] | Selectable[T1], second: type[T2] | Selectable[T2], /
) -> Query[tuple[T1, T2]]: ...
@overload
def select(
    first: type[T1] | Selectable[T1], second: type[T2] | Selectable[T2], third: type[T3] | Selectable[T3], /
) -> Query[tuple[T1, T2, T3]]: ...
@overload
def select(
    first: type[T1] | Selectable[T1],
    second: type[T2] | Selectable[T2],
    third: type[T3] | Selectable[T3],
    fourth: type[T4] | Selectable[T4],
    /,
) -> Query[tuple[T1, T2, T3, T4]]: ...
@overload
def select(
    first: type[T1] | Selectable[T1],
    second: type[T2] | Selectable[T2],
    third: type[T3] | Selectable[T3],
    fourth: type[T4] | Selectable[T4],
    fifth: type[T5] | Selectable[T5],
    /,
) -> Query[tuple[T1, T2, T3, T4, T5]]: ...
@overload
def select(
    first: type[T1] | Selectable[T1],
    second: type[T2] | Selectable[T2],
    third: type[T3] | Selectable[T3],
    fourth: type[T4] | Selectable[T4],
    fifth: type[T5] | Selectable[T5],
    sixth: type[T6] | Selectable[T6],
    /,
) -> Query[tuple[T1, T2, T3, T4, T5, T6]]: ...
@overload
def select(
    first: type[T1] | Selectable[T1],
    second: type[T2] | Selectable[T2],
    third: type[T3] | Selectable[T3],
    fourth: type[T4] | Selectable[T4],
    fifth: type[T5] | Selectable[T5],
    sixth: type[T6] | Selectable[T6],
    seventh: type[T7] | Selectable[T7],
    /,
) -> Query[tuple[T1, T2, T3, T4, T5, T6, T7]]: ...
@overload
def select(
    first: type[T1] | Selectable[T1],
    second: type[T2] | Selectable[T2],
    third: type[T3] | Selectable[T3],
    fourth: type[T4] | Selectable[T4],
    fifth: type[T5] | Selectable[T5],
    sixth: type[T6] | Selectable[T6],
    seventh: type[T7] | Selectable[T7],
    eighth: type[T8] | Selectable[T8],
    /,
) -> Query[tuple[T1, T2, T3, T4, T5, T6, T7, T8]]: ...
@overload
def select(
    first: type[T1] | Selectable[T1],
    second: type[T2] | Selectable[T2],
    third: type[T3] | Selectable[T3],
    fourth: type[T4] | Selectable[T4],
    fifth: type[T5] | Selectable[T5],
    sixth: type[T6] | Selectable[T6],
    seventh: type[T7] | Selectable[T7],
    eighth: type[T8] | Selectable[T8],
    ninth: type[T9] | Selectable[T9],
    /,
) -> Query[tuple[T1, T2, T3, T4, T5, T6, T7, T8, T9]]: ...
@overload
def select(
    first: type[T1] | Selectable[T1],
    second: type[T2] | Selectable[T2],
    third: type[T3] | Selectable[T3],
    fourth: type[T4] | Selectable[T4],
    fifth: type[T5] | Selectable[T5],
    sixth: type[T6] | Selectable[T6],
    seventh: type[T7] | Selectable[T7],
    eighth: type[T8] | Selectable[T8],
    ninth: type[T9] | Selectable[T9],
    tenth: type[T10] | Selectable[T10],
    /,
) -> Query[tuple[T1, T2, T3, T4, T5, T6, T7, T8, T9, T10]]: ...
@overload
def select(
    first: type[Any] | Selectable[Any],
    second: type[Any] | Selectable[Any],
    third: type[Any] | Selectable[Any],
    fourth: type[Any] | Selectable[Any],
    fifth: type[Any] | Selectable[Any],
    sixth: type[Any] | Selectable[Any],
    seventh: type[Any] | Selectable[Any],
    eighth: type[Any] | Selectable[Any],
    ninth: type[Any] | Selectable[Any],
    tenth: type[Any] | Selectable[Any],
    eleventh: type[Any] | Selectable[Any],
    /,
    *more: type[Any] | Selectable[Any],
) -> Query[tuple[Any, ...]]: ...
def select(*things: Any) -> Query[Any]:
    """A query for models, columns and expressions. One thing yields itself, several a tuple:
    `select(Book.title, Book.price)`. QueryError for what cannot be selected.
    """
    return Query(items_of(things), {})
