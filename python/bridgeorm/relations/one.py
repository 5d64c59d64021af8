"""To-one relations: `book.author`."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Generic, Self, TypeVar, cast, overload

from bridgeorm import _engine
from bridgeorm._engine import UNSET, Instance, Node
from bridgeorm.columns import Column
from bridgeorm.entities import Link
from bridgeorm.errors import ModelError, NotLoadedError, QueryError, ValidationError
from bridgeorm.expressions import Built, Expression
from bridgeorm.fields import split_optional
from bridgeorm.model_schema import ModelSchema
from bridgeorm.relations.prefetch import Prefetch
from bridgeorm.relations.references import is_unloaded_reference, make_reference
from bridgeorm.relations.relation import DeclaredRelation, column_arguments

Held = TypeVar("Held")


class One(DeclaredRelation[Held], Generic[Held]):
    """A relation to one object: on the class a part of queries, on an instance that object."""

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, instance: Instance, owner: type[Any]) -> Held: ...
    def __get__(self, instance: Instance | None, owner: type[Any]) -> Any:
        if instance is None:
            return self
        store = _engine.existing_extension(instance)
        value = UNSET if store is None else store.get(self.attribute, UNSET)
        if value is UNSET:
            value = self._resolve(instance)
        elif value is not None and is_unloaded_reference(cast(Instance, value)):
            value = self._on_access(instance, value)
        return value

    def __set__(self, instance: Instance, value: Held) -> None:
        if not self.is_forward:
            raise QueryError(f"{self.context} is a reverse side: assign the relation that holds the key")
        self.assign(instance, value)

    @property
    def is_forward(self) -> bool:
        """Whether its own model holds the key."""
        return self.back is None

    @property
    def is_nullable(self) -> bool:
        """Whether None is a value it may have."""
        return split_optional(self.target_annotation)[1]

    def _make_link(self) -> Link:
        target = self.target
        if self.back is not None:
            if self.columns:
                raise ModelError(f"{self.context}: either columns or back=, not both")
            if not self.is_nullable:
                raise ModelError(
                    f"{self.context}: a reverse side may be missing, annotate it One[{target.name} | None]"
                )
            forward = self.opposite(target, self.back).link
            if not forward.is_forward:
                raise ModelError(f"{self.context}: back= names a relation that holds the key")
            return Link(self.target, tuple((far, near) for near, far in forward.pairs), is_forward=False)
        return Link(target, self._forward_pairs(target), is_forward=True)

    def _forward_pairs(self, target: ModelSchema) -> tuple[tuple[int, int], ...]:
        columns = self.own_columns()
        if not columns:
            raise ModelError(
                f"{self.context}: say by which column, as one(author_id), or back= for the other side"
            )
        if len(columns) == 1 and columns[0].options.references is not None:
            far = [self.owner.resolve_column(columns[0].options.references)]
        else:
            far = self.owner.composite_targets(columns)
        target.build()
        if any(column.owner is not target for column in far):
            raise ModelError(f"{self.context}: its columns do not refer to {target.name}")
        return tuple((near.index, column.index) for near, column in zip(columns, far, strict=True))

    # --- on an instance ---

    def assign(self, instance: Instance, value: object) -> None:
        """Sets the object, and with it the key."""
        target = self.link.target
        if value is None:
            if not self.is_nullable:
                raise ValidationError(f"{self.context}: expected {target.name}, got NoneType")
        elif not isinstance(value, target.cls):
            raise ValidationError(f"{self.context}: expected {target.name}, got {type(value).__name__}")
        for own, far in self.link.pairs:
            _engine.poke(
                instance, own, None if value is None else _engine.peek(cast(Instance, value), far), True
            )
        store = _engine.extension(instance)
        own_indices = {own for own, _far in self.link.pairs}
        for relation in self.owner.relations.values():
            if relation is not self and own_indices & {column.index for column in relation.own_columns()}:
                store.pop(relation.attribute, None)
        store[self.attribute] = value

    def _resolve(self, instance: Instance) -> Any:
        """The value of a relation nobody has asked for yet: None, a known object, or a reference."""
        if not self.link.is_forward:
            if self.handle_loads(instance):
                return self.handle_for(instance).load_relation(self, instance)
            raise NotLoadedError(
                f"{self.context} is not loaded: `await {self.context}.load(...)` "
                f"or `.prefetch({self.context})`"
            )
        values = [_engine.peek(instance, own) for own, _far in self.link.pairs]
        if any(value is None for value in values):
            return None
        if any(value is UNSET for value in values):
            raise NotLoadedError(f"{self.context} has no key yet: set the relation or its columns")
        reference = make_reference(instance, self, values)
        self.put(instance, reference)
        return self._on_access(instance, reference) if is_unloaded_reference(reference) else reference

    def _on_access(self, instance: Instance, reference: Any) -> Any:
        if self.handle_loads(instance):
            return self.handle_for(instance).load_relation(self, instance)
        return reference

    def handle_loads(self, instance: Instance) -> bool:
        """Whether reading loads, as it does for what a blocking handle gave."""
        return _engine.is_persistent(instance) and self.handle_for(instance).loads_on_access

    def load(self, instance: Instance) -> Coroutine[Any, Any, Held]:
        """The object, loaded for this instance and its siblings; None included."""
        loading: Coroutine[Any, Any, Held] = self.handle_for(instance).load_relation(self, instance)
        return loading

    # --- in queries ---

    def __eq__(self, other: object) -> Expression[bool]:  # type: ignore[override]  # builds a condition
        link, entity = self.link, self.entity
        if not link.is_forward:
            raise QueryError(f"{self.context} holds no key: compare the other side")
        if other is None:
            return entity.column(link.pairs[0][0]).is_null()
        if not isinstance(other, link.target.cls):
            raise QueryError(f"{self.context} compares with a {link.target.name}, not {type(other).__name__}")
        combined: Node | None = None
        for own, far in link.pairs:
            value = _engine.peek(cast(Instance, other), far)
            if value is UNSET:
                raise QueryError(f"{self.context} is compared with an unsaved {link.target.name}")
            equal = (entity.column(own) == value).node
            combined = equal if combined is None else _engine.binary("and", combined, equal)
        return Built(cast(Node, combined), origin=entity.source)

    def __ne__(self, other: object) -> Expression[bool]:  # type: ignore[override]  # builds a condition
        return ~(self == other)

    __hash__ = object.__hash__

    def has(self, *conditions: Expression[bool | None]) -> Expression[bool]:
        """Whether there is such an object and all conditions hold for it."""
        return self._exists(conditions)

    def is_null(self) -> Expression[bool]:
        """Whether there is no such object."""
        return ~self._exists(()) if not self.link.is_forward else self == None  # noqa: E711 - builds IS NULL

    def prefetch(self, *relations: Any) -> Prefetch:
        """For `query.prefetch`: this relation, and further ones from what it leads to."""
        return Prefetch(self).prefetch(*relations)

    def where(self, *conditions: Expression[bool | None]) -> Prefetch:
        """For `query.prefetch`: only objects for which the conditions hold."""
        return Prefetch(self).where(*conditions)


def one(*columns: Column[Any] | str, back: str | None = None) -> Any:
    """A relation to one object, by this model's foreign key columns, or `back=` the other model's
    relation.
    """
    return One[Any](columns=column_arguments(columns), back=back, through=None)
