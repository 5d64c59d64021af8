"""One relation for many objects: which queries bring it, and who gets what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bridgeorm import _engine
from bridgeorm._engine import UNSET, Instance
from bridgeorm.entities import Link
from bridgeorm.member_queries import Key, MemberQueries
from bridgeorm.query import Query
from bridgeorm.relations.prefetch import Prefetch, RelationIdentity
from bridgeorm.relations.references import loaded_reference


@dataclass(frozen=True, slots=True)
class Arrival:
    """Objects of a relation that came with the rows of their owners, and those that came with them."""

    relation: RelationIdentity
    members: list[Instance]
    nested: list[Arrival]


class Fetch:
    """Made for one load. The rows of each of its `queries` are given to `take`, then `deal` fills the
    owners.
    """

    def __init__(self, spec: Prefetch, owners: Sequence[Instance], *, has_array_parameters: bool) -> None:
        self.spec = spec
        self._link: Link = spec.relation.link
        self._queries = MemberQueries(spec, has_array_parameters=has_array_parameters)
        self._owners: dict[Key, list[Instance]] = {}
        self._found: dict[Key, list[Instance]] = {}
        _engine.gather(self._owners, list(owners), [own for own, _far in self._link.pairs])
        self._owners.pop(UNSET, None)
        for owner in self._owners.pop(None, ()):
            spec.relation.put(owner, None if self._is_single else [])

    @property
    def _is_single(self) -> bool:
        return not hasattr(self.spec.relation, "any")

    def queries(self) -> Iterator[Query[Any]]:
        """Those that bring all members, a limited number of keys each."""
        return self._queries.for_keys(list(self._owners))

    def queries_beside(self, arrival: Arrival) -> Iterator[Query[Any]]:
        """Takes members that came already; the queries for owners that were changed to refer to others."""
        self.take(arrival.members)
        own = {own for own, _far in self._link.pairs}
        astray = [
            key
            for key, owners in self._owners.items()
            if key not in self._found
            and any(not own.isdisjoint(_engine.changed_columns(each)) for each in owners)
        ]
        return self._queries.for_keys(astray)

    def take(self, rows: list[Any]) -> list[Instance]:
        """Sorts the rows of one query to their keys; gives the objects among them."""
        if self._link.through is not None:
            _engine.gather_linked(self._found, rows)
            return [row[0] for row in rows]
        _engine.gather(self._found, rows, [far for _own, far in self._link.pairs])
        if self._link.is_forward:
            for member in rows:
                loaded_reference(member)
        return rows

    def deal(self) -> None:
        """Gives each owner what was found for it. An owner whose row is gone is left as it was."""
        relation = self.spec.relation
        if not self._is_single:
            _engine.hand_out(self._owners, self._found, relation.attribute)
            return
        for key, owners in self._owners.items():
            members = self._found.get(key)
            for owner in owners:
                if members:
                    relation.put(owner, members[0])
                elif not self._link.is_forward:
                    relation.put(owner, None)
