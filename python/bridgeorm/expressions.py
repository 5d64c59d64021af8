"""Typed expressions: every operator builds a native node at once; values are checked here and only ever
bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, Literal, NoReturn, TypeVar, overload

from bridgeorm import _engine
from bridgeorm._engine import ColumnType, Node, Source, Statement
from bridgeorm.arithmetic import Arithmetic, Number, Yield_co
from bridgeorm.errors import MisusedExpressionError, QueryError
from bridgeorm.fields import Field
from bridgeorm.narrowing import is_a

if TYPE_CHECKING:
    from bridgeorm.documents import JsonPath

Target = TypeVar("Target")

NO_TRUTH = (
    "an expression has no truth value here: write `&` for `and`, `|` for `or`, `~` for `not`, "
    "`.in_()` for `in`, `.between()` for a chained comparison"
)
NULLS = Literal["default", "first", "last"]
_WHOLE = {"int16", "int32", "int64"}


class Selectable(Generic[Yield_co]):
    """What `select` takes besides models: it yields values of one type."""

    __slots__ = ()


class Subquery(Generic[Yield_co]):
    """A query as part of another: what `exists`, `in_` and comparisons take."""

    __slots__ = ()

    @property
    def statement(self) -> Statement:
        """The native statement."""
        raise NotImplementedError


class TextCondition:
    """SQL text that may stand where a condition does."""

    __slots__ = ()

    @property
    def condition(self) -> Node:
        """The node of the condition it is."""
        raise NotImplementedError


class Expression(Selectable[Yield_co], Arithmetic[Yield_co]):
    """Something the database computes, yielding values of one type. Immutable; comparing builds a
    condition.
    """

    __slots__ = ()

    @property
    def node(self) -> Node:
        """The native node."""
        raise NotImplementedError

    @property
    def field(self) -> Field | None:
        """How values come and go, where that is more than the node's type says."""
        return None

    @property
    def context(self) -> str:
        """What error messages call it."""
        return "expression"

    @property
    def origin(self) -> Source | None:
        """The first use of a table it reads, where it reads any."""
        return None

    @property
    def name(self) -> str:
        """The name a row of results knows it by; empty where it has none."""
        return ""

    def __bool__(self) -> NoReturn:
        raise MisusedExpressionError(NO_TRUTH)

    def __iter__(self) -> NoReturn:
        raise MisusedExpressionError("an expression cannot be iterated: select it and run the query")

    def __contains__(self, item: object) -> NoReturn:
        raise MisusedExpressionError("`in` cannot be asked of an expression: write `.in_()` or `.contains()`")

    __hash__ = object.__hash__

    # --- comparisons ---

    @overload  # type: ignore[override]  # comparing builds a condition instead of answering
    def __eq__(
        self: Expression[Decimal | None], other: int | Decimal | Expression[Decimal | int | None] | None
    ) -> Expression[bool]: ...
    @overload
    def __eq__(
        self,
        other: Yield_co | Expression[Yield_co | None] | Subquery[Yield_co | None] | None,
    ) -> Expression[bool]: ...
    def __eq__(self, other: Any) -> Expression[bool]:  # noqa: PYI032 - typed above  # pyright: ignore[reportIncompatibleMethodOverride]
        if other is None:
            return self.is_null()
        return self._compared("eq", other)

    @overload  # type: ignore[override]  # comparing builds a condition instead of answering
    def __ne__(
        self: Expression[Decimal | None], other: int | Decimal | Expression[Decimal | int | None] | None
    ) -> Expression[bool]: ...
    @overload
    def __ne__(
        self,
        other: Yield_co | Expression[Yield_co | None] | Subquery[Yield_co | None] | None,
    ) -> Expression[bool]: ...
    def __ne__(self, other: Any) -> Expression[bool]:  # noqa: PYI032 - typed above  # pyright: ignore[reportIncompatibleMethodOverride]
        if other is None:
            return self.is_not_null()
        return self._compared("ne", other)

    @overload
    def __lt__(
        self: Expression[Decimal | None], other: int | Decimal | Expression[Decimal | int | None]
    ) -> Expression[bool]: ...
    @overload
    def __lt__(
        self,
        other: Yield_co | Expression[Yield_co | None] | Subquery[Yield_co | None],
    ) -> Expression[bool]: ...
    def __lt__(self, other: Any) -> Expression[bool]:
        return self._compared("lt", other)

    @overload
    def __le__(
        self: Expression[Decimal | None], other: int | Decimal | Expression[Decimal | int | None]
    ) -> Expression[bool]: ...
    @overload
    def __le__(
        self,
        other: Yield_co | Expression[Yield_co | None] | Subquery[Yield_co | None],
    ) -> Expression[bool]: ...
    def __le__(self, other: Any) -> Expression[bool]:
        return self._compared("le", other)

    @overload
    def __gt__(
        self: Expression[Decimal | None], other: int | Decimal | Expression[Decimal | int | None]
    ) -> Expression[bool]: ...
    @overload
    def __gt__(
        self,
        other: Yield_co | Expression[Yield_co | None] | Subquery[Yield_co | None],
    ) -> Expression[bool]: ...
    def __gt__(self, other: Any) -> Expression[bool]:
        return self._compared("gt", other)

    @overload
    def __ge__(
        self: Expression[Decimal | None], other: int | Decimal | Expression[Decimal | int | None]
    ) -> Expression[bool]: ...
    @overload
    def __ge__(
        self,
        other: Yield_co | Expression[Yield_co | None] | Subquery[Yield_co | None],
    ) -> Expression[bool]: ...
    def __ge__(self, other: Any) -> Expression[bool]:
        return self._compared("ge", other)

    def is_distinct_from(
        self,
        other: Yield_co | Expression[Yield_co | None] | None,
    ) -> Expression[bool]:
        """`!=` that counts two NULLs as equal."""
        if other is None:
            return self.is_not_null()
        return self._compared("is_distinct_from", other)

    def is_not_distinct_from(
        self,
        other: Yield_co | Expression[Yield_co | None] | None,
    ) -> Expression[bool]:
        """`==` that counts two NULLs as equal."""
        if other is None:
            return self.is_null()
        return self._compared("is_not_distinct_from", other)

    @overload
    def between(
        self: Expression[Decimal | None],
        low: int | Decimal | Expression[Decimal | int | None],
        high: int | Decimal | Expression[Decimal | int | None],
    ) -> Expression[bool]: ...
    @overload
    def between(
        self,
        low: Yield_co | Expression[Yield_co | None],
        high: Yield_co | Expression[Yield_co | None],
    ) -> Expression[bool]: ...
    def between(self, low: Any, high: Any) -> Expression[bool]:
        """Both bounds belong to it."""
        node = _engine.between(self.node, self._operand(low), self._operand(high), False)
        return Built(node, origin=self.origin)

    def in_(
        self,
        members: Iterable[Yield_co] | Subquery[Yield_co | None],
    ) -> Expression[bool]:
        """Whether it is one of the values, or among a query's rows. No values: false."""
        return self._membership(members, negated=False)

    def not_in(
        self,
        members: Iterable[Yield_co] | Subquery[Yield_co | None],
    ) -> Expression[bool]:
        """The opposite of `in_`. No values: true."""
        return self._membership(members, negated=True)

    def is_null(self) -> Expression[bool]:
        """Whether it is NULL."""
        return Built(_engine.unary("is_null", self.node), origin=self.origin)

    def is_not_null(self) -> Expression[bool]:
        """Whether it is anything but NULL."""
        return Built(_engine.unary("is_not_null", self.node), origin=self.origin)

    # --- logic ---

    def __and__(self: Expression[bool | None], other: Expression[bool | None]) -> Expression[bool]:
        return self._joined("and", other)

    def __or__(self: Expression[bool | None], other: Expression[bool | None]) -> Expression[bool]:
        return self._joined("or", other)

    def __invert__(self: Expression[bool | None]) -> Expression[bool]:
        return Built(_engine.unary("not", self.node), origin=self.origin)

    # --- arithmetic ---

    @property
    def _sum_operator(self) -> str:
        return "concatenate" if self.node.type.storage == "text" else "add"

    def __neg__(self: Expression[Number]) -> Expression[Number]:
        return Built(_engine.unary("negate", self.node), origin=self.origin)

    # --- text ---

    def like(self: Expression[str | None], pattern: str | Expression[str | None]) -> Expression[bool]:
        """Matches a pattern of `%` and `_`, telling case apart; a backslash escapes."""
        return self._matched("like", pattern)

    def not_like(self: Expression[str | None], pattern: str | Expression[str | None]) -> Expression[bool]:
        """The opposite of `like`."""
        return self._matched("not_like", pattern)

    def ilike(self: Expression[str | None], pattern: str | Expression[str | None]) -> Expression[bool]:
        """`like` without telling case apart."""
        return self._matched("ilike", pattern)

    def not_ilike(self: Expression[str | None], pattern: str | Expression[str | None]) -> Expression[bool]:
        """The opposite of `ilike`."""
        return self._matched("not_ilike", pattern)

    def startswith(self: Expression[str | None], text: str) -> Expression[bool]:
        """Whether it begins with this very text; wildcards in it mean themselves."""
        return self._matched("like", escape_wildcards(text) + "%")

    def endswith(self: Expression[str | None], text: str) -> Expression[bool]:
        """Whether it ends with this very text."""
        return self._matched("like", "%" + escape_wildcards(text))

    def istartswith(self: Expression[str | None], text: str) -> Expression[bool]:
        """`startswith` without telling case apart."""
        return self._matched("ilike", escape_wildcards(text) + "%")

    def iendswith(self: Expression[str | None], text: str) -> Expression[bool]:
        """`endswith` without telling case apart."""
        return self._matched("ilike", "%" + escape_wildcards(text))

    def icontains(self: Expression[str | None], text: str) -> Expression[bool]:
        """Whether this very text stands in it, in small letters or capitals."""
        return self._matched("ilike", "%" + escape_wildcards(text) + "%")

    @overload
    def contains(self: Expression[str | None], wanted: str) -> Expression[bool]: ...
    @overload
    def contains(self: Expression[list[Target] | None], wanted: Target) -> Expression[bool]: ...
    @overload
    def contains(
        self: Expression[dict[str, object] | None], wanted: dict[str, Any] | list[Any]
    ) -> Expression[bool]: ...
    def contains(self: Expression[Any], wanted: Any) -> Expression[bool]:
        """Whether this very text stands in it; this value in a list; these members in a document."""
        if self.node.type.storage in {"json", "array"}:
            condition: Expression[bool] = _makers["membership"](self, wanted)
            return condition
        return self._matched("like", "%" + escape_wildcards(wanted) + "%")

    @overload
    def __getitem__(  # type: ignore[overload-overlap]  # only None is both, and nothing yields it alone
        self: Expression[list[Target] | None], step: int
    ) -> Expression[Target | None]: ...
    @overload
    def __getitem__(self: Expression[dict[str, object] | None], step: str | int) -> JsonPath: ...
    def __getitem__(self: Expression[Any], step: Any) -> Any:
        """A member of a document, by name or place; an element of a list, by place from 0."""
        return _makers["member"](self, step)

    # --- ordering and naming ---

    def asc(self) -> Ordering:
        """Smallest first."""
        return Ordering(self, descending=False, nulls="default")

    def desc(self) -> Ordering:
        """Largest first."""
        return Ordering(self, descending=True, nulls="default")

    def nulls_first(self) -> Ordering:
        """Ascending, NULLs before everything."""
        return self.asc().nulls_first()

    def nulls_last(self) -> Ordering:
        """Ascending, NULLs behind everything."""
        return self.asc().nulls_last()

    def label(self, name: str) -> Label[Yield_co]:
        """The same under a name."""
        return Label(self, name)

    def cast(self, target: type[Target]) -> Expression[Target]:
        """The same as another type, converted by the database."""
        return cast_to(self, target)

    # --- building ---

    def _operand(self, other: Any) -> Node:
        if isinstance(other, Expression):
            return other.node
        if isinstance(other, Subquery):
            return _engine.scalar_subquery(other.statement)
        if other is None:
            raise QueryError("NULL compares with nothing: write `.is_null()` or `.is_not_null()`")
        field = self.field
        if field is None:
            return _engine.parameter(other, unbounded(self.node.type), self.context)
        stored = other if field.to_storage is None else field.to_storage(other)
        return _engine.parameter(stored, field.operand_type, self.context)

    def _compared(self, operator: str, other: Any) -> Expression[bool]:
        return Built(_engine.binary(operator, self.node, self._operand(other)), origin=self.origin)

    def _free_operand(self, other: Any) -> Node:
        """An operand that need not fit the column: a pattern, a factor, a distance in time."""
        if other is None or isinstance(other, Expression | Subquery):
            return self._operand(other)
        is_of_another_type = isinstance(other, timedelta) or (
            isinstance(other, Decimal) and self.node.type.storage in _WHOLE
        )
        if is_of_another_type:
            return _engine.infer_parameter(other)
        return _engine.parameter(other, unbounded(self.node.type), self.context)

    def _matched(self, operator: str, pattern: Any) -> Expression[bool]:
        return Built(_engine.binary(operator, self.node, self._free_operand(pattern)), origin=self.origin)

    def _joined(self, operator: str, other: Expression[bool | None]) -> Expression[bool]:
        return Built(_engine.binary(operator, self.node, condition_node(other)), origin=self.origin)

    def _computed(self, operator: str, other: Any) -> Expression[Any]:
        return Built(_engine.binary(operator, self.node, self._free_operand(other)), origin=self.origin)

    def _computed_from(self, operator: str, other: Any) -> Expression[Any]:
        return Built(_engine.binary(operator, self._free_operand(other), self.node), origin=self.origin)

    def _membership(self, members: Any, *, negated: bool) -> Expression[bool]:
        if isinstance(members, Subquery):
            return Built(_engine.in_subquery(self.node, members.statement, negated), origin=self.origin)
        if isinstance(members, str | bytes | Expression) or not is_a(members, Iterable):
            raise QueryError("in_() takes a list of values or a query")
        values: list[Any] = list(members)
        field = self.field
        if field is not None and field.to_storage is not None:
            values = [field.to_storage(value) for value in values]
        if any(value is None for value in values):
            raise QueryError("NULL is a member of nothing: ask for `.is_null()` beside in_()")
        return Built(_engine.in_list(self.node, values, negated, self.context), origin=self.origin)


