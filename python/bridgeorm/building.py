"""What is refused while a query is being built: things that are no conditions, keys, tables or relations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from bridgeorm import _engine
from bridgeorm._engine import ColumnType, Node, Source, Statement
from bridgeorm.derived import Derived, Values
from bridgeorm.entities import Entity, Relation, RelationRows
from bridgeorm.errors import QueryError
from bridgeorm.expressions import Expression, Label, Ordering, Subquery, condition_node
from bridgeorm.functions import Grouping
from bridgeorm.joining import entity_of_table
from bridgeorm.model_schema import ModelSchema
from bridgeorm.narrowing import is_a
from bridgeorm.selecting import Item

NEEDS_SUBQUERY = "a set operation can only be ordered and limited; select from a subquery of it"
CLAUSES_OF_SETS = {"order_by", "limit", "offset", "operands"}
CLAUSES_OF_ORDER = {"order_by", "distinct", "distinct_on"}


def conditions_of(conditions: Iterable[object], clause: str) -> list[Node]:
    """The nodes of conditions that may stand in this clause."""
    nodes = [condition_node(condition) for condition in conditions]
    _engine.check_conditions(nodes, clause)
    return nodes


def key_of(key: object, clause: str) -> Expression[Any]:
    """What a clause was given as a key. QueryError for anything but a column or another expression."""
    if is_a(key, Expression):
        return cast("Expression[Any]", key)
    raise QueryError(f"{clause}() takes columns and other expressions, not {_called(key)}")


def ordering_of(key: object) -> Ordering:
    """The ordering meant by what `order_by` was given."""
    return key if isinstance(key, Ordering) else key_of(key, "order_by").asc()


def group_key(key: Expression[Any] | Grouping) -> Node:
    """The node of a key of groups."""
    if not isinstance(key, Grouping):
        key = key_of(key, "group_by")
    node = (key.operand if isinstance(key, Label) else key).node
    _engine.check_group_key(node)
    return node


def row_count(rows: int | None, clause: str) -> int | None:
    """A limit or an offset."""
    if rows is not None and (type(rows) is not int or rows < 0):
        raise QueryError(f"{clause}() takes a whole number of rows")
    return rows


def query_of(thing: object, place: str) -> Subquery[Any]:
    """A query where one is needed."""
    if is_a(thing, Subquery):
        return cast("Subquery[Any]", thing)
    raise QueryError(f"{place} takes a query, not {_called(thing)}: say select(...)")


def check_join(
    kind: str, source: Source, entity: Entity | None, read: Sequence[Source], items: Sequence[Item]
) -> None:
    """Raises QueryError where a query reads these rows already, or where a model whose rows this join may
    leave out is not selected as optional.

    Of columns and expressions `check_missing` knows, once the whole statement gives them their types.
    """
    if source in read:
        raise _second_use(entity)
    for item in items:
        may_miss = item.entity is not None and item.origin == source
        if kind in {"left", "full"} and may_miss and not item.is_optional:
            raise _not_optional(item)


def _second_use(entity: Entity | None) -> QueryError:
    if entity is None:
        return QueryError("these rows are joined already: join a copy of them, made by .copy()")
    name = entity.schema.name
    return QueryError(f"{name} is joined already: join a further copy of it, made by aliased({name})")


def unsaid_join(target: object, entities: Iterable[Entity], read: Sequence[Source]) -> QueryError:
    """What is wrong with joining a table without saying how: names the relations that lead there."""
    if isinstance(target, Derived | Values):
        return QueryError("say how these rows are joined: give on=")
    entity = entity_of_table(target)
    if entity is None:
        return QueryError("say how: join a relation (`.join(Book.author)`) or give on=")
    name = entity.schema.name
    ways = _ways_to(entity.schema, entities, read)
    if not ways:
        return QueryError(f"nothing the query reads has a relation to {name}: say how it is joined by on=")
    said = " or ".join(f".join({way})" for way in ways)
    return QueryError(f"say how {name} is joined: {said}, or give on=")


def _ways_to(target: ModelSchema, entities: Iterable[Entity], read: Sequence[Source]) -> list[str]:
    """Relations that lead to a model from those a query reads."""
    neighbours = [relation.link.target for relation in target.relations.values()]
    near = [entity.schema for entity in entities]
    near += [schema for schema in neighbours if schema.source in read and schema not in near]
    return [
        f"{schema.name}.{relation.attribute}"
        for schema in dict.fromkeys(near)
        for relation in schema.relations.values()
        if relation.link.target is target
    ]


def check_distinct(items: Sequence[Item], clauses: Mapping[str, Any]) -> None:
    """Refuses an order that does not go with the rows being distinct."""
    on, is_distinct = clauses.get("distinct_on", ()), clauses.get("distinct")
    if on and is_distinct:
        raise QueryError("distinct() without columns and distinct(...) exclude each other")
    keys = [ordering.node for ordering in clauses.get("order_by", ())]
    if (on or is_distinct) and keys:
        _engine.check_distinct([item.selection for item in items], on, keys)


def outer_sources(
    origins: Sequence[Source], joins: Sequence[tuple[str, Source, Node | None]]
) -> list[Source]:
    """Uses of tables that may have no row."""
    outer: list[Source] = []
    seen = list(origins)
    for kind, source, _condition in joins:
        if kind in {"right", "full"}:
            outer += seen
        if kind in {"left", "full"}:
            outer.append(source)
        seen.append(source)
    return outer


def check_missing(
    items: Sequence[Item], outer: Sequence[Source], statement: Statement, *, leaves_out: bool
) -> None:
    """That what may have no row, or is left out of some groupings, is selected so."""
    if not outer and not leaves_out:
        return
    types = _engine.output_types(statement)
    place = 0
    for item in items:
        if leaves_out and not item.is_optional and not _may_be_null(item):
            raise QueryError(
                f"{item.name or 'a key'} is left out of some groupings: select it as optional(...)"
            )
        is_missing = item.origin in outer if item.entity else types[place].nullable and not _may_be_null(item)
        if is_missing and not item.is_optional:
            raise _not_optional(item)
        place += item.width


def _not_optional(item: Item) -> QueryError:
    what = item.name or "an expression"
    return QueryError(f"{what} comes from the far side of an outer join: select it as optional(...)")


def _may_be_null(item: Item) -> bool:
    return isinstance(item.selection, Node) and (item.selection.type.nullable or item.selection.has_aggregate)


def check_alike(own: tuple[Item, ...], other: tuple[Item, ...], what: str) -> None:
    """That two queries select the same models and as many values at the same places."""
    fits = len(own) == len(other) and all(
        (mine.entity and mine.entity.schema) is (its.entity and its.entity.schema)
        for mine, its in zip(own, other, strict=True)
    )
    if not fits:
        raise QueryError(f"{what} must select the same models, and as many columns, in the same order")


def typed_items(items: tuple[Item, ...], types: list[ColumnType]) -> tuple[Item, ...]:
    """The items with the types that the rows of a set operation have."""
    typed: list[Item] = []
    place = 0
    for item in items:
        typed.append(item if item.entity is not None else item.typed(types[place]))
        place += item.width
    return tuple(typed)


def check_prefetches(items: Sequence[Item], wanted: Iterable[object]) -> None:
    """That all of these are relations of selected models. QueryError naming the first that is none."""
    schemas = [item.entity.schema for item in items if item.entity is not None]
    if not schemas:
        raise QueryError("prefetch() needs a selected model, not columns alone")
    for thing in wanted:
        _check_prefetch(schemas, thing)


def _check_prefetch(schemas: Sequence[ModelSchema], wanted: object) -> None:
    if isinstance(wanted, str):
        _check_path(schemas, wanted)
        return
    if not isinstance(wanted, Relation | RelationRows):
        raise QueryError(f"prefetch() takes relations, not {_called(wanted)}")
    relation = wanted if isinstance(wanted, Relation) else wanted.relation
    owner = relation.entity.schema
    if owner not in schemas:
        names = ", ".join(sorted(schema.name for schema in schemas))
        raise QueryError(f"{owner.name}.{relation.attribute} is no relation of {names}")
    if isinstance(wanted, RelationRows):
        for further in wanted.nested:
            _check_prefetch([relation.link.target], further)


def _check_path(schemas: Sequence[ModelSchema], path: str) -> None:
    name, _, rest = path.partition("__")
    found = [schema.relations[name] for schema in schemas if name in schema.relations]
    if not found:
        names = ", ".join(sorted(schema.name for schema in schemas))
        raise QueryError(f"no relation of {names} is called {name}")
    if rest:
        _check_path([found[0].link.target], rest)


def _called(thing: object) -> str:
    """What messages call something that does not belong where it is."""
    if isinstance(thing, Expression):
        return thing.context
    return str(getattr(thing, "__name__", type(thing).__name__))
