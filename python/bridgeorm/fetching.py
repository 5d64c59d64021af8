"""One relation for many objects: which queries bring it, and who gets what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any

from bridgeorm import _engine
from bridgeorm._engine import UNSET, Instance
from bridgeorm.entities import Entity, Link, entity_of
from bridgeorm.expressions import Built, Expression
from bridgeorm.joining import matching
from bridgeorm.query import Query
from bridgeorm.relations.prefetch import Prefetch
from bridgeorm.relations.references import loaded_reference
from bridgeorm.selecting import items_of

_KEYS_PER_STATEMENT = 5_000
"""Below every database's limit of parameters, and far above what a page of objects needs."""

Key = tuple[object, ...]


class Fetch:
    """Made for one load. `queries` are run in order, their rows given to `take`, then `deal` fills the
    owners.
    """

    def __init__(self, spec: Prefetch, owners: Sequence[Instance]) -> None:
        self._spec = spec
        self._link: Link = spec.relation.link
        self._owners: list[tuple[Instance, Key]] = []
        self._found: dict[Key, list[Instance]] = {}
        for owner in owners:
            key = tuple(_engine.peek(owner, own) for own, _far in self._link.pairs)
            if any(part is UNSET for part in key):
                continue
            if any(part is None for part in key):
                spec.relation.put(owner, None if self._is_single else [])
            else:
                self._owners.append((owner, key))

    @property
    def _is_single(self) -> bool:
        return not hasattr(self._spec.relation, "any")

    def queries(self) -> Iterator[Query[Any]]:
        """Those that bring all members, a limited number of keys each."""
        keys = list(dict.fromkeys(key for _owner, key in self._owners))
        for start in range(0, len(keys), _KEYS_PER_STATEMENT):
            yield self._query(keys[start : start + _KEYS_PER_STATEMENT])

    def _query(self, keys: list[Key]) -> Query[Any]:
        link, spec = self._link, self._spec
        target = entity_of(link.target.cls)
        if link.through is None:
            query: Query[Any] = Query(items_of([link.target.cls]), {})
            query = query.where(_among(target, [far for _own, far in link.pairs], keys))
        else:
            between = entity_of(link.through.cls)
            middle = [mid for _own, mid in link.pairs]
            query = Query(items_of([link.target.cls, *(between.column(index) for index in middle)]), {})
            condition: Expression[bool] = Built(matching(between, target, link.far_pairs))
            query = query.join(link.through.cls, on=condition).where(_among(between, middle, keys))
        if spec.conditions:
            query = query.where(*spec.conditions)
        return query.order_by(*spec.orderings) if spec.orderings else query

    def take(self, rows: list[Any]) -> list[Instance]:
        """Sorts the rows of one query to their keys; gives the objects among them."""
        if self._link.through is None:
            indices = [far for _own, far in self._link.pairs]
            for row in rows:
                key = tuple(_engine.peek(row, index) for index in indices)
                self._found.setdefault(key, []).append(row)
            if self._link.is_forward:
                for row in rows:
                    loaded_reference(row)
            return rows
        for row in rows:
            self._found.setdefault(tuple(row[1:]), []).append(row[0])
        return [row[0] for row in rows]

    def deal(self) -> None:
        """Gives each owner what was found for it. An owner whose row is gone is left as it was."""
        relation, limit = self._spec.relation, self._spec.rows
        for owner, key in self._owners:
            members = self._found.get(key)
            if not self._is_single:
                listed = members or []
                relation.put(owner, list(listed if limit is None else listed[:limit]))
            elif members:
                relation.put(owner, members[0])
            elif not self._link.is_forward:
                relation.put(owner, None)


def _among(entity: Entity, indices: list[int], keys: list[Key]) -> Expression[bool]:
    """Whether the columns together are one of the keys."""
    if len(indices) == 1:
        return entity.column(indices[0]).in_([key[0] for key in keys])
    return reduce(
        lambda left, right: left | right,
        [
            reduce(
                lambda left, right: left & right,
                [entity.column(index) == part for index, part in zip(indices, key, strict=True)],
            )
            for key in keys
        ],
    )
