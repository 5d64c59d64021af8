"""The other objects of a to-many relation, as one instance sees them: `author.books`."""

from __future__ import annotations

from collections.abc import Coroutine, Generator, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, cast, overload

from bridgeorm import _engine
from bridgeorm._engine import Instance
from bridgeorm.entities import entity_of
from bridgeorm.errors import NotLoadedError, QueryError
from bridgeorm.expressions import Built, Expression
from bridgeorm.joining import matching
from bridgeorm.query import Query
from bridgeorm.selecting import items_of

if TYPE_CHECKING:
    from bridgeorm.relations.many import Many

Member = TypeVar("Member")
Change = tuple[Literal["add", "remove", "set"], list[Any]]


class Related(Generic[Member]):
    """A view on one relation of one instance. Awaiting loads; iterating, `len` and indexing need it
    loaded.
    """

    __slots__ = ("_owner", "_relation")

    def __init__(self, owner: Instance, relation: Many[Member]) -> None:
        self._owner = owner
        self._relation = relation

    @property
    def _members(self) -> list[Member]:
        relation, owner = self._relation, self._owner
        store = _engine.existing_extension(owner)
        if store is not None and relation.attribute in store:
            return cast("list[Member]", store[relation.attribute])
        if _engine.is_persistent(owner):
            handle = relation.handle_for(owner)
            if handle.loads_on_access:
                return cast("list[Member]", handle.load_relation(relation, owner))
        raise NotLoadedError(
            f"{relation.context} is not loaded: await it, or ask for it with .prefetch({relation.context})"
        )

    def __await__(self) -> Generator[Any, Any, list[Member]]:
        if not self._relation.is_loaded(self._owner):
            yield from self._relation.load(self._owner).__await__()
        return list(self._members)

    def __iter__(self) -> Iterator[Member]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __bool__(self) -> bool:
        return bool(self._members)

    def __contains__(self, member: object) -> bool:
        return any(member is known for known in self._members)

    @overload
    def __getitem__(self, index: int) -> Member: ...
    @overload
    def __getitem__(self, index: slice) -> list[Member]: ...
    def __getitem__(self, index: int | slice) -> Member | list[Member]:
        return self._members[index]

    def __repr__(self) -> str:
        state = "loaded" if self._relation.is_loaded(self._owner) else "not loaded"
        return f"<Related {self._relation.context}, {state}>"

    def where(self, *conditions: Expression[bool | None]) -> Query[Member]:
        """A query for those members for which all conditions hold."""
        relation = self._relation
        link, values = relation.link, relation.key_values(self._owner)
        if values is None:
            raise QueryError(
                f"{relation.context} of an unsaved {relation.owner.name} holds nothing to ask for"
            )
        target = entity_of(link.target.cls)
        query: Query[Member] = Query(items_of([link.target.cls]), {})
        near = target
        if link.through is not None:
            near = entity_of(link.through.cls)
            condition: Expression[bool] = Built(matching(near, target, link.far_pairs))
            query = query.join(link.through.cls, on=condition)
        for (_own, far), value in zip(link.pairs, values, strict=True):
            query = query.where(near.column(far) == value)
        return query.where(*conditions)

    def all(self) -> Query[Member]:
        """A query for all members."""
        return self.where()

    # --- many-to-many ---

    def add(self, *members: Member) -> Coroutine[Any, Any, None]:
        """Makes these members too; those that are stay so."""
        return self._changed("add", members)

    def remove(self, *members: Member) -> Coroutine[Any, Any, None]:
        """Makes these members no longer."""
        return self._changed("remove", members)

    def set(self, members: Iterable[Member]) -> Coroutine[Any, Any, None]:
        """Makes exactly these the members."""
        return self._changed("set", members)

    def _changed(
        self, change: Literal["add", "remove", "set"], members: Iterable[Member]
    ) -> Coroutine[Any, Any, None]:
        relation = self._relation
        if relation.link.through is None:
            raise QueryError(f"{relation.context} holds no link rows: set the other side's relation instead")
        listed = list(members)
        for member in listed:
            if not isinstance(member, relation.link.target.cls):
                raise QueryError(f"{relation.context} holds {relation.link.target.name} objects")
        linking: Coroutine[Any, Any, None] = relation.handle_for(self._owner).link(
            relation, self._owner, (change, listed)
        )
        return linking
