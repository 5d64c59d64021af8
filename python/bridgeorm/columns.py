"""Columns: what a class body declares, and the descriptor and expression it becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self, TypeVar, cast, overload
from uuid import UUID

from bridgeorm import _engine
from bridgeorm._engine import ColumnDescriptor, Node, Source
from bridgeorm.errors import ModelError, QueryError, ValidationError
from bridgeorm.expressions import Assignment, Built, Expression
from bridgeorm.fields import Field, FieldOptions, FieldType

Held = TypeVar("Held")
Action = Literal["no_action", "restrict", "cascade", "set_null", "set_default"]


class Missing:
    """Stands for an argument that was not given."""


MISSING = Missing()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnOptions:
    """What a declaration says of its column besides the type."""

    name: str | None = None
    default: object = MISSING
    primary_key: bool = False
    generated: bool | None = None
    unique: bool = False
    index: bool = False
    version: bool = False
    references: object | None = None
    is_key_part: bool = False
    """Whether it refers to another model only together with other columns, by `foreign_keys(...)`."""
    on_delete: Action = "no_action"
    on_update: Action = "no_action"
    deferrable: bool = False
    field: FieldOptions = FieldOptions()  # noqa: RUF009 - frozen, so sharing it is safe
    custom: FieldType[Any] | None = None


class Recorded:
    """An expression over columns of a class body that has not become a model yet: says what to do once it
    has.
    """

    __slots__ = ("_arguments", "_call", "_keywords")

    def __init__(
        self, call: Callable[..., Any], arguments: tuple[Any, ...], keywords: Mapping[str, Any]
    ) -> None:
        self._call = call
        self._arguments = arguments
        self._keywords = keywords

    def resolve(self, columns: Mapping[Recorded, Any]) -> Any:
        """The expression itself, given what the declarations became."""
        arguments = [resolve(argument, columns) for argument in self._arguments]
        keywords = {name: resolve(argument, columns) for name, argument in self._keywords.items()}
        return self._call(*arguments, **keywords)

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        raise QueryError("a column has no truth value: write `&`, `|`, `~` instead of `and`, `or`, `not`")


def resolve(thing: Any, columns: Mapping[Recorded, Any]) -> Any:
    """`thing`, or what a recorded expression comes to."""
    return thing.resolve(columns) if isinstance(thing, Recorded) else thing


def _recorder(name: str) -> Callable[..., Recorded]:
    def record(self: Recorded, *arguments: Any, **keywords: Any) -> Recorded:
        return Recorded(_method(name), (self, *arguments), keywords)

    return record


def _method(name: str) -> Callable[..., Any]:
    def call(target: Any, *arguments: Any, **keywords: Any) -> Any:
        return getattr(target, name)(*arguments, **keywords)

    return call


_RECORDED_METHODS = (
    "__eq__",
    "__ne__",
    "__lt__",
    "__le__",
    "__gt__",
    "__ge__",
    "__and__",
    "__or__",
    "__invert__",
    "__add__",
    "__sub__",
    "__mul__",
    "__truediv__",
    "__mod__",
    "__radd__",
    "__rsub__",
    "__rmul__",
    "__rtruediv__",
    "__neg__",
    "is_distinct_from",
    "is_not_distinct_from",
    "between",
    "in_",
    "not_in",
    "is_null",
    "is_not_null",
    "like",
    "not_like",
    "ilike",
    "not_ilike",
    "startswith",
    "endswith",
    "contains",
    "asc",
    "desc",
    "nulls_first",
    "nulls_last",
    "cast",
)
for _name in _RECORDED_METHODS:
    setattr(Recorded, _name, _recorder(_name))


class Declaration(Recorded):
    """A column in a class body."""

    __slots__ = ("options",)

    def __init__(self, options: ColumnOptions) -> None:
        super().__init__(_unbound, (), {})
        self.options = options

    def resolve(self, columns: Mapping[Recorded, Any]) -> Any:
        column = columns.get(self)
        return column if column is not None else _unbound()


def _unbound() -> Any:
    raise ModelError("a constraint names a column of another class body")


_PLAIN_VALUES = frozenset({int, str, float, bool, bytes, Decimal, date, datetime, time, timedelta, UUID})
"""What is compared with most; anything else is looked at more closely."""


class Owner(Protocol):
    """What a column knows of its model."""

    @property
    def name(self) -> str:
        """The model's name."""
        ...

    def build(self) -> object:
        """Makes table, fields and nodes, if that has not happened yet."""
        ...


