"""The queries that bring the members of one relation for many owners' keys, cut to a limit for each owner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bridgeorm import _engine
from bridgeorm.derived import Values
from bridgeorm.entities import Alias, Entity, entity_of
from bridgeorm.expressions import Built, Expression
from bridgeorm.functions import func, operand_like
from bridgeorm.joining import matching
from bridgeorm.query import Query
from bridgeorm.relations.prefetch import Prefetch
from bridgeorm.selecting import items_of

Key = Any
"""The value of the only column, or a tuple of those of several."""

_PARAMETERS_PER_STATEMENT = 8_192
"""Below the limit of parameters, and a power of two: lists are compiled for such lengths."""
_KEYS_PER_ARRAY = 65_536
"""Where a list is one parameter only its bytes count; so many take a few megabytes at most."""


class MemberQueries:
    """How the members of one relation are asked for. What the rows are: the members themselves where they
    hold their owner's key, else tuples of a member and its owner's key.
    """

    def __init__(self, spec: Prefetch, *, has_array_parameters: bool) -> None:
        link = spec.relation.link
        self._spec = spec
        self._target = entity_of(link.target.cls)
        self._near = self._target if link.through is None else entity_of(link.through.cls)
        self._key = [self._near.column(near) for _own, near in link.pairs]
        is_one_parameter = has_array_parameters and len(self._key) == 1
        self._most_keys = (
            _KEYS_PER_ARRAY
            if is_one_parameter
            else _power_of_two(_PARAMETERS_PER_STATEMENT // len(self._key))
        )

    def for_keys(self, keys: Sequence[Key]) -> Iterator[Query[Any]]:
        """As many queries as the number of keys makes necessary."""
        for start in range(0, len(keys), self._most_keys):
            some = keys[start : start + self._most_keys]
            yield (
                self._members(some) if self._spec.rows is None else self._first_members(some, self._spec.rows)
            )

    def _members(self, keys: Sequence[Key]) -> Query[Any]:
        query = self._all(keys)
        return query.order_by(*self._spec.orderings) if self._spec.orderings else query

    def _first_members(self, keys: Sequence[Key], rows: int) -> Query[Any]:
        """Members are numbered for each owner by the database, which sends only the first of them. The key
        makes the order of equal ones certain. A lateral join would be as fast with an index (PostgreSQL,
        1,000 owners of 100: 102 against 94 ms) and far slower without (414 against 8,297 ms).
        """
        target = self._target
        unique = [target.column(index) for index in target.schema.key]
        number = func.row_number().over(partition_by=self._key, order_by=[*self._spec.orderings, *unique])
        numbered = self._all(keys).with_more([number])
        source = _engine.subquery_source("numbered", numbered.statement, False)
        member = Entity(target.schema, source)
        width = len(target.schema.columns)
        links = [
            Built[Any](source.column(width + place), column.field, column.name, source)
            for place, column in enumerate(self._links)
        ]
        place_of_member = Built[int](source.column(width + len(links)), None, "place", source)
        first: Query[Any] = Query(items_of([Alias(member), *links]), {})
        return first.where(place_of_member <= rows).order_by(place_of_member)

    @property
    def _links(self) -> list[Expression[Any]]:
        """What must be selected beside a member to know its owner."""
        return self._key if self._near is not self._target else []

    def _all(self, keys: Sequence[Key]) -> Query[Any]:
        link = self._spec.relation.link
        query: Query[Any] = Query(items_of([link.target.cls, *self._links]), {})
        if link.through is not None:
            condition: Expression[bool] = Built(matching(self._near, self._target, link.far_pairs))
            query = query.join(link.through.cls, on=condition)
        query = query.where(self._among(keys))
        return query.where(*self._spec.conditions) if self._spec.conditions else query

    def _among(self, keys: Sequence[Key]) -> Expression[bool]:
        if len(self._key) == 1:
            return self._key[0].in_(keys)
        return _among_rows(self._key, keys)


def _among_rows(columns: list[Expression[Any]], keys: Sequence[tuple[Any, ...]]) -> Expression[bool]:
    """Whether the columns together are one of the rows, which are a table of their own: unlike a chain of
    conditions that can be looked up in an index or hashed. The first row fills it up to a length that other
    statements have, too.
    """
    length = _power_of_two(2 * len(keys) - 1)
    filled = [*keys, *[keys[0]] * (length - len(keys))]
    nodes = [
        [operand_like(column, part) for column, part in zip(columns, key, strict=True)] for key in filled
    ]
    described = [(f"part{place}", node.type) for place, node in enumerate(nodes[0])]
    source = Values(_engine.values_source("keys", described, nodes), {}).source
    listed = _engine.select([source.column(place) for place in range(len(columns))], [source])
    own = _engine.row([column.node for column in columns])
    return Built(_engine.in_subquery(own, listed, False), origin=columns[0].origin)


def _power_of_two(most: int) -> int:
    """The largest that is not above."""
    return 1 << (most.bit_length() - 1)