_makers: dict[str, Callable[[Any, Any], Any]] = {}


def set_member_maker(make: Callable[[Expression[Any], object], Any]) -> None:
    """Says who makes members of documents and lists. Called once, by the module that knows them."""
    _makers["member"] = make


def set_membership_maker(make: Callable[[Expression[Any], Any], Expression[bool]]) -> None:
    """Says who makes the condition that something is in a document or list. Called once."""
    _makers["membership"] = make


class Built(Expression[Yield_co]):
    """An expression around a finished node."""

    __slots__ = ("_context", "_field", "_node", "_origin")

    def __init__(
        self,
        node: Node,
        field: Field | None = None,
        context: str = "expression",
        origin: Source | None = None,
    ) -> None:
        self._node = node
        self._field = field
        self._context = context
        self._origin = origin

    @property
    def origin(self) -> Source | None:
        return self._origin

    @property
    def node(self) -> Node:
        return self._node

    @property
    def field(self) -> Field | None:
        return self._field

    @property
    def context(self) -> str:
        return self._context


class Label(Built[Yield_co]):
    """An expression under a name."""

    __slots__ = ("_name", "operand")

    def __init__(self, operand: Expression[Yield_co], name: str) -> None:
        super().__init__(_engine.label(operand.node, name), operand.field, name, operand.origin)
        self._name = name
        self.operand = operand

    @property
    def name(self) -> str:
        return self._name


