"""What is selected, and what becomes of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from copy import copy
from typing import Any, cast, get_type_hints

from bridgeorm._engine import ColumnType, ModelPlan, Node, ResultPlan, Source
from bridgeorm.entities import Alias, Entity, Optional, entity_of
from bridgeorm.errors import ModelError, QueryError
from bridgeorm.expressions import Expression, Label, Subquery
from bridgeorm.fields import FieldOptions, field_for, split_optional
from bridgeorm.fields.field import Converter, Field
from bridgeorm.model_schema import ModelSchema, schema_of
from bridgeorm.narrowing import is_a
from bridgeorm.windows import WindowFunction

PlanItem = ModelPlan | tuple[ModelPlan, bool] | tuple[ColumnType, Converter | None, str]


class Item:
    """One selected thing."""

    __slots__ = (
        "entity",
        "field",
        "is_optional",
        "name",
        "origin",
        "plan",
        "reads_past",
        "selection",
        "width",
    )

    def __init__(self, thing: object) -> None:
        self.is_optional = isinstance(thing, Optional)
        bare: Any = thing.thing if isinstance(thing, Optional) else thing
        self.entity: Entity | None = None
        self.selection: Source | Node | tuple[Source, int, int]
        self.field: Field | None = None
        self.width = 1
        self.reads_past = False
        self.plan: PlanItem
        if is_a(bare, Expression):
            self._take_expression(bare)
        else:
            self._take_entity(_entity(bare))

    def _take_entity(self, entity: Entity) -> None:
        self.entity = entity
        self.origin: Source | None = entity.source
        self.reads_past = entity.source.reads_past
        self.selection = entity.selection
        self.width = len(entity.schema.columns)
        self.name = entity.schema.name.lower()
        self.plan = (entity.schema.plan, True) if self.is_optional else entity.schema.plan

    def _take_expression(self, expression: Expression[Any]) -> None:
        self.origin = expression.origin
        self.selection = node = expression.node
        self.name = expression.name
        column_type = node.type
        if self.is_optional and not column_type.nullable:
            column_type = _nullable(column_type)
        field = self.field = expression.field
        self.plan = (column_type, None if field is None else field.from_storage, self.name)

    def typed(self, column_type: ColumnType) -> Item:
        """The same value, as rows give it that come from several queries."""
        widened = copy(self)
        widened.plan = (column_type, None if self.field is None else self.field.from_storage, self.name)
        return widened


def _nullable(column_type: ColumnType) -> ColumnType:
    return ColumnType(
        column_type.storage,
        element=column_type.element,
        nullable=True,
        precision=column_type.precision,
        scale=column_type.scale,
        max_length=column_type.max_length,
    )


def _entity(thing: object) -> Entity:
    """The use of a model that is selected. QueryError for what can be neither selected nor made so."""
    if isinstance(thing, Subquery):
        raise QueryError(
            "a query is not selected itself: say scalar(query), or select from query.subquery(...)"
        )
    if isinstance(thing, WindowFunction):
        raise QueryError(f"func.{thing.name}() makes sense only over a window: say .over(...)")
    if not isinstance(thing, type | Alias):
        raise QueryError(f"select() takes models, columns and other expressions, not {type(thing).__name__}")
    return entity_of(thing)


def items_of(things: Sequence[object]) -> tuple[Item, ...]:
    """What `select` and `returning` were given. QueryError for two things under one label."""
    if not things:
        raise QueryError("nothing is selected")
    if len(things) == 1 and isinstance(things[0], type):
        return _whole_model(things[0])
    labels = [thing.name for thing in things if isinstance(thing, Label)]
    for label in labels:
        if labels.count(label) > 1:
            raise QueryError(f"two things are selected as {label!r}: label one of them otherwise")
    return tuple(Item(thing) for thing in things)


def _whole_model(model: type[Any]) -> tuple[Item, ...]:
    """A model alone, which is what most queries select: made once."""
    return schema_of(model).cached("items", lambda: (Item(model),))


def schemas_of(items: Sequence[Item]) -> list[ModelSchema]:
    """The models among them."""
    return [item.entity.schema for item in items if item.entity is not None]


def plan_of(items: Sequence[Item], into: Callable[..., Any] | None = None) -> ResultPlan[Any]:
    """One thing yields itself, several a tuple, or what `into` makes of them."""
    if into is not None:
        return ResultPlan([item.plan for item in items], into)
    first = items[0]
    if len(items) == 1:
        if first.entity is not None and not first.is_optional:
            return first.entity.schema.entity_plan
        return ResultPlan([first.plan], "single")
    return ResultPlan([item.plan for item in items], "tuple")


def row_maker(cls: Callable[..., Any], items: Sequence[Item]) -> Callable[..., Any]:
    """Makes rows of `cls` from the selected things by position. QueryError unless names and number match
    its fields.
    """
    names, by_keyword = field_names(cls)
    if len(names) != len(items):
        raise QueryError(f"{_called(cls)} has {len(names)} fields, the query selects {len(items)} things")
    for name, item in zip(names, items, strict=True):
        if item.name and item.entity is None and item.name != name:
            raise QueryError(
                f"{_called(cls)}.{name} would receive {item.name!r}: label it, or change the order"
            )
    _check_types(cls, names, items)
    if not by_keyword:
        return cls

    def make(*values: Any) -> Any:
        return cls(**dict(zip(names, values, strict=True)))

    return make


def _check_types(cls: Any, names: Sequence[str], items: Sequence[Item]) -> None:
    """That what is selected can be what the fields are annotated with; annotations nobody can read pass."""
    try:
        hints = get_type_hints(cls)
    except (NameError, TypeError):
        return
    for name, item in zip(names, items, strict=True):
        held, _is_optional = split_optional(hints.get(name, Any))
        if not _fits(held, item):
            raise QueryError(
                f"{_called(cls)}.{name} is annotated {_called(held)}, the query selects {_kind(item)}"
            )


def _fits(held: Any, item: Item) -> bool:
    if held is Any or held is object:
        return True
    if item.entity is not None:
        return not isinstance(held, type) or issubclass(item.entity.schema.cls, held)
    if item.field is not None and item.field.from_storage is not None:
        return True
    try:
        wanted = field_for(held, FieldOptions())
    except ModelError:
        return True  # no column's type: a class of the program's own, or a type variable
    return wanted.from_storage is not None or _family(wanted.type) == _family(_type_of(item))


def _type_of(item: Item) -> ColumnType:
    """The type a value has; only asked of what is no entity."""
    plan: Any = item.plan
    column_type: ColumnType = plan[0]
    return column_type


def _family(column_type: ColumnType) -> str:
    """Storage types that come back as one Python type."""
    storage = column_type.storage
    if storage in {"int16", "int32", "int64"}:
        return "int"
    return "timestamp" if storage == "timestamp_utc" else storage


def _kind(item: Item) -> str:
    return item.entity.schema.name if item.entity is not None else _type_of(item).storage


def field_names(cls: Any) -> tuple[Sequence[str], bool]:
    """The fields of a dataclass or NamedTuple, and whether they must be given by name."""
    if dataclasses.is_dataclass(cls):
        fields = [field for field in dataclasses.fields(cls) if field.init]
        return [field.name for field in fields], any(field.kw_only for field in fields)
    names = getattr(cls, "_fields", None)
    if names is None:
        raise QueryError(f"{_called(cls)} is neither a dataclass nor a NamedTuple")
    return cast("Sequence[str]", names), False


def _called(cls: Any) -> str:
    return str(getattr(cls, "__name__", cls))
