"""One relation for many objects: which queries bring it, and who gets what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bridgeorm import _engine
from bridgeorm._engine import UNSET, Instance
from bridgeorm.entities import Link
from bridgeorm.member_queries import Key, MemberQueries
from bridgeorm.query import Query
from bridgeorm.relations.prefetch import Prefetch
from bridgeorm.relations.references import loaded_reference


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
        own = [own for own, _far in self._link.pairs]
        for owner, key in zip(owners, _keys_of(owners, own), strict=True):
            if key is None:
                spec.relation.put(owner, None if self._is_single else [])
            elif key is not UNSET:
                self._owners.setdefault(key, []).append(owner)

    @property
    def _is_single(self) -> bool:
        return not hasattr(self.spec.relation, "any")

    def queries(self) -> Iterator[Query[Any]]:
        """Those that bring all members, a limited number of keys each."""
        return self._queries.for_keys(list(self._owners))

    def take(self, rows: list[Any]) -> list[Instance]:
        """Sorts the rows of one query to their keys; gives the objects among them."""
        if self._link.through is not None:
            return self._take_linked(rows)
        found = self._found
        far = [far for _own, far in self._link.pairs]
        for member, key in zip(rows, _keys_of(rows, far), strict=True):
            found.setdefault(key, []).append(member)
        if self._link.is_forward:
            for member in rows:
                loaded_reference(member)
        return rows

    def _take_linked(self, rows: list[Any]) -> list[Instance]:
        found = self._found
        is_single_key = len(self._link.pairs) == 1
        for row in rows:
            key = row[1] if is_single_key else row[1:]
            members = found.get(key)
            if members is None:
                found[key] = [row[0]]
            else:
                members.append(row[0])
        return [row[0] for row in rows]

    def deal(self) -> None:
        """Gives each owner what was found for it. An owner whose row is gone is left as it was."""
        put, is_single, is_forward = self.spec.relation.put, self._is_single, self._link.is_forward
        for key, owners in self._owners.items():
            members = self._found.get(key)
            for owner in owners:
                if not is_single:
                    put(owner, [] if members is None else list(members))
                elif members:
                    put(owner, members[0])
                elif not is_forward:
                    put(owner, None)


def _keys_of(instances: Sequence[Instance], indices: list[int]) -> Iterator[Key]:
    """The columns' values of each: one by itself, several as a tuple; None where a part is NULL, UNSET where
    one is missing.
    """
    if len(indices) == 1:
        index = indices[0]
        for instance in instances:
            yield _engine.peek(instance, index)
        return
    for instance in instances:
        key = tuple(_engine.peek(instance, index) for index in indices)
        yield next((part for part in key if part is UNSET), None if None in key else key)
