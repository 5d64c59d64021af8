"""What the database's cascades reach: rows that hang together through rows nobody has in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bridgeorm._engine import Instance
from bridgeorm.model_schema import ModelSchema, schema_of
from bridgeorm.referring import ForeignKey, foreign_keys_of

Members = dict[ModelSchema, list[Instance]]


def strata_of(instances: Sequence[Instance]) -> list[list[Instance]]:
    """Objects to be deleted, in groups one after the other: those that refer before those referred to. There
    are several only where a deletion could reach others through a model between.
    """
    members = _members(instances)
    if not any(_hangs_on(schema, other) for schema in members for other in members):
        return [list(instances)]
    strata: dict[int, list[Instance]] = {}
    for schema, some in members.items():
        before = sum(_refers(other, schema) and not _refers(schema, other) for other in members)
        strata.setdefault(before, []).extend(some)
    return [strata[before] for before in sorted(strata)]


def endangered_among(instances: Sequence[Instance]) -> list[Instance]:
    """Objects whose rows may go with the deletion of another of these before their own turn, whatever the
    order: those of models that refer to each other in a circle, or to themselves, where one of them refers to
    a row that is none of these.
    """
    members = _members(instances)
    endangered: list[Instance] = []
    is_hidden = False
    for schema, some in members.items():
        circle = [other for other in members if _hangs_on(schema, other) and _refers(other, schema)]
        if sum(len(members[other]) for other in circle) < 2:  # noqa: PLR2004 - one object cannot take another along
            continue
        keys = [key for key in _cascading(schema) if _refers(key.target, schema)]
        hanging = [each for each in some if any(key.values_of(each) is not None for key in keys)]
        endangered += hanging
        is_hidden = is_hidden or any(
            _is_parent_missing(each, key, members) for each in hanging for key in keys
        )
    return endangered if is_hidden else []


def _members(instances: Sequence[Instance]) -> Members:
    members: Members = {}
    for instance in instances:
        members.setdefault(schema_of(type(instance)), []).append(instance)
    return members


def _is_parent_missing(instance: Instance, key: ForeignKey, members: Members) -> bool:
    values = key.values_of(instance)
    return values is not None and all(key.named_by(each) != values for each in members.get(key.target, ()))


def _hangs_on(schema: ModelSchema, other: ModelSchema) -> bool:
    """Whether deleting rows of the other can reach rows of this model through further ones."""
    return any(other in _reached(key.target, is_cascade=True) for key in _cascading(schema))


def _refers(schema: ModelSchema, other: ModelSchema) -> bool:
    """Whether rows of one model refer to rows of the other, be it through further ones."""
    return other in _reached(schema, is_cascade=False)


def _reached(schema: ModelSchema, *, is_cascade: bool) -> frozenset[ModelSchema]:
    """The models that foreign keys lead to from this one, step by step."""

    def walk() -> frozenset[ModelSchema]:
        found: set[ModelSchema] = set()
        waiting = [schema]
        while waiting:
            keys = foreign_keys_of(waiting.pop())
            further = {key.target for key in keys if not is_cascade or key.on_delete == "cascade"} - found
            found |= further
            waiting += further
        return frozenset(found)

    return schema.cached(f"models reached {'by cascades' if is_cascade else ''}", walk)


def _cascading(schema: ModelSchema) -> Iterator[ForeignKey]:
    return (key for key in foreign_keys_of(schema) if key.on_delete == "cascade")
