"""Foreign keys as writing sees them: what refers to what, and what a deletion does to those that refer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bridgeorm import _engine
from bridgeorm._engine import UNSET, Instance
from bridgeorm.columns import Action, Column
from bridgeorm.constraints import ForeignKeyConstraint
from bridgeorm.model_schema import ModelSchema, schema_of
from bridgeorm.naming import known_models
from bridgeorm.relations.one import One


@dataclass(frozen=True, slots=True, eq=False)
class ForeignKey:
    """Columns of one model that name a row of another."""

    pairs: tuple[tuple[int, int], ...]
    """(own column, column of the target)."""
    target: ModelSchema
    on_delete: Action
    is_deferred: bool
    """Whether the database looks at it only when the transaction commits."""
    relations: tuple[str, ...]
    """The relations made of it."""
    clearable: tuple[int, ...]
    """Own columns that may be None; with one of them None it refers to nothing."""

    def values_of(self, instance: Instance) -> tuple[object, ...] | None:
        """What an object refers to, in the order of the pairs; None where it refers to nothing, or to what
        has no key yet.
        """
        values = tuple(_engine.peek(instance, own) for own, _far in self.pairs)
        return None if any(value is None or value is UNSET for value in values) else values

    def named_by(self, target: Instance) -> tuple[object, ...]:
        """What refers to this object, as `values_of` says it."""
        return tuple(_engine.peek(target, far) for _own, far in self.pairs)


def foreign_keys_of(schema: ModelSchema) -> list[ForeignKey]:
    """The model's foreign keys."""
    return schema.cached("foreign keys", lambda: list(_find_keys(schema.build())))


def keys_leading_to(target: ModelSchema) -> list[tuple[ModelSchema, ForeignKey]]:
    """Foreign keys of any model in use that refer to this one."""
    models = built_models()
    return target.cached(
        f"keys leading to it of {len(models)} models",
        lambda: [
            (schema, key) for schema in models for key in foreign_keys_of(schema) if key.target is target
        ],
    )


def built_models() -> list[ModelSchema]:
    """The models in use; of others there are no objects."""
    return [schema for schema in known_models() if schema.is_built]


def _find_keys(schema: ModelSchema) -> Iterator[ForeignKey]:
    for column in schema.columns:
        options = column.options
        if options.references is not None:
            far = schema.resolve_column(options.references)
            yield _make_key(schema, [(column, far)], options.on_delete, is_deferred=options.deferrable)
    for constraint in schema.constraints:
        if isinstance(constraint, ForeignKeyConstraint):
            columns = [
                (schema.resolve_column(own), schema.resolve_column(far))
                for own, far in zip(constraint.columns, constraint.targets, strict=True)
            ]
            yield _make_key(schema, columns, constraint.on_delete, is_deferred=constraint.is_deferred)


def _make_key(
    schema: ModelSchema,
    columns: list[tuple[Column[Any], Column[Any]]],
    on_delete: Action,
    *,
    is_deferred: bool,
) -> ForeignKey:
    owner: Any = columns[0][1].owner
    target = schema_of(owner.cls).build()  # columns have their places from then on
    pairs = tuple((own.index, far.index) for own, far in columns)
    relations = tuple(
        name
        for name, relation in schema.relations.items()
        if isinstance(relation, One) and relation.is_forward and set(relation.link.pairs) == set(pairs)
    )
    clearable = tuple(
        own.index for own, _far in columns if own.field.type.nullable and own.index not in schema.key
    )
    return ForeignKey(pairs, target, on_delete, is_deferred, relations, clearable)
