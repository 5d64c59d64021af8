"""The constructor of models: keyword arguments become a checked instance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bridgeorm import _engine
from bridgeorm._engine import UNSET, Instance, ModelPlan
from bridgeorm.expressions import Expression
from bridgeorm.model_schema import ModelSchema, default_values
from bridgeorm.relations.one import One


class Constructor:
    """Made once per model: knows arguments, defaults and what must be given."""

    def __init__(self, schema: ModelSchema) -> None:
        self._schema = schema
        self._plan: ModelPlan = schema.plan
        self._positions = {
            column.attribute: column.index
            for column in schema.columns
            if not column.options.version and not schema.is_generated(column)
        }
        self._template, self._factories = default_values(schema)
        self._ones: dict[str, One[Any]] = {
            name: relation
            for name, relation in schema.relations.items()
            if isinstance(relation, One) and relation.is_forward
        }
        self._required = self._required_columns()

    def _required_columns(self) -> list[int]:
        filled = {index for index, _factory in self._factories}
        required: list[int] = []
        for column in self._schema.columns:
            has_default = self._template[column.index] is not UNSET or column.index in filled
            by_database = isinstance(column.options.default, Expression) or self._schema.is_generated(column)
            if has_default or by_database:
                continue
            is_foreign = column.options.references is not None or any(
                own is column for relation in self._ones.values() for own in relation.own_columns()
            )
            if is_foreign and column.field.type.nullable:
                self._template[column.index] = None
                continue
            required.append(column.index)
        return required

    def __call__(self, arguments: dict[str, Any]) -> Instance:
        """A new, unsaved instance. TypeError for unknown or missing arguments, ValidationError for wrong
        values.
        """
        values = self._template.copy()
        related: list[tuple[One[Any], Any]] | None = None
        positions = self._positions
        for name, value in arguments.items():
            index = positions.get(name)
            if index is None:
                relation = self._relation(name)
                related = [*(related or ()), (relation, value)]
            else:
                values[index] = value
        for index, factory in self._factories:
            if values[index] is UNSET:
                values[index] = factory()
        if related is not None:
            self._refuse_pairs(related, arguments)
        for index in self._required:
            if values[index] is UNSET:
                self._check_missing(values, related or [])
                break
        instance = _engine.new_instance(self._plan, values)
        if related is not None:
            for relation, value in related:
                relation.assign(instance, value)
        return instance

    def _relation(self, name: str) -> One[Any]:
        relation = self._ones.get(name)
        if relation is not None:
            return relation
        schema = self._schema
        if name in schema.relations:
            raise TypeError(
                f"{schema.name}.__init__() takes no reverse relation: {name!r} is set on the other side"
            )
        if name in schema.by_attribute:
            raise TypeError(f"{schema.name}.__init__() got {name!r}, which is filled by itself")
        raise TypeError(f"{schema.name}.__init__() got an unexpected keyword argument {name!r}")

    def _refuse_pairs(self, related: list[tuple[One[Any], Any]], arguments: dict[str, Any]) -> None:
        for relation, _value in related:
            for column in relation.own_columns():
                if column.attribute in arguments:
                    raise TypeError(
                        f"{self._schema.name}.__init__() got both {relation.attribute!r} and "
                        f"{column.attribute!r}: give one of them"
                    )

    def _check_missing(self, values: list[object], related: list[tuple[One[Any], Any]]) -> None:
        """Raises TypeError unless relations will fill what is still empty."""
        given = {column.index for relation, _value in related for column in relation.own_columns()}
        missing = [index for index in self._required if values[index] is UNSET and index not in given]
        if not missing:
            return
        names = [self._called(index) for index in missing]
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        plural = "" if len(names) == 1 else "s"
        raise TypeError(
            f"{self._schema.name}.__init__() missing {len(names)} required keyword-only "
            f"argument{plural}: {listed}"
        )

    def _called(self, index: int) -> str:
        attribute = self._schema.columns[index].attribute
        for name, relation in self._ones.items():
            if any(column.index == index for column in relation.own_columns()):
                return f"{name!r} (or {attribute!r})"
        return repr(attribute)


def constructor_of(schema: ModelSchema) -> Callable[[dict[str, Any]], Instance]:
    """The model's constructor, made when first asked for."""
    return schema.cached("constructor", lambda: Constructor(schema.build()))
