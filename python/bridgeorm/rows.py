"""Row values: several expressions compared as one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, TypeVar, overload

from bridgeorm import _engine
from bridgeorm._engine import Node
from bridgeorm.errors import MisusedExpressionError, QueryError
from bridgeorm.expressions import Built, Expression, Subquery
from bridgeorm.functions import operand_like
from bridgeorm.narrowing import is_a

Members = TypeVar("Members")
T1 = TypeVar("T1")
T2 = TypeVar("T2")
T3 = TypeVar("T3")


class RowValue(Generic[Members]):
    """`row(Book.author_id, Book.title)`: compares member by member, the first that differs decides."""

    __slots__ = ("_members",)

    def __init__(self, members: tuple[Expression[Any], ...]) -> None:
        self._members = members

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        raise MisusedExpressionError("a row value has no truth value: compare it")

    def __eq__(self, other: Members | RowValue[Members]) -> Expression[bool]:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]  # comparing builds a condition
        return self._compared("eq", other)

    def __ne__(self, other: Members | RowValue[Members]) -> Expression[bool]:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]  # comparing builds a condition
        return self._compared("ne", other)

    def __lt__(self, other: Members | RowValue[Members]) -> Expression[bool]:
        return self._compared("lt", other)

    def __le__(self, other: Members | RowValue[Members]) -> Expression[bool]:
        return self._compared("le", other)

    def __gt__(self, other: Members | RowValue[Members]) -> Expression[bool]:
        return self._compared("gt", other)

    def __ge__(self, other: Members | RowValue[Members]) -> Expression[bool]:
        return self._compared("ge", other)

    def in_(self, members: Iterable[Members] | Subquery[Members]) -> Expression[bool]:
        """Whether it is one of these rows, or among a query's. No rows: false."""
        if isinstance(members, Subquery):
            return self._built(_engine.in_subquery(self._node(), members.statement, False))
        conditions = [self._compared("eq", member).node for member in members]
        return self._built(_any_of(conditions)) if conditions else self._members[0].in_([])

    def _node(self) -> Node:
        return _engine.row([member.node for member in self._members])

    def _built(self, node: Node) -> Expression[bool]:
        return Built(node, None, "row", self._members[0].origin)

    def _compared(self, operator: str, other: Any) -> Expression[bool]:
        if isinstance(other, RowValue):
            right = other._node()  # noqa: SLF001 - of the same class
        else:
            values = _values_of(other, len(self._members))
            pairs = zip(self._members, values, strict=True)
            right = _engine.row([operand_like(own, value) for own, value in pairs])
        return self._built(_engine.binary(operator, self._node(), right))


def _values_of(other: Any, length: int) -> tuple[Any, ...]:
    if not is_a(other, tuple) or len(other) != length:
        raise QueryError(f"a row value of {length} members compares with a tuple of as many")
    values: tuple[Any, ...] = other
    return values


def _any_of(conditions: list[Node]) -> Node:
    """All of them joined by `or`, as a balanced tree: long lists stay shallow."""
    if len(conditions) == 1:
        return conditions[0]
    middle = len(conditions) // 2
    return _engine.binary("or", _any_of(conditions[:middle]), _any_of(conditions[middle:]))


@overload
def row(first: Expression[T1], second: Expression[T2], /) -> RowValue[tuple[T1, T2]]: ...
@overload
def row(
    first: Expression[T1], second: Expression[T2], third: Expression[T3], /
) -> RowValue[tuple[T1, T2, T3]]: ...
@overload
def row(*members: Expression[Any]) -> RowValue[tuple[Any, ...]]: ...
def row(*members: Expression[Any]) -> RowValue[Any]:
    """Several expressions as one value to compare: `row(Book.title, Book.price).in_([("Bread", price)])`."""
    if len(members) < 2:  # noqa: PLR2004 - one alone is no row
        raise QueryError("a row value has two members or more")
    return RowValue(members)
