# GENERATED from bridgeorm/operations.py by tools/generate: edit that file instead.
"""What the verbs do, once it is settled where they run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import groupby
from typing import Any, TypeVar, cast

from bridgeorm import _engine
from bridgeorm._engine import ColumnType, Instance, Node, ResultPlan
from bridgeorm.cascading import endangered_among
from bridgeorm.entities import RowSource
from bridgeorm.errors import MultipleRowsFoundError, NoRowFoundError, QueryError, UnparameterizedSqlError
from bridgeorm.fetching import Arrival
from bridgeorm.functions import func
from bridgeorm.joined_relations import with_joined_relations
from bridgeorm.model_schema import ModelSchema, schema_of
from bridgeorm.naming import known_models
from bridgeorm.narrowing import is_a
from bridgeorm.ordering import WritingOrder, deletion_order
from bridgeorm.paging import Page, Walk
from bridgeorm.query import Query
from bridgeorm.raw_sql import RawSql
from bridgeorm.results import Plan, Result
from bridgeorm.sync.batches import deletions_of, present_among, refuse_lost, send, updates_of
from bridgeorm.sync.circles import empty_references
from bridgeorm.sync.loading import prefetch, refuse_wrong_prefetches, rows_with_relations
from bridgeorm.sync.running import Call
from bridgeorm.sync.settling import forget_rows, remember
from bridgeorm.writing import (
    insertion_of,
    link_conditions,
    links_of,
    refreshed,
    refreshment_of,
    take_keys_of_parents,
    unlinks_of,
)

Row = TypeVar("Row")
Change = tuple[str, list[Any]]
Object = TypeVar("Object", bound=Instance)
_NOT_ONE_COLUMN = "scalar() takes a query that selects exactly one column"
_COUNT_PLAN: ResultPlan[int] = ResultPlan([(ColumnType("int64"), None, "count")], "single")


def fetch_all(call: Call, query: RowSource[Row]) -> list[Row]:
    """All rows."""
    refuse_wrong_prefetches(query)
    return rows_with_relations(call, query) if query.prefetches else call.rows(query)


def fetch_first(call: Call, query: RowSource[Row]) -> Row | None:
    """The first row or None."""
    refuse_wrong_prefetches(query)
    rows: list[Row]
    if isinstance(query, Query) and query.prefetches:
        rows = rows_with_relations(call, query if query.most_rows == 0 else query.limit(1))
    else:
        rows = call.run(query.first_only, query.result_plan)
        call.adopt(rows)
        del rows[1:]
        if query.prefetches:
            prefetch(call, query.prefetches, rows)
    return rows[0] if rows else None


def fetch_one(call: Call, query: RowSource[Row]) -> Row:
    """The only row."""
    limited: RowSource[Row] = query.limit(2) if isinstance(query, Query) and query.is_plain else query
    rows = fetch_all(call, limited)
    if not rows:
        raise NoRowFoundError("the query has no row")
    if len(rows) > 1:
        raise MultipleRowsFoundError("the query has more than one row")
    return rows[0]


def fetch_scalar(call: Call, query: RowSource[Row]) -> Row:
    """The only row's only value."""
    if isinstance(query, Query) and (len(query.items) != 1 or query.items[0].entity is not None):
        raise QueryError(_NOT_ONE_COLUMN)
    found = fetch_one(call, query)
    if not isinstance(query, RawSql) or query.is_typed:
        return found
    cells = cast("tuple[Row, ...]", found)  # rows of raw SQL are tuples, whatever their number of columns
    if len(cells) != 1:
        raise QueryError(_NOT_ONE_COLUMN)
    return cells[0]


def fetch_count(call: Call, query: RowSource[Any]) -> int:
    """How many rows there are."""
    if isinstance(query, Query) and query.is_plain and not any(_aggregates(query)):
        rows = call.run(query.selecting(func.count().node), _COUNT_PLAN)
        return int(rows[0])
    if isinstance(query, Query) and not query.has_lock:
        rows = call.run(query.counting, _COUNT_PLAN)
        return int(rows[0])
    return len(call.rows(query))


def _aggregates(query: Query[Any]) -> Iterable[bool]:
    return (isinstance(item.selection, Node) and item.selection.has_aggregate for item in query.items)


def fetch_exists(call: Call, query: RowSource[Any]) -> bool:
    """Whether there is any row."""
    if isinstance(query, Query) and query.is_plain and not any(_aggregates(query)):
        statement = query.limit(1).selecting(_engine.infer_parameter(1))
        return bool(call.run(statement, _COUNT_PLAN))
    return bool(call.run(query.first_only, query.result_plan))


# --- writing objects ---


def update(call: Call, instance: Object) -> Object:
    """Writes the changed columns of an object."""
    if call.needs_block("update", [instance]):
        with call.database.transaction() as block:
            update_objects(call.within(block), [instance])
    else:
        update_objects(call, [instance])
    return instance


