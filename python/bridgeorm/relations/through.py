"""Link tables of many-to-many relations: models of the user's own, or made by us."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bridgeorm.columns import Column, ColumnOptions, Declaration
from bridgeorm.constraints import foreign_keys
from bridgeorm.entities import Link
from bridgeorm.errors import ModelError
from bridgeorm.fields import FieldOptions
from bridgeorm.model_schema import ModelSchema, schema_of
from bridgeorm.naming import evaluate, snake_case

if TYPE_CHECKING:
    from bridgeorm.relations.many import Many


def pairs_to(
    through: ModelSchema, model: ModelSchema, side: str | None, context: str
) -> tuple[tuple[int, int], ...]:
    """(link column, model column) for the foreign key by which a link model refers to `model`: the only one,
    or that of the relation or column called `side`.
    """
    keys = through.build().foreign_keys_to(model.build())
    if side is not None:
        names = _columns_of(through, side)
        keys = [key for key in keys if {near.attribute for near, _far in key} == names]
        if not keys:
            raise ModelError(f"{context}{side} is no foreign key of {through.name} to {model.name}")
    if len(keys) != 1:
        raise ModelError(
            f"{context}... must say which: {through.name} refers to {model.name} by {len(keys)} foreign keys"
            if keys
            else f"{context}... cannot be found: {through.name} does not refer to {model.name}"
        )
    return tuple((near.index, far.index) for near, far in keys[0])


def _columns_of(through: ModelSchema, side: str) -> set[str]:
    relation = through.relations.get(side)
    return {side} if relation is None else {column.attribute for column in relation.own_columns()}


def implicit_through(relation: Many[Any], target: ModelSchema) -> Link:
    """The link of a relation without a link model: a table of both keys."""
    owner = relation.owner
    near, far = _key_names(owner, target, "from_"), _key_names(target, owner, "to_")
    namespace: dict[str, Any] = {
        "__module__": owner.cls.__module__,
        "__qualname__": f"{owner.cls.__qualname__}.{relation.attribute}",
        "__annotations__": {},
    }
    for names, model in ((near, owner), (far, target)):
        for name, key in zip(names, model.build().key_columns, strict=True):
            namespace["__annotations__"][name] = evaluate(
                model.annotations[key.attribute], model.cls, key.attribute
            )
            namespace[name] = _key_declaration(key, is_whole=len(names) == 1)
    namespace["constraints"] = [
        foreign_keys(names, tuple(model.key_columns), on_delete="cascade")
        for names, model in ((near, owner), (far, target))
        if len(names) > 1
    ]
    root = next(base for base in owner.cls.__mro__ if "__bridge_root__" in vars(base))
    meta: Any = type(owner.cls)
    cls: type[Any] = meta(
        f"{owner.name}_{relation.attribute}",
        (root,),
        namespace,
        table=f"{owner.table_name}_{relation.attribute}",
    )
    through = schema_of(cls).build()
    return Link(
        target,
        tuple((key, through.by_attribute[name].index) for key, name in zip(owner.key, near, strict=True)),
        False,
        through,
        tuple((through.by_attribute[name].index, key) for key, name in zip(target.key, far, strict=True)),
    )


def _key_names(model: ModelSchema, other: ModelSchema, side: str) -> tuple[str, ...]:
    prefix = f"{side if model is other else ''}{snake_case(model.name)}"
    return tuple(f"{prefix}_{key.attribute}" for key in model.build().key_columns)


def _key_declaration(key: Column[Any], *, is_whole: bool) -> Declaration:
    """A link column, whose row vanishes with the row it refers to; parts of a key refer to it together."""
    field = key.options.field
    return Declaration(
        ColumnOptions(
            primary_key=True,
            generated=False,
            references=key if is_whole else None,
            on_delete="cascade",
            field=FieldOptions(bits=field.bits, max_length=field.max_length),
            custom=key.options.custom,
        )
    )