class Column(ColumnDescriptor, Expression[Held]):
    """A column of a model: an expression on the class, a value on an instance. `Book.price > 5` is a
    condition, `book.price` a Decimal. Assigning what does not fit raises ValidationError; reading what the
    database has yet to generate raises NotLoadedError.
    """

    __slots__ = ("_context", "_field", "_node", "_source", "attribute", "index", "options", "owner")

    def __init__(self, owner: Owner, attribute: str, options: ColumnOptions) -> None:
        super().__init__()
        self.owner = owner
        self.attribute = attribute
        self.options = options
        self.index = -1
        self._node: Node | None = None
        self._field: Field | None = None
        self._source: Source | None = None
        self._context = f"{owner.name}.{attribute}"

    if TYPE_CHECKING:
        # The native base does both; only the types are said here.
        @overload
        def __get__(self, instance: None, owner: type[Any]) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: type[Any]) -> Held: ...
        def __get__(self, instance: Any, owner: type[Any]) -> Any: ...
        def __set__(self, instance: Any, value: Held) -> None: ...

    @property
    def column_name(self) -> str:
        """The name in the database."""
        return self.options.name or self.attribute

    @property
    def name(self) -> str:
        return self.attribute

    @property
    def context(self) -> str:
        return self._context

    @property
    def origin(self) -> Source | None:
        if self._source is None:
            self.owner.build()
        return self._source

    @property
    def node(self) -> Node:
        node = self._node
        if node is None:
            self.owner.build()
            return cast(Node, self._node)  # building either sets it or raises
        return node

    @property
    def field(self) -> Field:
        field = self._field
        if field is None:
            self.owner.build()
            return cast(Field, self._field)  # building either sets it or raises
        return field

    def _compared(self, operator: str, other: Any) -> Expression[bool]:
        if type(other) not in _PLAIN_VALUES:
            return super()._compared(operator, other)
        field = self.field
        stored = other if field.to_storage is None else field.to_storage(other)
        node = _engine.compare(operator, self.node, stored, field.operand_type, self._context)
        return Built(node, None, "expression", self._source)

    def bind(self, index: int, field: Field) -> None:
        """Tells the column its place and type. Called once, by its model."""
        self.index = index
        self._field = field

    def place(self, source: Source) -> None:
        """Tells the column its node in its model's own source."""
        self._source = source
        self._node = source.column(self.index)

    def to(self, value: Held | Expression[Held]) -> Assignment:
        """The assignment of a value or expression to this column, for `set` and `update`."""
        return Assignment(self, self.value_node(value))

    def value_node(self, value: object) -> Node:
        """A value as it would be stored, checked as strictly as on assignment; or an expression's node."""
        if isinstance(value, Expression):
            return value.node
        field = self.field
        stored = value if field.to_storage is None else field.to_storage(value)
        if stored is None and not field.type.nullable:
            raise ValidationError(f"{self._context}: expected {field.type.storage}, got NoneType")
        return _engine.parameter(stored, field.type, self._context)

    def __repr__(self) -> str:
        return f"<Column {self._context}>"


@overload
def primary_key(
    *,
    init: Literal[False] = False,
    generated: Literal[True] = True,
    name: str | None = None,
    bits: int | None = None,
) -> Any: ...
@overload
def primary_key(
    *,
    default: object,
    name: str | None = None,
    bits: int | None = None,
    max_length: int | None = None,
    type: FieldType[Any] | None = None,
) -> Any: ...
@overload
def primary_key(
    *,
    generated: Literal[False],
    init: Literal[True] = True,
    name: str | None = None,
    bits: int | None = None,
    max_length: int | None = None,
    type: FieldType[Any] | None = None,
) -> Any: ...
def primary_key(  # noqa: PLR0913 - a declaration names many things
    *,
    default: object = MISSING,
    generated: bool | None = None,
    init: bool = True,  # noqa: ARG001 - read by type checkers only
    name: str | None = None,
    bits: int | None = None,
    max_length: int | None = None,
    type: FieldType[Any] | None = None,  # noqa: A002 - reads best
) -> Any:
    """The key of the model: generated by the database, unless a default is given or `generated=False` is
    said.
    """
    options = FieldOptions(bits=bits, max_length=max_length)
    return Declaration(
        ColumnOptions(
            name=name, default=default, primary_key=True, generated=generated, field=options, custom=type
        )
    )


def column(  # noqa: PLR0913 - a declaration names many things
    *,
    default: object = MISSING,
    name: str | None = None,
    unique: bool = False,
    index: bool = False,
    max_length: int | None = None,
    precision: int | None = None,
    scale: int | None = None,
    bits: int | None = None,
    timezone: bool | None = None,
    type: FieldType[Any] | None = None,  # noqa: A002 - reads best
) -> Any:
    """A column. `default` is a value, a callable without arguments, or an SQL expression the database
    evaluates.
    """
    field = FieldOptions(
        max_length=max_length, precision=precision, scale=scale, bits=bits, timezone=timezone
    )
    return Declaration(
        ColumnOptions(name=name, default=default, unique=unique, index=index, field=field, custom=type)
    )


def version(*, init: Literal[False] = False, name: str | None = None) -> Any:  # noqa: ARG001 - read by type checkers only
    """A whole number that rises with every update, so that a lost race is noticed: `update` raises
    StaleRowError. `revision: Column[int] = version()`.
    """
    return Declaration(ColumnOptions(name=name, default=1, version=True))


def foreign_key(  # noqa: PLR0913 - a declaration names many things
    target: Column[Any] | str | None = None,
    *,
    default: object = MISSING,
    name: str | None = None,
    primary_key: bool = False,
    unique: bool = False,
    index: bool = False,
    on_delete: Action = "no_action",
    on_update: Action = "no_action",
    deferrable: bool = False,
    bits: int | None = None,
    max_length: int | None = None,
) -> Any:
    """A column that refers to another model's column, named directly or as `"Model.column"`:
    `author_id: Column[int] = foreign_key(Author.id, on_delete="cascade", index=True)`. Without a target it is
    a part of a key that `foreign_keys(...)` in `constraints` names. A deferrable one is checked when the
    transaction commits, so that rows may refer to each other in a circle.
    """
    if target is None and ((on_delete, on_update) != ("no_action", "no_action") or deferrable):
        raise ModelError("what happens to a part of a composite key is said in foreign_keys(...)")
    return Declaration(
        ColumnOptions(
            name=name,
            default=default,
            primary_key=primary_key,
            generated=False if primary_key else None,
            unique=unique,
            index=index,
            references=target,
            is_key_part=target is None,
            on_delete=on_delete,
            on_update=on_update,
            deferrable=deferrable,
            field=FieldOptions(bits=bits, max_length=max_length),
        )
    )
