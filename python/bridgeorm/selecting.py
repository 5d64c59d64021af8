"""What is selected, and what becomes of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, cast

from bridgeorm._engine import ColumnType, ModelPlan, Node, ResultPlan, Source
from bridgeorm.entities import Entity, Optional, entity_of
from bridgeorm.errors import QueryError
from bridgeorm.expressions import Expression
from bridgeorm.fields.field import Converter
from bridgeorm.narrowing import is_a

PlanItem = ModelPlan | tuple[ModelPlan, bool] | tuple[ColumnType, Converter | None, str]


class Item:
    """One selected thing."""

    __slots__ = ("entity", "is_optional", "name", "origin", "plan", "selection")

    def __init__(self, thing: object) -> None:
        self.is_optional = isinstance(thing, Optional)
        bare: Any = thing.thing if isinstance(thing, Optional) else thing
        self.entity: Entity | None = None
        self.selection: Source | Node
        self.plan: PlanItem
        if is_a(bare, Expression):
            self._take_expression(bare)
        else:
            self._take_entity(entity_of(bare))

    def _take_entity(self, entity: Entity) -> None:
        self.entity = entity
        self.origin: Source | None = entity.source
        self.selection = entity.source
        self.name = entity.schema.name.lower()
        self.plan = (entity.schema.plan, True) if self.is_optional else entity.schema.plan

    def _take_expression(self, expression: Expression[Any]) -> None:
        self.origin = expression.origin
        self.selection = expression.node
        self.name = expression.name
        column_type = self.selection.type
        if self.is_optional and not column_type.nullable:
            column_type = _nullable(column_type)
        field = expression.field
        self.plan = (column_type, None if field is None else field.from_storage, self.name)


def _nullable(column_type: ColumnType) -> ColumnType:
    return ColumnType(
        column_type.storage,
        element=column_type.element,
        nullable=True,
        precision=column_type.precision,
        scale=column_type.scale,
        max_length=column_type.max_length,
    )


def items_of(things: Sequence[object]) -> tuple[Item, ...]:
    """What `select` and `returning` were given."""
    if not things:
        raise QueryError("nothing is selected")
    return tuple(Item(thing) for thing in things)


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
    names, by_keyword = _field_names(cls)
    if len(names) != len(items):
        raise QueryError(f"{_called(cls)} has {len(names)} fields, the query selects {len(items)} things")
    for name, item in zip(names, items, strict=True):
        if item.name and item.entity is None and item.name != name:
            raise QueryError(
                f"{_called(cls)}.{name} would receive {item.name!r}: label it, or change the order"
            )
    if not by_keyword:
        return cls

    def make(*values: Any) -> Any:
        return cls(**dict(zip(names, values, strict=True)))

    return make


def _field_names(cls: Any) -> tuple[Sequence[str], bool]:
    if dataclasses.is_dataclass(cls):
        fields = [field for field in dataclasses.fields(cls) if field.init]
        return [field.name for field in fields], any(field.kw_only for field in fields)
    names = getattr(cls, "_fields", None)
    if names is None:
        raise QueryError(f"{_called(cls)} is neither a dataclass nor a NamedTuple")
    return cast("Sequence[str]", names), False


def _called(cls: Any) -> str:
    return str(getattr(cls, "__name__", cls))
