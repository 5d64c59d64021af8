"""To-many relations: `author.books`, `book.tags`."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Generic, Literal, Never, Self, TypeVar, overload

from bridgeorm._engine import Instance
from bridgeorm.entities import Link
from bridgeorm.errors import ModelError, QueryError
from bridgeorm.expressions import Expression, Ordering
from bridgeorm.model_schema import schema_of
from bridgeorm.naming import find_model
from bridgeorm.relations.prefetch import Prefetch
from bridgeorm.relations.related import Related
from bridgeorm.relations.relation import DeclaredRelation
from bridgeorm.relations.through import implicit_through, pairs_to

Member = TypeVar("Member")


class Many(DeclaredRelation[Member], Generic[Member]):
    """A relation to many objects: on the class a part of queries, on an instance a `Related`."""

    def __init__(self, *, back: str | None, through: Any, near: str | None, far: str | None) -> None:
        super().__init__(columns=(), back=back, through=through)
        self.near = near
        self.far = far

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, instance: Instance, owner: type[Any]) -> Related[Member]: ...
    def __get__(self, instance: Instance | None, owner: type[Any]) -> Any:
        return self if instance is None else Related(instance, self)

    def __set__(self, instance: Instance, value: Never) -> None:
        raise QueryError(f"{self.context} is not assigned: `await ....set([...])`, or set the other side")

    def _make_link(self) -> Link:
        target = self.target
        if self.through is not None:
            model = (
                find_model(self.through, self.owner.cls) if isinstance(self.through, str) else self.through
            )
            through = schema_of(model)
            near = pairs_to(through, self.owner, self.near, f"{self.context}: near=")
            far = pairs_to(through, target, self.far, f"{self.context}: far=")
            if near == far:
                raise ModelError(
                    f"{self.context}: near= and far= name the two sides of a link from a model to itself"
                )
            return Link(target, tuple((own, mid) for mid, own in near), False, through, far)
        if self.back is None:
            return implicit_through(self, target)
        opposite = self.opposite(target, self.back)
        link = opposite.link
        if link.through is not None:
            near_pairs = tuple((own, mid) for mid, own in link.far_pairs)
            far_pairs = tuple((mid, own) for own, mid in link.pairs)
            return Link(target, near_pairs, False, link.through, far_pairs)
        if not link.is_forward or link.target is not self.owner:
            raise ModelError(
                f"{self.context}: back= names no relation to {self.owner.name} that holds the key"
            )
        return Link(target, tuple((far, near) for near, far in link.pairs), is_forward=False)

    def load(self, instance: Instance) -> Coroutine[Any, Any, list[Member]]:
        """The objects, loaded for this instance and its siblings."""
        loading: Coroutine[Any, Any, list[Member]] = self.handle_for(instance).load_relation(self, instance)
        return loading

    def any(self, *conditions: Expression[bool | None]) -> Expression[bool]:
        """Whether there is an object for which all conditions hold."""
        return self._exists(conditions)

    def where(self, *conditions: Expression[bool | None]) -> Prefetch:
        """For `query.prefetch`: only objects for which all conditions hold."""
        return Prefetch(self).where(*conditions)

    def order_by(self, *keys: Expression[Any] | Ordering) -> Prefetch:
        """For `query.prefetch`: in this order within each parent."""
        return Prefetch(self).order_by(*keys)

    def limit(self, rows: int) -> Prefetch:
        """For `query.prefetch`: at most so many objects for each parent."""
        return Prefetch(self).limit(rows)

    def prefetch(self, *relations: Any) -> Prefetch:
        """For `query.prefetch`: this relation, and further ones from what it leads to."""
        return Prefetch(self).prefetch(*relations)


def many(
    *,
    back: str | None = None,
    through: str | type[Any] | None = None,
    near: str | None = None,
    far: str | None = None,
    init: Literal[False] = False,  # noqa: ARG001 - read by type checkers only
) -> Any:
    """A relation to many objects: `back=` the other model's relation, or `through=` a model that links
    both; a link table is made where neither is said. Where the link model refers to one of them more than
    once, as in a link from a model to itself, `near=` names the link's relation or column that leads to this
    model, `far=` the one that leads to the other.
    """
    if back is not None and through is not None:
        raise ModelError("many() takes back= or through=, not both")
    if through is None and (near is not None or far is not None):
        raise ModelError("many() takes near= and far= beside through= only")
    return Many[Any](back=back, through=through, near=near, far=far)
