"""Windows: which rows around the current one a function sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Generic, Literal, TypedDict, TypeVar, Unpack

from bridgeorm import _engine
from bridgeorm._engine import Node, Source
from bridgeorm.errors import QueryError
from bridgeorm.expressions import Built, Expression, Ordering
from bridgeorm.fields import Field

Value = TypeVar("Value")

Key = Expression[Any] | Ordering
Distance = int | float | Decimal | timedelta | None
"""How far from the current row: negative before it, zero itself, None without end."""
Frame = tuple[Distance, Distance]
Exclusion = Literal["no_others", "current_row", "group", "ties"]
Unit = Literal["rows", "range", "groups"]
_Bound = tuple[str, Node | None]
_Described = tuple[Unit, _Bound, _Bound, str]


class WindowClauses(TypedDict, total=False):
    """What a window is made of. A frame is (from, to): `rows=(-2, 0)` the two rows before and this one,
    `rows=(None, 0)` all up to this one.
    """

    partition_by: Expression[Any] | Sequence[Expression[Any]]
    order_by: Key | Sequence[Key]
    rows: Frame
    range: Frame
    groups: Frame
    exclude: Exclusion


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """What stands behind OVER. Given to several functions by its name it is written once."""

    name: str | None
    partition_by: tuple[Node, ...]
    order_by: tuple[Node, ...]
    frame: _Described | None
    origin: Source | None


def window(name: str | None = None, **clauses: Unpack[WindowClauses]) -> Window:
    """A window, to be given to several functions: `func.rank().over(window("dear", order_by=Book.price))`.
    TypeError for a clause no window has.
    """
    for clause in clauses.keys() - WindowClauses.__annotations__.keys():
        raise TypeError(f"a window has no {clause}=: it takes {', '.join(WindowClauses.__annotations__)}")
    partitions, keys = _listed(clauses.get("partition_by", ())), _listed(clauses.get("order_by", ()))
    return Window(
        name,
        tuple(partition.node for partition in partitions),
        tuple(map(_key_node, keys)),
        _frame(clauses),
        next((key.origin for key in [*partitions, *map(_operand, keys)] if key.origin is not None), None),
    )


def _listed(given: Any) -> list[Any]:
    return [given] if isinstance(given, Expression | Ordering) else list(given)


def _operand(key: Key) -> Expression[Any]:
    return key.operand if isinstance(key, Ordering) else key


def _frame(clauses: WindowClauses) -> _Described | None:
    frames: list[tuple[Unit, Frame | None]] = [
        ("rows", clauses.get("rows")),
        ("range", clauses.get("range")),
        ("groups", clauses.get("groups")),
    ]
    said: list[tuple[Unit, Frame]] = [(unit, frame) for unit, frame in frames if frame is not None]
    if len(said) > 1:
        raise QueryError("a window has one frame: rows=, range= or groups=")
    if not said:
        if "exclude" in clauses:
            raise QueryError("exclude= needs a frame: rows=, range= or groups=")
        return None
    unit, (start, end) = said[0]
    exclusion = clauses.get("exclude", "no_others")
    return unit, _bound(start, "unbounded_preceding"), _bound(end, "unbounded_following"), exclusion


def _key_node(key: Key) -> Node:
    return key.node if isinstance(key, Ordering) else key.asc().node


def _bound(distance: Distance, unbounded: str) -> _Bound:
    if distance is None:
        return unbounded, None
    if isinstance(distance, bool) or not isinstance(distance, int | float | Decimal | timedelta):
        raise QueryError(f"a bound of a frame is a distance or None, not {type(distance).__name__}")
    zero = type(distance)(0)
    if distance == zero:
        return "current_row", None
    is_before = distance < zero  # type: ignore[operator]  # both are of one type
    return ("preceding" if is_before else "following"), _engine.infer_parameter(abs(distance))


class WindowFunction(Generic[Value]):
    """A function that makes sense only over a window: say `.over(...)`."""

    __slots__ = ("_call", "_field", "_name", "_origin")

    def __init__(self, name: str, call: Node, field: Field | None, origin: Source | None) -> None:
        self._name = name
        self._call = call
        self._field = field
        self._origin = origin

    @property
    def name(self) -> str:
        """The function's name."""
        return self._name

    def over(self, over: Window | None = None, **clauses: Unpack[WindowClauses]) -> Expression[Value]:
        """The value for each row, seen through a window made here or by `window(...)`."""
        return over_window(self._call, made_window(over, clauses), self._field, self._name, self._origin)


def made_window(over: Window | None, clauses: WindowClauses) -> Window:
    """The window given, or made of clauses; QueryError for both."""
    if over is None:
        return window(**clauses)
    if clauses:
        raise QueryError("a window that was made before takes no further clauses")
    return over


def over_window(
    call: Node, seen_through: Window, field: Field | None, name: str, origin: Source | None
) -> Expression[Any]:
    """A call seen through a window."""
    node = _engine.window(
        call, seen_through.partition_by, seen_through.order_by, seen_through.frame, seen_through.name
    )
    return Built(node, field, name, origin or seen_through.origin)