def update_many(call: Call, instances: list[Any]) -> list[Any]:
    """Writes the changed columns of objects, those of one model in which the same columns changed by one
    statement; all or none.
    """
    if call.block is None and len(instances) > 1:
        with call.database.transaction() as transaction:
            return transaction.update_many(instances)
    update_objects(call, instances)
    return instances


def update_objects(call: Call, instances: Sequence[Any]) -> None:
    """Writes the changed columns of objects."""
    distinct = list({id(instance): instance for instance in instances}.values())
    for instance in distinct:
        if not isinstance(instance, Instance) or not _engine.is_persistent(instance):
            raise QueryError(f"{instance!r} is not in the database: insert it first")
    call.run_hooks("before", "update", distinct)
    for instance in distinct:
        take_keys_of_parents(instance)
    write_changes(call, distinct)
    call.run_hooks("after", "update", distinct)


def write_changes(call: Call, instances: list[Instance]) -> None:
    """The same without hooks. Objects that lost a race are named when all others are written."""
    batches = list(updates_of(call, instances))
    for batch in batches:
        remember(call, batch.members)
    missing = send(call, batches)
    lost = [each for some in missing for each in some]
    gone = {id(each) for each in lost}
    for batch in batches:
        written = [each for each in batch.members if id(each) not in gone]
        _engine.mark_updated(written, batch.schema.version_index)
    refuse_lost(lost, len(instances))


def delete(call: Call, instance: Object) -> Object:
    """Deletes the object's row."""
    if call.needs_block("delete", [instance]):
        with call.database.transaction() as block:
            delete_objects(call.within(block), [instance])
    else:
        delete_objects(call, [instance])
    return instance


def delete_many(call: Call, instances: list[Any]) -> list[Any]:
    """Deletes the rows of objects, those of one model by one statement and those that refer to others first;
    all or none.
    """
    for instance in instances:
        if not isinstance(instance, Instance) or not _engine.is_persistent(instance):
            raise QueryError(f"{instance!r} is not in the database")
    if call.block is None and len(instances) > 1:
        with call.database.transaction() as transaction:
            return transaction.delete_many(instances)
    delete_in_order(call, deletion_order(instances))
    return instances


def delete_in_order(call: Call, order: WritingOrder) -> None:
    """Deletes wave by wave, after taking away the references of a circle."""
    emptied = empty_references(call, order.postponed)
    write_changes(call, [each.instance for each in order.postponed])
    endangered = endangered_among([each for wave in order.waves for each in wave])
    present = present_among(call, endangered)
    for wave in order.waves:
        remaining = list(filter(_engine.is_persistent, wave))  # the rest went with a cascade
        delete_objects(call, remaining, present)
    emptied.put_back()


def delete_objects(call: Call, instances: list[Instance], present: Collection[int] = frozenset()) -> None:
    """Deletes the rows of objects that do not refer to each other, those of one model together. Those known
    to be `present` went with another's deletion where theirs does not find them.
    """
    call.run_hooks("before", "delete", instances)
    remember(call, instances)
    missing = send(call, list(deletions_of(call, instances)))
    lost = [each for some in missing for each in some if id(each) not in present]
    gone = {id(each) for each in lost}
    forget_rows(call, [each for each in instances if id(each) not in gone])
    refuse_lost(
        list(filter(_engine.is_persistent, lost)), len(instances)
    )  # some databases cascade before the statement ends
    call.run_hooks("after", "delete", instances)


def refresh(call: Call, instance: Object) -> Object:
    """Reads the object's row again, changes not written yet included."""
    statement, plan = refreshment_of(instance)
    refreshed(instance, call.run(statement, plan))
    return instance


def link(call: Call, relation: Any, owner: Instance, change: Change) -> None:
    """Adds, removes or replaces the members of a many-to-many relation, in a session when it flushes."""
    if call.block is None or not call.block.stage(relation, owner, change):
        link_now(call, relation, owner, change)


def link_now(call: Call, relation: Any, owner: Instance, change: Change) -> None:
    """The same, at once."""
    kind, members = change
    through: ModelSchema = relation.link.through
    if kind == "remove":
        call.execute_together(unlinks_of(relation, owner, members))
    else:
        if kind == "set":
            call.execute(_engine.delete(through.source, link_conditions(relation, owner, None), False))
        _insert_links(call, through, links_of(relation, owner, members))
    _tell(call, relation, owner, kind, members)


def link_all(call: Call, links: list[tuple[Any, Instance, Change]]) -> None:
    """Several changes in their order; those in a row that add to one link table go together."""
    for (through, is_adding), changes in groupby(links, _kind_of_link):
        if not is_adding:
            for relation, owner, change in changes:
                link_now(call, relation, owner, change)
            continue
        added = list(changes)
        rows = [row for relation, owner, change in added for row in links_of(relation, owner, change[1])]
        _insert_links(call, through, rows)
        for relation, owner, change in added:
            _tell(call, relation, owner, *change)