class Ordering:
    """What `order_by` and `index` take: an expression and which way."""

    __slots__ = ("_nulls", "descending", "node", "operand")

    def __init__(self, operand: Expression[Any], *, descending: bool, nulls: NULLS) -> None:
        self.operand = operand
        self.descending = descending
        self._nulls: NULLS = nulls
        self.node = _engine.ordering(self.bare.node, descending, nulls)

    @property
    def bare(self) -> Expression[Any]:
        """The operand without its label."""
        return self.operand.operand if isinstance(self.operand, Label) else self.operand

    @property
    def nulls(self) -> NULLS:
        """Where NULLs go; by default where the database puts them."""
        return self._nulls

    def nulls_first(self) -> Ordering:
        """NULLs before everything."""
        return Ordering(self.operand, descending=self.descending, nulls="first")

    def nulls_last(self) -> Ordering:
        """NULLs behind everything."""
        return Ordering(self.operand, descending=self.descending, nulls="last")


class Assignment:
    """`column.to(value)`: what `set` and `update` take."""

    __slots__ = ("column", "node")

    def __init__(self, column: Any, node: Node) -> None:
        self.column = column
        self.node = node


def unbounded(column_type: ColumnType) -> ColumnType:
    """The type without length and digits: what a value is compared as."""
    return ColumnType(column_type.storage, element=column_type.element, nullable=True)


