"""How a join finds its rows: along a relation, or through a table whose condition is said."""

from __future__ import annotations

from typing import Any

from bridgeorm import _engine
from bridgeorm._engine import Node, Source
from bridgeorm.derived import Derived, Values
from bridgeorm.entities import Entity, Relation, entity_of
from bridgeorm.errors import QueryError


def entity_of_table(table: Any) -> Entity | None:
    """The use of a model that a table is; None for rows made by the statement or the program."""
    return None if isinstance(table, Derived | Values) else entity_of(table)


def steps_along(relation: Relation, copy: Any) -> list[tuple[Entity, Node]]:
    """The joins a relation needs: one, or two through a third table."""
    if copy is None and relation.plain_step is not None:
        return [relation.plain_step]
    steps = _steps(relation, copy)
    if copy is None and relation.link.through is None:
        relation.plain_step = steps[0]
    return steps


def _steps(relation: Relation, copy: Any) -> list[tuple[Entity, Node]]:
    link, own = relation.link, relation.entity
    target = entity_of(link.target.cls) if copy is None else entity_of(copy)
    if target.schema is not link.target:
        raise QueryError(
            f"{own.schema.name}.{relation.attribute} leads to {link.target.name}, not {target.schema.name}"
        )
    if target.source is own.source:
        raise QueryError(
            f"{own.schema.name}.{relation.attribute} leads back to the same table: "
            f".join({own.schema.name}.{relation.attribute}, aliased({own.schema.name}))"
        )
    if link.through is None:
        return [(target, matching(own, target, link.pairs))]
    between = Entity(link.through, Source(link.through.table, aliased=True))
    near = (between, matching(own, between, link.pairs))
    return [near, (target, matching(between, target, link.far_pairs))]


def matching(own: Entity, target: Entity, pairs: tuple[tuple[int, int], ...]) -> Node:
    """The condition that the paired columns are equal."""
    combined: Node | None = None
    for own_index, target_index in pairs:
        equal = _engine.binary("eq", own.node(own_index), target.node(target_index))
        combined = equal if combined is None else _engine.binary("and", combined, equal)
    if combined is None:
        raise QueryError("a relation without columns joins nothing")
    return combined
