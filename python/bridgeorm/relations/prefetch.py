"""Relations to load ahead: which, which rows of them, and what from there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bridgeorm.entities import Relation, RelationRows
from bridgeorm.errors import ModelError, QueryError
from bridgeorm.expressions import Expression, Ordering, nodes_of
from bridgeorm.model_schema import ModelSchema

if TYPE_CHECKING:
    from bridgeorm.relations.relation import DeclaredRelation


RelationIdentity = tuple[ModelSchema, str]


class Prefetch(RelationRows):
    """One relation to load ahead, with filter, order and limit per parent. Immutable."""

    __slots__ = ("conditions", "nested", "orderings", "relation", "rows")

    def __init__(self, relation: Any) -> None:
        self.relation: DeclaredRelation[Any] = relation
        self.conditions: tuple[Expression[Any], ...] = ()
        self.orderings: tuple[Ordering, ...] = ()
        self.rows: int | None = None
        self.nested: tuple[Any, ...] = ()

    def _with(self, **changes: Any) -> Prefetch:
        changed = Prefetch(self.relation)
        for name in self.__slots__:
            setattr(changed, name, changes.get(name, getattr(self, name)))
        return changed

    def where(self, *conditions: Expression[bool | None]) -> Prefetch:
        """Only objects for which all conditions hold."""
        list(nodes_of(conditions))
        return self._with(conditions=(*self.conditions, *conditions))

    def order_by(self, *keys: Expression[Any] | Ordering) -> Prefetch:
        """In this order within each parent."""
        orderings = tuple(key if isinstance(key, Ordering) else key.asc() for key in keys)
        return self._with(orderings=(*self.orderings, *orderings))

    def limit(self, rows: int) -> Prefetch:
        """At most so many objects for each parent."""
        if type(rows) is not int or rows < 1:
            raise QueryError("limit() takes a positive whole number")
        return self._with(rows=rows)

    def prefetch(self, *relations: Any) -> Prefetch:
        """Loads these relations of the objects as well."""
        return self._with(nested=(*self.nested, *relations))

    @property
    def identity(self) -> RelationIdentity:
        """Which relation it is: whose, and called what."""
        return self.relation.owner, self.relation.attribute

    @property
    def is_whole(self) -> bool:
        """Whether all objects of the relation are wanted, in any order."""
        return not self.conditions and not self.orderings and self.rows is None

    def merged(self, other: Prefetch) -> Prefetch:
        """Both at once. QueryError where one of them wants a part: the relation can hold one list only."""
        if self is not other and not (self.is_whole and other.is_whole):
            raise QueryError(
                f"{self.relation.context} is prefetched twice with different filters, orders or limits: "
                "ask for what both need, and load the other with `.where(...)` as a query of its own"
            )
        return self if self is other else self.prefetch(*other.nested)


def prefetches_of(wanted: Sequence[object], schemas: Sequence[ModelSchema]) -> list[Prefetch]:
    """What relations, prefetches and paths of names ask for, seen from the selected models; a relation named
    several times comes once, with all that is wanted from there. QueryError where it would have to hold
    different objects.
    """
    specs: dict[RelationIdentity, Prefetch] = {}
    for thing in wanted:
        spec = _prefetch_of(thing, schemas)
        known = specs.get(spec.identity)
        specs[spec.identity] = spec if known is None else known.merged(spec)
    return list(specs.values())


def _prefetch_of(wanted: object, schemas: Sequence[ModelSchema]) -> Prefetch:
    if isinstance(wanted, Prefetch):
        return wanted
    if isinstance(wanted, Relation):
        return Prefetch(wanted)
    if not isinstance(wanted, str):
        raise QueryError(f"prefetch() takes relations, not {type(wanted).__name__}")
    name, _, rest = wanted.partition("__")
    for schema in schemas:
        relation = schema.relations.get(name)
        if relation is not None:
            spec = Prefetch(relation)
            return spec.prefetch(rest) if rest else spec
    raise ModelError(f"no relation is called {name}")


def nested_prefetches(spec: Prefetch) -> list[Prefetch]:
    """What is to be loaded from the objects this one leads to."""
    target = [spec.relation.link.target]
    nested = prefetches_of(spec.nested, target)
    for further in nested:
        refuse_strange(further, target)
    return nested


def refuse_strange(spec: Prefetch, schemas: Sequence[ModelSchema]) -> None:
    """Raises QueryError for a relation that none of these models has."""
    if spec.relation.owner not in schemas:
        names = ", ".join(sorted(schema.name for schema in schemas)) or "what is selected"
        raise QueryError(f"{spec.relation.context} is no relation of {names}")
