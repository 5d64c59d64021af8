"""What objects in memory learn from changes of other objects' rows: cascades, loaded relations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from bridgeorm import _engine
from bridgeorm._engine import UNSET, Instance
from bridgeorm.columns import MISSING
from bridgeorm.expressions import Expression
from bridgeorm.model_schema import ModelSchema, schema_of
from bridgeorm.referring import ForeignKey, built_models, foreign_keys_of, keys_leading_to
from bridgeorm.relations.many import Many
from bridgeorm.relations.one import One
from bridgeorm.relations.relation import HANDLE
from bridgeorm.running import Call

Remember = Callable[[list[Instance]], None]


def remember(call: Call, instances: list[Instance]) -> None:
    """Keeps what objects look like for a rollback, where there can be one."""
    if call.block is not None:
        call.block.remember(instances)


def forget_rows(call: Call, deleted: list[Instance]) -> None:
    """Objects whose rows are gone leave the identity map and every loaded relation; what the database's rules
    did to rows that referred to them is done to the objects of those.
    """
    waiting = _by_schema(deleted)
    while waiting:
        schema, members = waiting.popitem()
        for member in members:
            _engine.set_persistent(member, False)
            identity_map = _engine.identity_map_of(member)
            if identity_map is not None:
                identity_map.remove(member)
                if call.block is not None:
                    call.block.memory.note_leaving(identity_map, member)
        _leave_collections(call, schema, members)
        for child_schema, key in keys_leading_to(schema):
            followers = _followers(call, child_schema, key, members)
            if not followers:
                continue
            remember(call, followers)
            if key.on_delete == "cascade":
                waiting.setdefault(child_schema, []).extend(followers)
            else:
                _empty(child_schema, key, followers)


def _by_schema(instances: Iterable[Instance]) -> dict[ModelSchema, list[Instance]]:
    groups: dict[ModelSchema, list[Instance]] = {}
    for instance in instances:
        groups.setdefault(schema_of(type(instance)), []).append(instance)
    return groups


def _followers(call: Call, schema: ModelSchema, key: ForeignKey, members: list[Instance]) -> list[Instance]:
    """Objects that refer to deleted ones by a key with a rule."""
    if key.on_delete not in {"cascade", "set_null", "set_default"}:
        return []
    gone = {key.named_by(member) for member in members}
    return [
        child
        for child in call.identity_map.members(schema.plan)
        if _engine.is_persistent(child) and key.values_of(child) in gone
    ]


def _empty(schema: ModelSchema, key: ForeignKey, followers: list[Instance]) -> None:
    """What the rules "set_null" and "set_default" did; a default that the database alone knows is unknown."""
    for own, _far in key.pairs:
        default: object = None
        if key.on_delete == "set_default":
            said = schema.columns[own].options.default
            default = UNSET if said is MISSING or callable(said) or isinstance(said, Expression) else said
        for follower in followers:
            _engine.poke(follower, own, default, False)
    for follower in followers:
        for name in key.relations:
            _engine.extension(follower).pop(name, None)


def _leave_collections(call: Call, schema: ModelSchema, deleted: list[Instance]) -> None:
    gone = {id(each) for each in deleted}
    for relation in _relations_to(schema):
        for owner in call.identity_map.members(relation.owner.plan):
            _keep(call, owner, relation, lambda member: id(member) not in gone)


def _relations_to(schema: ModelSchema) -> list[Any]:
    """Relations of models in use that hold several objects of this one, or one that holds the key."""
    models = built_models()
    return schema.cached(
        f"relations to it of {len(models)} models",
        lambda: [
            relation
            for owner in models
            for relation in owner.relations.values()
            if (isinstance(relation, Many) or (isinstance(relation, One) and not relation.is_forward))
            and relation.link.target is schema
        ],
    )


def _keep(call: Call, owner: Instance, relation: Any, is_kept: Callable[[Any], bool]) -> None:
    """Takes out of a loaded relation what does not belong there. Lists are replaced, never changed: a
    rollback puts the old one back.
    """
    store = _engine.existing_extension(owner)
    held: Any = None if store is None else store.get(relation.attribute)
    if store is None or held is None:
        return
    if isinstance(relation, One):
        if not is_kept(held):
            remember(call, [owner])
            store[relation.attribute] = None
    elif not all(map(is_kept, held)):
        remember(call, [owner])
        store[relation.attribute] = [member for member in held if is_kept(member)]


def join_relations(call: Call, written: list[Instance]) -> None:
    """Objects that were inserted, or now refer to others, stand in the loaded relations of what they refer
    to, and in no others.
    """
    for schema, members in _by_schema(written).items():
        for relation in _relations_to(schema):
            if relation.link.through is None:
                _join(call, relation, members)


def _join(call: Call, relation: Any, members: list[Instance]) -> None:
    pairs = relation.link.pairs
    moved = {id(member) for member in members}
    arrived: dict[tuple[object, ...], list[Instance]] = {}
    for member in members:
        arrived.setdefault(tuple(_engine.peek(member, far) for _own, far in pairs), []).append(member)
    for owner in call.identity_map.members(relation.owner.plan):
        store = _engine.existing_extension(owner)
        if store is None or relation.attribute not in store:
            continue
        mine = arrived.get(tuple(_engine.peek(owner, own) for own, _far in pairs), [])
        own_ids = {id(each) for each in mine}
        held: Any = store[relation.attribute]
        if isinstance(relation, One):
            wanted: Any = mine[0] if mine else None if id(held) in moved else held
            is_same = wanted is held
        else:
            stayed = [each for each in held if id(each) not in moved or id(each) in own_ids]
            present = {id(each) for each in stayed}
            wanted = [*stayed, *(each for each in mine if id(each) not in present)]
            is_same = len(wanted) == len(held) and len(stayed) == len(held)
        if not is_same:
            remember(call, [owner])
            store[relation.attribute] = wanted


def foreign_columns_of(instance: Instance) -> frozenset[int]:
    """Columns of the object's model that refer to other objects."""
    schema = schema_of(type(instance))
    return schema.cached(
        "foreign columns",
        lambda: frozenset(own for key in foreign_keys_of(schema) for own, _far in key.pairs),
    )


def database_of(instance: Instance) -> Any:
    """The handle an object came from; None where nobody told it."""
    group = _engine.load_group(instance)
    handle = None if group is None else group.handle
    if handle is not None:
        return handle
    return (_engine.existing_extension(instance) or {}).get(HANDLE)
