"""Loads relations: for all siblings of a result at once, lazily or ahead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from bridgeorm import _engine
from bridgeorm._engine import Instance
from bridgeorm.entities import RowSource
from bridgeorm.errors import NoRowFoundError, NotLoadedError
from bridgeorm.fetching import Arrival, Fetch
from bridgeorm.joined_relations import with_joined_relations
from bridgeorm.model_schema import ModelSchema, schema_of
from bridgeorm.narrowing import parts_of
from bridgeorm.query import Query
from bridgeorm.relations.prefetch import Prefetch, nested_prefetches, prefetches_of, refuse_strange
from bridgeorm.relations.references import is_unloaded_reference
from bridgeorm.running import Call
from bridgeorm.telemetry import calling_place

if TYPE_CHECKING:
    from bridgeorm.relations.relation import DeclaredRelation

Wanted = tuple[Prefetch, Sequence[Instance], Arrival | None]
"""A relation, the objects that are to know it, and what of it is there already."""


async def load_relation(call: Call, relation: DeclaredRelation[Any], instance: Instance) -> Any:
    """The relation's value of one instance; its siblings that still live get theirs by the same statement."""
    if needs_loading(relation, instance):
        if relation.key_values(instance) is None and not relation.link.is_forward:
            raise NotLoadedError(
                f"{relation.context}: an unsaved {relation.owner.name} has nothing to load by"
            )
        await _load_siblings(call, relation, instance)
    return value_of(relation, instance)


async def _load_siblings(call: Call, relation: DeclaredRelation[Any], instance: Instance) -> None:
    """Loads for the whole group. Loads of the same relation under way are waited for instead of repeated."""
    group = _engine.load_group(instance)
    if group is None:
        await fill(call, Prefetch(relation), [instance])
        return
    name = f"<loading {relation.context}>"
    while name in group.state:
        await cast(Any, group.state[name]).wait()
        if not needs_loading(relation, instance):
            return
    _watch(call, relation)
    flight = group.state[name] = call.database.surroundings.flight()
    try:
        siblings = [
            member
            for member in group.members()
            if type(member) is relation.owner.cls and needs_loading(relation, member)
        ]
        if not any(member is instance for member in siblings):
            siblings.append(instance)
        await fill(call, Prefetch(relation), siblings)
    finally:
        del group.state[name]
        flight.set()


def _watch(call: Call, relation: DeclaredRelation[Any]) -> None:
    watch = call.database.load_watch
    if watch.reaction != "off":
        watch.note(call.database.surroundings.belongings().loads, relation.context, calling_place())


def needs_loading(relation: DeclaredRelation[Any], instance: Instance) -> bool:
    """Whether the relation's value is unknown, or known by its key only."""
    store = _engine.existing_extension(instance)
    if store is not None and relation.attribute in store:
        value = store[relation.attribute]
        return isinstance(value, Instance) and is_unloaded_reference(value)
    if not relation.link.is_forward:
        return True
    return all(_engine.peek(instance, own) is not None for own, _far in relation.link.pairs)


def value_of(relation: DeclaredRelation[Any], instance: Instance) -> Any:
    """What a load has found. NoRowFoundError for a reference to a row that is gone."""
    store = _engine.existing_extension(instance)
    if store is None or relation.attribute not in store:
        if relation.link.is_forward and relation.key_values(instance) is None:
            return None
        raise NoRowFoundError(f"{relation.context}: the row it refers to does not exist")
    value = store[relation.attribute]
    if isinstance(value, Instance) and is_unloaded_reference(value):
        raise NoRowFoundError(f"{relation.context}: the row it refers to does not exist")
    return list(cast("list[Any]", value)) if isinstance(value, list) else value  # type: ignore[redundant-cast]  # pyright loses the parameter


async def fill(call: Call, spec: Prefetch, owners: Sequence[Instance]) -> None:
    """Loads a relation for these objects, and what is wanted from there."""
    await _fill_level(call, [(spec, owners, None)])