def escape_wildcards(text: str) -> str:
    """The pattern that matches this text and nothing else."""
    if type(text) is not str:
        raise QueryError(f"expected text, got {type(text).__name__}")
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def condition_node(condition: object) -> Node:
    """The node of a condition. Refuses truth values, which come from comparisons Python answered itself."""
    if isinstance(condition, Expression):
        node: Node = condition.node
        if not node.is_truth_value:
            raise QueryError(f"a condition is true or false, this expression yields {node.type.storage}")
        return node
    if isinstance(condition, TextCondition):
        return condition.condition
    if isinstance(condition, bool):
        raise MisusedExpressionError(
            "a condition is an expression, not a bool: one side of a comparison is a column, and `not`, "
            "`in`, `and` are written `~`, `.in_()`, `&`"
        )
    raise MisusedExpressionError(f"a condition is an expression, not {type(condition).__name__}")


def any_node(value: Any) -> Node:
    """The node of an expression, scalar query or bare value whose type follows from its class."""
    if isinstance(value, Expression):
        return value.node
    if isinstance(value, Subquery):
        return _engine.scalar_subquery(value.statement)
    return _engine.infer_parameter(value)


def cast_to(operand: Expression[Any], target: type[Target]) -> Expression[Target]:
    """`operand` converted to a Python type's storage type by the database."""
    from bridgeorm.fields import FieldOptions, field_for  # once per cast, not worth a name for every importer

    field = field_for(target | None, FieldOptions())
    return Built(_engine.cast(operand.node, field.type), field, origin=operand.origin)


def nodes_of(conditions: Iterable[object]) -> Iterator[Node]:
    """The nodes of several conditions."""
    return (condition_node(condition) for condition in conditions)
