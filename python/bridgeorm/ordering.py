"""In which order objects are written, so that nobody refers to a row that is not there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bridgeorm import _engine
from bridgeorm._engine import UNSET, Instance
from bridgeorm.errors import ModelError
from bridgeorm.model_schema import ModelSchema, schema_of
from bridgeorm.relations.one import One
from bridgeorm.writing import parents_of


def with_parents(instances: Sequence[Instance]) -> list[Instance]:
    """The objects, and the unsaved ones they refer to."""
    found: dict[int, Instance] = {}
    waiting = list(reversed(instances))
    while waiting:
        instance = waiting.pop()
        if id(instance) in found or _engine.is_persistent(instance):
            continue
        found[id(instance)] = instance
        waiting.extend(parent for _name, _relation, parent in parents_of(instance))
    return list(found.values())


def waves(instances: Sequence[Instance]) -> list[list[Instance]]:
    """Groups that can be inserted one after the other. ModelError for objects that refer to each other in
    a circle.
    """
    members = {id(instance): instance for instance in instances}
    by_key = {
        (id(type(instance)), key): instance
        for instance in instances
        for key in [_engine.key_of(instance)]
        if key is not None
    }
    needs = {
        identity: {
            id(parent)
            for parent in _parents(instance, by_key)
            if id(parent) in members and parent is not instance
        }
        for identity, instance in members.items()
    }
    ordered: list[list[Instance]] = []
    while needs:
        ready = [identity for identity, parents in needs.items() if not parents & needs.keys()]
        if not ready:
            names = sorted({type(members[identity]).__name__ for identity in needs})
            raise ModelError(f"unsaved objects refer to each other in a circle: {', '.join(names)}")
        for identity in ready:
            del needs[identity]
        ordered.append([members[identity] for identity in ready])
    return ordered


def _parents(instance: Instance, by_key: dict[tuple[int, tuple[object, ...]], Instance]) -> list[Instance]:
    """Objects the instance refers to: those in its relations, and those whose key it holds."""
    parents = [parent for _name, _relation, parent in parents_of(instance)]
    for pairs, target in _keys_of(schema_of(type(instance))):
        values = tuple(_engine.peek(instance, own) for own, _far in pairs)
        if any(value is None or value is UNSET for value in values):
            continue
        by_column = {far: value for (_own, far), value in zip(pairs, values, strict=True)}
        if sorted(by_column) == sorted(target.key):
            parent = by_key.get((id(target.cls), tuple(by_column[index] for index in target.key)))
            if parent is not None:
                parents.append(parent)
    return parents


_Keys = list[tuple[tuple[tuple[int, int], ...], ModelSchema]]


def _keys_of(schema: ModelSchema) -> _Keys:
    """The model's foreign keys, with the models they lead to."""
    return schema.cached("foreign keys", lambda: _find_keys(schema))


def _find_keys(schema: ModelSchema) -> _Keys:
    keys: _Keys = []
    covered: set[int] = set()
    for relation in schema.relations.values():
        if isinstance(relation, One) and relation.is_forward:
            keys.append((relation.link.pairs, relation.link.target))
            covered |= {own for own, _far in relation.link.pairs}
    for column in schema.columns:
        if column.options.references is not None and column.index not in covered:
            target: Any = schema.resolve_column(column.options.references)
            keys.append((((column.index, target.index),), target.owner))
    for pairs in schema.composite_foreign_keys():
        target = pairs[0][1]
        keys.append((tuple((own.index, far.index) for own, far in pairs), target.owner))
    return keys


def deletion_waves(instances: Sequence[Instance]) -> list[list[Instance]]:
    """Groups that can be deleted one after the other: those that refer to others before those referred to."""
    return waves(instances)[::-1]