def _kind_of_link(link: tuple[Any, Instance, Change]) -> tuple[ModelSchema, bool]:
    relation, _owner, change = link
    return relation.link.through, change[0] == "add"


def _insert_links(call: Call, through: ModelSchema, rows: list[Instance]) -> None:
    groups, _related = _engine.group_for_insert(rows)
    for _cls, filled, members in groups:
        insertion = insertion_of(through, filled)
        step = insertion.most_rows
        statements = [
            insertion.statement(members[start : start + step], is_lenient=True)
            for start in range(0, len(members), step)
        ]
        call.execute_together(statements)


def _tell(call: Call, relation: Any, owner: Instance, kind: str, members: list[Any]) -> None:
    """Keeps a loaded relation true after a change; a rollback puts the old list back."""
    store = _engine.existing_extension(owner)
    is_loaded = store is not None and relation.attribute in store
    if not is_loaded and kind != "set":
        return
    known = cast("list[Any]", store[relation.attribute]) if store is not None and is_loaded else []
    remember(call, [owner])
    distinct = {id(member): member for member in members}
    if kind == "remove":
        members = [member for member in known if id(member) not in distinct]
    elif kind == "add":
        members = list(({id(member): member for member in known} | distinct).values())
    else:
        members = list(distinct.values())
    relation.put(owner, members)


# --- statements, pages, tables ---


def execute(call: Call, statement: Any) -> Result:
    """Runs a writing statement."""
    plan: ResultPlan[Any] | None = None
    wanted: tuple[Any, ...] = ()
    source: RowSource[Any] | None = statement if is_a(statement, RowSource) else None
    if source is not None:
        refuse_wrong_prefetches(source)
        plan, wanted = source.result_plan, source.prefetches
    try:
        outcome = call.execute(statement.statement, plan)
    except UnparameterizedSqlError as error:
        raise (error if source is None else source.located(error)) from None
    rows = list(outcome.rows)
    call.adopt(rows)
    if wanted:
        prefetch(call, wanted, rows)
    return Result(outcome.rowcount, rows)


def page(call: Call, query: Query[Row], size: int, after: str | None, before: str | None) -> Page[Row]:
    """The rows behind one token, or in front of another."""
    if type(size) is not int or size < 1:
        raise QueryError("a page has a positive whole number of rows")
    if after is not None and before is not None:
        raise QueryError("a page lies after= one token or before= another, not both")
    refuse_wrong_prefetches(query)
    database, backward = call.database, before is not None
    walk: Walk[Row] = Walk(query, nulls_sort_high=database.has_capability("nulls_sort_high"))
    sign = database.signer(database.engine.compiled_text(walk.query(backward=False).statement))
    token = after if before is None else before
    position = None if token is None else walk.position(token, sign)
    step = walk.step(position, size + 1, backward=backward)
    joined = with_joined_relations(step, query.prefetches)
    fetched = call.rows(step if joined is None else joined.query)
    arrivals: list[Arrival] = []
    if joined is not None:
        arrivals = joined.arrivals(fetched)
        fetched = joined.rows(fetched)
    goes_on = len(fetched) > size
    del fetched[size:]
    if backward:
        fetched.reverse()
    items = [walk.row(row) for row in fetched]
    if query.prefetches:
        prefetch(call, query.prefetches, items, arrivals)
    has_next, has_previous = (True, goes_on) if backward else (goes_on, after is not None)
    return Page(
        items,
        walk.token(fetched[-1], sign) if fetched and has_next else None,
        walk.token(fetched[0], sign) if fetched and has_previous else None,
    )


def explain(call: Call, query: RowSource[Any], analyze: bool) -> Plan:  # noqa: FBT001 - handed through
    """How the database means to run a query."""
    outcome = call.execute(_engine.explain(query.statement, analyze))
    return Plan("\n".join(_last_text(row) for row in outcome.rows))


def _last_text(row: tuple[object, ...]) -> str:
    return str(row[-1])


def schemas_for(models: Sequence[type[Any]]) -> list[ModelSchema]:
    """The models named, or all known ones, with the link tables their relations need."""
    schemas = [schema_of(model) for model in models] if models else known_models()
    for schema in list(schemas):
        for relation in schema.build().relations.values():
            through = relation.link.through
            if through is not None and through not in schemas:
                schemas.append(through)
    return schemas


def run_ddl(
    call: Call, schemas: list[ModelSchema], plan: Callable[[list[_engine.Table]], list[_engine.Statement]]
) -> None:
    """Runs what a plan makes of tables, in one transaction where the database can."""
    statements = plan([schema.table for schema in schemas])
    if call.block is None and call.engine.has_capability("transactional_ddl"):
        with call.database.transaction() as transaction:
            transaction.run_statements(statements)
        return
    for statement in statements:
        call.execute(statement)


def run_statements(call: Call, statements: Sequence[_engine.Statement]) -> None:
    """Runs statements one after the other."""
    for statement in statements:
        call.execute(statement)
