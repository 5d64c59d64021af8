"""To-one relations that come beside the rows of a short query, by a join: one round trip instead of two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from bridgeorm import _engine
from bridgeorm._engine import Instance
from bridgeorm.entities import Alias, Entity, Link, RowSource, optional
from bridgeorm.expressions import Built, Ordering
from bridgeorm.fetching import Arrival
from bridgeorm.model_schema import ModelSchema
from bridgeorm.query import Query
from bridgeorm.relations.one import One
from bridgeorm.relations.prefetch import Prefetch, nested_prefetches, prefetches_of
from bridgeorm.selecting import Item

MOST_JOINED_ROWS = 10
"""A second statement costs a round trip. A join costs the database a plan that it makes anew for every limit,
sends what rows share once for each of them, and costs us what sorts the columns out. Measured on PostgreSQL
without a network: as fast for a row by its key, 0.1 ms slower for ten rows, 0.3 to 1 ms slower for a hundred,
and slower for all rows even where each has a partner of its own. A network's round trip takes 0.2 ms or more.
"""
_MOST_JOINS = 6
"""Databases look for the best order of about eight tables; a query has some of its own."""


@dataclass(frozen=True, slots=True)
class _Joined:
    """A relation whose objects stand beside the rows."""

    spec: Prefetch
    owner: Entity
    member: Entity
    nested: list[_Joined]

    def walk(self) -> Iterable[_Joined]:
        """This one, and those reached from it."""
        yield self
        for further in self.nested:
            yield from further.walk()


class JoinedRows:
    """A query that brings relations beside its rows, and what becomes of what it gives."""

    def __init__(self, query: Query[Any], joined: list[_Joined], width: int) -> None:
        self.query = query
        self._joined = joined
        self._width = width

    def rows(self, fetched: Sequence[tuple[Any, ...]]) -> list[Any]:
        """What the query as it was said would have given."""
        if self._width == 1:
            return [row[0] for row in fetched]
        return [row[: self._width] for row in fetched]

    def arrivals(self, fetched: Sequence[tuple[Any, ...]]) -> list[Arrival]:
        """The objects that came beside those rows, for the relations they belong to."""
        walked = [each for joined in self._joined for each in joined.walk()]
        members = {
            id(each): _distinct(row[self._width + place] for row in fetched)
            for place, each in enumerate(walked)
        }

        def arrival(joined: _Joined) -> Arrival:
            return Arrival(
                joined.spec.identity, members[id(joined)], [arrival(further) for further in joined.nested]
            )

        return [arrival(each) for each in self._joined]


def _distinct(things: Iterable[Instance | None]) -> list[Instance]:
    return [thing for thing in dict.fromkeys(things) if thing is not None]


def with_joined_relations(
    source: RowSource[Any], wanted: Sequence[object] | None = None
) -> JoinedRows | None:
    """The query completed by those relations, by default the ones it names, that are better joined; None
    where none is: where it is not limited to few rows, or none of them leads to one object of which all is
    wanted. Which it is depends on the query alone, never on what is in the database.
    """
    wanted = source.prefetches if wanted is None else wanted
    if not wanted or not isinstance(source, Query) or not _can_be_completed(source):
        return None
    query: Query[Any] = source
    owners = {item.entity.schema: item.entity for item in query.items if item.entity is not None}
    if len(owners) != len(query.schemas):
        return None  # two uses of one model: both want the relation
    chosen = _chosen(owners, prefetches_of(wanted, query.schemas))
    walked = [each for joined in chosen for each in joined.walk()]
    if not walked or len(walked) > _MOST_JOINS:
        return None
    width = len(query.items)
    if query.orderings:
        return JoinedRows(_around(query, chosen), chosen, width)
    return JoinedRows(_joining(query, walked), chosen, width)


def _can_be_completed(query: Query[Any]) -> bool:
    """Whether it is short and its rows stand for rows of its tables. One that locks would lock what it
    joins.
    """
    return (
        query.most_rows is not None
        and query.most_rows <= MOST_JOINED_ROWS
        and query.maker is None
        and not query.has_lock
        and query.has_own_rows
        and query.has_one_origin
    )


def _chosen(owners: dict[ModelSchema, Entity], wanted: Sequence[Prefetch]) -> list[_Joined]:
    chosen: list[_Joined] = []
    for spec in wanted:
        owner = owners.get(spec.relation.owner)
        if owner is None or not _is_joined(spec):
            continue
        target = spec.relation.link.target
        member = Entity(target, target.source.copy())
        nested = _chosen({target: member}, nested_prefetches(spec))
        chosen.append(_Joined(spec, owner, member, nested))
    return chosen


def _is_joined(spec: Prefetch) -> bool:
    if not isinstance(spec.relation, One) or not spec.is_whole:
        return False
    link: Link = spec.relation.link
    return bool(link.target.key) and link.target.is_unique([far for _own, far in link.pairs])


def _joining(query: Query[Any], joined: Iterable[_Joined]) -> Query[Any]:
    members: list[object] = []
    for each in joined:
        member = cast("type[Any]", Alias(each.member))  # has what a query needs of the class
        query = query.left_join(each.spec.relation.at(each.owner), member)
        members.append(optional(member))
    return query.with_more(members)


def _around(query: Query[Any], chosen: list[_Joined]) -> Query[Any]:
    """The join around the query, which then sorts and limits before anything is joined."""
    keys = () if query.most_rows == 1 else query.orderings
    inner = query.with_more(optional(key.bare) for key in keys) if keys else query
    source = _engine.subquery_source("limited", inner.statement, False)
    place = 0
    outside: list[object] = []
    moved: dict[int, Entity] = {}
    for item in query.items:
        thing: Any
        if item.entity is not None:
            entity = moved[id(item.entity)] = Entity(item.entity.schema, source, place)
            thing = Alias(entity)
        else:
            thing = Built[Any](source.column(place), item.field, item.name, source)
        outside.append(optional(thing) if item.is_optional else thing)
        place += item.width
    ordered = [
        Ordering(
            Built[Any](source.column(place + number), None, "", source),
            descending=key.descending,
            nulls=key.nulls,
        )
        for number, key in enumerate(keys)
    ]
    outer: Query[Any] = Query(tuple(Item(thing) for thing in outside), {})
    owned = [_Joined(each.spec, moved[id(each.owner)], each.member, each.nested) for each in chosen]
    walked = [each for joined in owned for each in joined.walk()]
    return _joining(outer.order_by(*ordered), walked)
