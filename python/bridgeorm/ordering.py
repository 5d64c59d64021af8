"""In which order objects are written, so that nobody refers to a row that is not there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bridgeorm import _engine
from bridgeorm._engine import UNSET, Instance
from bridgeorm.cascading import strata_of
from bridgeorm.errors import ModelError
from bridgeorm.model_schema import schema_of
from bridgeorm.referring import ForeignKey, foreign_keys_of
from bridgeorm.writing import parents_of


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """That one object refers to another."""

    instance: Instance
    key: ForeignKey
    parent: Instance

    @property
    def is_free(self) -> bool:
        """Whether the database does not mind the order, so long as both are there in the end."""
        return self.key.is_deferred and (
            self.key.values_of(self.instance) is not None or UNSET not in self.key.named_by(self.parent)
        )

    @property
    def can_wait(self) -> bool:
        """Whether it may be empty for a while."""
        return self.is_free or bool(self.key.clearable)


@dataclass(frozen=True, slots=True)
class WritingOrder:
    """Groups that can be written one after the other, and what must refer to nothing while they are."""

    waves: list[list[Instance]]
    postponed: list[Reference]


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


def insertion_order(instances: Sequence[Instance]) -> WritingOrder:
    """Those referred to before those that refer to them. ModelError for a circle of references none of which
    can wait.
    """
    references = _references(instances)
    own = [each for each in references if each.instance is each.parent]
    for each in own:
        if not each.can_wait:
            raise _impossible([each.instance])
    order = _arrange(instances, [each for each in references if each.instance is not each.parent])
    order.postponed.extend(each for each in own if not each.is_free)
    return order


def deletion_order(instances: Sequence[Instance]) -> WritingOrder:
    """Those that refer to others before those referred to."""
    order = WritingOrder([], [])
    for stratum in strata_of(instances):
        references = [each for each in _references(stratum) if each.instance is not each.parent]
        arranged = _arrange(stratum, references, children_first=True)
        order.waves.extend(arranged.waves)
        order.postponed.extend(arranged.postponed)
    return order


def _references(instances: Sequence[Instance]) -> list[Reference]:
    members = {id(instance): instance for instance in instances}
    by_name: dict[tuple[int, tuple[int, ...]], dict[tuple[object, ...], Instance]] = {}
    references: list[Reference] = []
    for instance in members.values():
        store = _engine.existing_extension(instance) or {}
        for key in foreign_keys_of(schema_of(type(instance))):
            known = [store[name] for name in key.relations if isinstance(store.get(name), Instance)]
            parent = known[0] if known else _by_value(instance, key, members.values(), by_name)
            if (
                isinstance(parent, Instance)
                and id(parent) in members
                and not _is_settled(instance, key, parent)
            ):
                references.append(Reference(instance, key, parent))
    return references


def _is_settled(instance: Instance, key: ForeignKey, parent: Instance) -> bool:
    """Whether an object refers to itself by a key it knows."""
    return parent is instance and key.values_of(instance) is not None


def _by_value(
    instance: Instance,
    key: ForeignKey,
    members: Iterable[Instance],
    by_name: dict[tuple[int, tuple[int, ...]], dict[tuple[object, ...], Instance]],
) -> Instance | None:
    """The member whose columns hold what the object's foreign key holds."""
    values = key.values_of(instance)
    if values is None:
        return None
    place = (id(key.target), tuple(far for _own, far in key.pairs))
    if place not in by_name:
        by_name[place] = {
            key.named_by(member): member for member in members if schema_of(type(member)) is key.target
        }
    return by_name[place].get(values)


Waiting = dict[int, dict[int, list[Reference]]]


def _arrange(
    instances: Sequence[Instance], references: list[Reference], *, children_first: bool = False
) -> WritingOrder:
    members = {id(instance): instance for instance in instances}
    waiting: Waiting = {identity: {} for identity in members}
    awaited: dict[int, list[int]] = {}
    for each in references:
        first, second = (each.instance, each.parent) if children_first else (each.parent, each.instance)
        waiting[id(second)].setdefault(id(first), []).append(each)
        awaited.setdefault(id(first), []).append(id(second))
    order = WritingOrder([], [])
    ready = [identity for identity, others in waiting.items() if not others]
    while waiting:
        if not ready:
            ready = _loosened(waiting, awaited, order.postponed)
        if not ready:
            raise _impossible([members[identity] for identity in waiting])
        for identity in ready:
            del waiting[identity]
        order.waves.append([members[identity] for identity in ready])
        ready = _freed(ready, waiting, awaited)
    return order


def _freed(done: list[int], waiting: Waiting, awaited: dict[int, list[int]]) -> list[int]:
    """Those that waited for nobody else."""
    freed: dict[int, None] = {}
    for identity in done:
        for other in awaited.get(identity, ()):
            others = waiting.get(other)
            if others is not None:
                others.pop(identity, None)
                if not others:
                    freed[other] = None
    return list(freed)


def _loosened(waiting: Waiting, awaited: dict[int, list[int]], postponed: list[Reference]) -> list[int]:
    """Some of those in a circle whose every reference can wait, no two of which wait for each other."""
    released: dict[int, None] = {}
    for identity, others in waiting.items():
        references = [each for some in others.values() for each in some]
        is_in_circle = any(other in waiting for other in awaited.get(identity, ()))
        if not is_in_circle or released.keys() & others.keys():
            continue
        if all(each.can_wait for each in references):
            released[identity] = None
            postponed += [each for each in references if not each.is_free]
    return list(released)


def _impossible(instances: list[Instance]) -> ModelError:
    names = ", ".join(sorted({type(instance).__name__ for instance in instances}))
    return ModelError(
        f"objects refer to each other in a circle: {names}; one of these foreign keys must be nullable, or "
        "deferrable with keys that are known before the insert"
    )
