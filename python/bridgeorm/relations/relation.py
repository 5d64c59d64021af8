"""What to-one and to-many relations share: where they lead, and conditions over what is there."""

from __future__ import annotations

from copy import copy
from typing import Any, Generic, Self, TypeVar, cast, get_args, get_origin

from bridgeorm import _engine
from bridgeorm._engine import UNSET, Instance, Node
from bridgeorm.columns import Column, Recorded
from bridgeorm.context import Handle, current_handle
from bridgeorm.entities import Entity, Link, Relation, entity_of
from bridgeorm.errors import ModelError, QueryError
from bridgeorm.expressions import Built, Expression, nodes_of
from bridgeorm.fields import split_optional
from bridgeorm.joining import matching
from bridgeorm.model_schema import ModelSchema, schema_of
from bridgeorm.naming import evaluate
from bridgeorm.narrowing import is_a

Held = TypeVar("Held")

HANDLE = "<handle>"
"""Where an instance's side store keeps the handle it came from; no attribute can be called so."""


class DeclaredRelation(Relation, Generic[Held]):
    """A relation of a model. Made in the class body; complete once every model it names exists."""

    def __init__(self, *, columns: tuple[Any, ...], back: str | None, through: Any) -> None:
        self.columns = columns
        self.back = back
        self.through = through
        self.attribute = ""
        self._owner: ModelSchema | None = None
        self._annotation: Any = None
        self._link: Link | None = None
        self._entity: Entity | None = None
        self._own: list[Column[Any]] | None = None

    def bind(self, owner: ModelSchema, attribute: str, annotation: Any) -> Self:
        """The relation as a part of one model; a mixin's serves several."""
        bound = copy(self)
        bound.settle(owner, attribute, annotation)
        return bound

    def settle(self, owner: ModelSchema, attribute: str, annotation: Any) -> None:
        """Tells the relation whose it is. Called once, by `bind`."""
        self._owner = owner
        self.attribute = attribute
        self._annotation = annotation

    def at(self, entity: Entity) -> Self:
        """The same relation, starting from another use of the model."""
        moved = copy(self)
        moved.start_from(entity)
        return moved

    def start_from(self, entity: Entity) -> None:
        """Tells the relation where it starts. Called once, by `at`."""
        self._entity = entity
        self.plain_step = None

    @property
    def owner(self) -> ModelSchema:
        """The model it belongs to."""
        if self._owner is None:
            raise ModelError("a relation belongs in the body of a model")
        return self._owner

    @property
    def context(self) -> str:
        """What messages call it."""
        return f"{self.owner.name}.{self.attribute}"

    @property
    def entity(self) -> Entity:
        return self._entity or entity_of(self.owner.cls)

    @property
    def link(self) -> Link:
        if self._link is None:
            self.owner.build()
            self._link = self._make_link()
        return self._link

    def _make_link(self) -> Link:
        raise NotImplementedError

    def own_columns(self) -> list[Column[Any]]:
        """The owner's columns that hold the key; none for a reverse side."""
        if self._own is None:
            self._own = [self.owner.resolve_column(column) for column in self.columns]
        return self._own

    @property
    def target_annotation(self) -> Any:
        """What stands in the brackets of the annotation."""
        annotation = evaluate(self._annotation, self.owner.cls, self.attribute)
        if get_origin(annotation) is not type(self):
            raise ModelError(f"{self.context}: annotate it {type(self).__name__}[...]")
        return evaluate(get_args(annotation)[0], self.owner.cls, self.attribute)

    @property
    def target(self) -> ModelSchema:
        """The model it leads to."""
        bare, _is_optional = split_optional(self.target_annotation)
        return schema_of(evaluate(bare, self.owner.cls, self.attribute))

    def opposite(self, target: ModelSchema, name: str) -> DeclaredRelation[Any]:
        """The relation of the other model that says the same from its side."""
        other = target.relations.get(name)
        if other is None:
            raise ModelError(f'{self.context}: {target.name} has no relation "{name}"')
        return cast("DeclaredRelation[Any]", other)

    def key_values(self, instance: Instance) -> tuple[object, ...] | None:
        """The owner's side of the pairs; None while a part is NULL or missing."""
        values = tuple(_engine.peek(instance, own) for own, _target in self.link.pairs)
        return None if any(value is None or value is UNSET for value in values) else values

    # --- conditions ---

    def _exists(self, conditions: tuple[Expression[bool | None], ...]) -> Expression[bool]:
        link, own = self.link, self.entity
        target = entity_of(link.target.cls)
        if target.source is own.source:
            raise QueryError(
                f"{self.context} leads back to the same table: ask an aliased copy, as "
                f"aliased({self.owner.name}).{self.attribute}"
            )
        wanted: list[Node] = []
        sources = [target.source]
        if link.through is None:
            wanted.append(matching(own, target, link.pairs))
        else:
            between = entity_of(link.through.cls)
            sources.append(between.source)
            wanted += [matching(own, between, link.pairs), matching(between, target, link.far_pairs)]
        wanted += nodes_of(conditions)
        key = [target.node(index) for index in link.target.key[:1]]
        query = _engine.select_with(_engine.select(key, sources), where=wanted)
        return Built(_engine.exists(query), origin=own.source)

    # --- loading ---

    def handle_for(self, instance: Instance) -> Handle:
        """The handle the instance came from, else the current one."""
        group = _engine.load_group(instance)
        handle = None if group is None else group.handle
        if handle is not None:
            return cast(Handle, handle)
        store = _engine.existing_extension(instance)
        if store is not None and HANDLE in store:
            return cast(Handle, store[HANDLE])
        return cast(Handle, current_handle())

    def is_loaded(self, instance: Instance) -> bool:
        """Whether the instance knows the relation's value without a query."""
        store = _engine.existing_extension(instance)
        return store is not None and self.attribute in store

    def put(self, instance: Instance, value: object) -> None:
        """Tells the instance the relation's value."""
        _engine.extension(instance)[self.attribute] = value


def column_arguments(columns: tuple[Any, ...]) -> tuple[Any, ...]:
    """Columns given one by one or as one tuple."""
    if len(columns) == 1 and is_a(columns[0], tuple):
        several: tuple[Any, ...] = columns[0]
        return column_arguments(several)
    for column in columns:
        if not isinstance(column, Recorded | Column | str):
            raise ModelError("a relation is made of columns of its model")
    return columns
