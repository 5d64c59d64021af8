"""References: objects of which only the key is known, until somebody awaits them."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, cast
from weakref import ref

from bridgeorm import _engine
from bridgeorm._engine import UNSET, Instance
from bridgeorm.model_schema import ModelSchema, schema_of

if TYPE_CHECKING:
    from bridgeorm.relations.relation import DeclaredRelation

    _Origin = tuple[ref[Instance], DeclaredRelation[Any]]

REFERENCE = "<reference>"
"""Where a reference keeps whose it is; no attribute can be called so."""


def make_reference(owner: Instance, relation: DeclaredRelation[Any], values: list[object]) -> Instance:
    """The object with this key from the owner's identity map, or a reference that knows nothing but the
    key.
    """
    link = relation.link
    schema = link.target
    far_values = {far: value for (_own, far), value in zip(link.pairs, values, strict=True)}
    identity_map = _engine.identity_map_of(owner)
    is_key = sorted(far_values) == sorted(schema.key)
    if identity_map is not None and is_key:
        found = identity_map.find(schema.plan, tuple(far_values[index] for index in schema.key))
        if found is not None:
            if is_unloaded_reference(found):
                _engine.extension(found)[REFERENCE] = (ref(owner), relation)
            return found
    slots: list[object] = [UNSET] * len(schema.columns)
    for index, value in far_values.items():
        slots[index] = value
    reference = _engine.new_instance(schema.plan, slots)
    _engine.mark_clean(reference)
    _engine.set_persistent(reference, True)
    if identity_map is not None and is_key:
        identity_map.add(reference)
    _engine.extension(reference)[REFERENCE] = (ref(owner), relation)
    return reference


def is_unloaded_reference(instance: Instance) -> bool:
    """Whether nothing but the key of this object is known."""
    store = _engine.existing_extension(instance)
    if store is None or REFERENCE not in store:
        return False
    probe = _probe(schema_of(type(instance)), cast("_Origin", store[REFERENCE])[1])
    if probe is None or _engine.peek(instance, probe) is UNSET:
        return True
    del store[REFERENCE]
    return False


def loaded_reference(instance: Instance) -> None:
    """Notes that a reference's row was read."""
    store = _engine.existing_extension(instance)
    if store is not None:
        store.pop(REFERENCE, None)


def _probe(schema: ModelSchema, relation: DeclaredRelation[Any]) -> int | None:
    """A column that is empty exactly as long as the row was not read."""
    known = {far for _own, far in relation.link.pairs}
    return next((column.index for column in schema.columns if column.index not in known), None)


def awaiting(instance: Instance) -> Coroutine[Any, Any, Any] | None:
    """What to await before the object is loaded; None when it is."""
    if not is_unloaded_reference(instance):
        return None
    weak_owner, relation = cast("_Origin", _engine.extension(instance)[REFERENCE])
    owner = weak_owner()
    handle = relation.handle_for(instance if owner is None else owner)
    loading: Coroutine[Any, Any, Any] = handle.load_relation(relation, instance if owner is None else owner)
    return loading