async def _fill_level(call: Call, level: list[Wanted]) -> None:
    """Level by level: what does not build on one another is asked for together."""
    has_array_parameters = call.engine.has_capability("array_parameters")
    while level:
        asked: list[tuple[Fetch, Query[Any]]] = []
        found: dict[Fetch, list[Instance]] = {}
        nested: dict[Fetch, list[Arrival]] = {}
        for spec, owners, arrival in level:
            fetch = Fetch(spec, owners, has_array_parameters=has_array_parameters)
            found[fetch] = [] if arrival is None else list(arrival.members)
            nested[fetch] = [] if arrival is None else arrival.nested
            queries = fetch.queries() if arrival is None else fetch.queries_beside(arrival)
            asked += [(fetch, query) for query in queries]
        batches = await call.rows_together([query for _fetch, query in asked])
        for (fetch, _query), rows in zip(asked, batches, strict=True):
            found[fetch] += fetch.take(rows)
        for fetch in found:
            fetch.deal()
        level = [
            (further, list(dict.fromkeys(members)), _arrival_of(further, nested[fetch]))
            for fetch, members in found.items()
            if members
            for further in nested_prefetches(fetch.spec)
        ]


def _arrival_of(spec: Prefetch, arrivals: Sequence[Arrival]) -> Arrival | None:
    return next((each for each in arrivals if each.relation == spec.identity), None)


def refuse_wrong_prefetches(source: RowSource[Any]) -> None:
    """Raises before anything is sent what no rows could make right: relations that nothing selected has, and
    one asked for in two different ways.
    """
    if source.prefetches:
        _refuse_wrong(source.prefetches, source.schemas)


def _refuse_wrong(wanted: Sequence[object], schemas: Sequence[ModelSchema]) -> None:
    for spec in prefetches_of(wanted, schemas):
        refuse_strange(spec, schemas)
        _refuse_wrong(spec.nested, [spec.relation.link.target])


async def rows_with_relations(call: Call, source: RowSource[Any]) -> list[Any]:
    """The rows of a query, and all relations it wants loaded ahead."""
    joined = with_joined_relations(source)
    if joined is None:
        rows = await call.rows(source)
        await prefetch(call, source.prefetches, rows)
        return rows
    fetched = await call.rows(joined.query)
    rows, arrivals = joined.rows(fetched), joined.arrivals(fetched)
    await prefetch(call, source.prefetches, rows, arrivals)
    return rows


async def prefetch(
    call: Call, wanted: Sequence[object], rows: Sequence[Any], arrivals: Sequence[Arrival] = ()
) -> None:
    """Loads relations for all objects among the rows, but for what has arrived with them."""
    instances = list(dict.fromkeys(instances_in(rows)))
    if not instances:
        return
    _set_apart(call, arrivals)
    schemas = [schema_of(cls) for cls in {type(instance) for instance in instances}]
    level: list[Wanted] = []
    for spec in prefetches_of(wanted, schemas):
        owner = spec.relation.owner.cls
        owners = [instance for instance in instances if type(instance) is owner]
        if owners:
            level.append((spec, owners, _arrival_of(spec, arrivals)))
        elif not _has_gaps(rows):
            refuse_strange(spec, schemas)
    await _fill_level(call, level)


def _set_apart(call: Call, arrivals: Sequence[Arrival]) -> None:
    """Makes the members of each relation siblings of their own, as if they had come by themselves."""
    for arrival in arrivals:
        _engine.group_apart(arrival.members, call.origin)
        call.adopt(arrival.members)
        _set_apart(call, arrival.nested)


def _has_gaps(rows: Sequence[Any]) -> bool:
    """Whether optional things are missing, of which nobody can tell here what they would have been."""
    return any(None in parts_of(row) for row in rows)


def instances_in(rows: Sequence[Any]) -> list[Instance]:
    """The objects among rows that may be tuples."""
    if rows and isinstance(rows[0], tuple):
        return [thing for row in rows for thing in row if isinstance(thing, Instance)]
    return [row for row in rows if isinstance(row, Instance)]
