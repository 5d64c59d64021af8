"""What the verbs do, once it is settled where they run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, TypeVar, cast

from bridgeorm import _engine
from bridgeorm._engine import UNSET, ColumnType, Instance, Node, ResultPlan
from bridgeorm.entities import RowSource
from bridgeorm.errors import MultipleRowsFoundError, NoRowFoundError, QueryError
from bridgeorm.functions import func
from bridgeorm.hooks import hooks_for
from bridgeorm.loading import prefetch
from bridgeorm.model_schema import ModelSchema, schema_of
from bridgeorm.naming import known_models
from bridgeorm.paging import Page, Walk
from bridgeorm.query import Query
from bridgeorm.relations.relation import HANDLE
from bridgeorm.results import Plan, Result
from bridgeorm.running import Call
from bridgeorm.writing import (
    ROWS_PER_STATEMENT,
    Insertion,
    complete_rows,
    delete_of,
    deleted,
    insertion_of,
    link_conditions,
    links_of,
    refreshed,
    refreshment_of,
    take_keys_of_parents,
    update_of,
    updated,
)

Row = TypeVar("Row")
Object = TypeVar("Object", bound=Instance)
Wrapped = Literal["insert", "update", "delete"]
_COUNT_PLAN: ResultPlan[int] = ResultPlan([(ColumnType("int64"), None, "count")], "single")


async def fetch_all(call: Call, query: RowSource[Row]) -> list[Row]:
    """All rows."""
    rows = await call.rows(query)
    if query.prefetches:
        await prefetch(call, query.prefetches, rows)
    return rows


async def fetch_first(call: Call, query: RowSource[Row]) -> Row | None:
    """The first row or None."""
    rows: list[Row] = await call.run(query.first_only, query.result_plan)
    call.adopt(rows)
    del rows[1:]
    if query.prefetches:
        await prefetch(call, query.prefetches, rows)
    return rows[0] if rows else None


async def fetch_one(call: Call, query: RowSource[Row]) -> Row:
    """The only row."""
    limited: RowSource[Row] = query.limit(2) if isinstance(query, Query) and query.is_plain else query
    rows = await fetch_all(call, limited)
    if not rows:
        raise NoRowFoundError("the query has no row")
    if len(rows) > 1:
        raise MultipleRowsFoundError("the query has more than one row")
    return rows[0]


async def fetch_scalar(call: Call, query: RowSource[Row]) -> Row:
    """The only row's only value."""
    if isinstance(query, Query) and (len(query.items) != 1 or query.items[0].entity is not None):
        raise QueryError("scalar() takes a query that selects exactly one column")
    return await fetch_one(call, query)


async def fetch_count(call: Call, query: RowSource[Any]) -> int:
    """How many rows there are."""
    if isinstance(query, Query) and query.is_plain and not any(_aggregates(query)):
        rows = await call.run(query.selecting(func.count().node), _COUNT_PLAN)
        return int(rows[0])
    if isinstance(query, Query) and not query.has_lock:
        rows = await call.run(query.counting, _COUNT_PLAN)
        return int(rows[0])
    return len(await call.rows(query))


def _aggregates(query: Query[Any]) -> Iterable[bool]:
    return (isinstance(item.selection, Node) and item.selection.has_aggregate for item in query.items)


async def fetch_exists(call: Call, query: RowSource[Any]) -> bool:
    """Whether there is any row."""
    if isinstance(query, Query) and query.is_plain and not any(_aggregates(query)):
        statement = query.limit(1).selecting(_engine.infer_parameter(1))
        return bool(await call.run(statement, _COUNT_PLAN))
    return bool(await call.run(query.first_only, query.result_plan))


# --- by key ---


def conditions_for(schema: ModelSchema, key: tuple[object, ...], columns: dict[str, object]) -> list[Node]:
    """That a row has this key, or these values in these columns."""
    if columns and key:
        raise QueryError("a key or columns, not both")
    if columns:
        unknown = [name for name in columns if name not in schema.by_attribute]
        if unknown:
            raise QueryError(f"{schema.name} has no column {unknown[0]}")
        return [(schema.by_attribute[name] == value).node for name, value in columns.items()]
    if len(key) != 1:
        raise QueryError(f"say which {schema.name}: by key, or by columns")
    parts = cast("tuple[object, ...]", key[0]) if isinstance(key[0], tuple) else key
    if len(parts) != len(schema.key):
        raise QueryError(f"the key of {schema.name} has {len(schema.key)} columns, {len(parts)} were given")
    return [(schema.columns[index] == part).node for index, part in zip(schema.key, parts, strict=True)]


async def find(call: Call, model: type[Object], conditions: list[Node]) -> Object | None:
    """The row's object, or None."""
    schema = schema_of(model)
    base = schema.cached("base select", lambda: _engine.select([schema.source], [schema.source]))
    rows: list[Object] = await call.run(_engine.select_with(base, where=conditions), schema.entity_plan)
    if len(rows) > 1:
        raise MultipleRowsFoundError(f"more than one {schema.name} has these columns")
    call.adopt(rows)
    return rows[0] if rows else None


async def get(call: Call, model: type[Object], conditions: list[Node]) -> Object:
    """The row's object."""
    found = await find(call, model, conditions)
    if found is None:
        raise NoRowFoundError(f"there is no such {model.__name__}")
    return found


# --- writing objects ---


async def _run_hooks(call: Call, moment: str, event: Wrapped, instances: Sequence[Instance]) -> None:
    for instance in instances:
        for hook in hooks_for(schema_of(type(instance)), moment, event):
            await call.database.surroundings.settle(hook(instance))


def _remember(call: Call, instances: Iterable[Instance]) -> None:
    if call.block is not None:
        for instance in instances:
            call.block.remember(instance)


async def insert(call: Call, instance: Object) -> Object:
    """Inserts one object and fills in what the database generated."""
    await insert_objects(call, [instance])
    return instance


async def insert_objects(call: Call, instances: Sequence[Instance]) -> None:
    """Inserts objects, those of one shape together, and fills in what the database generated."""
    for instance in instances:
        if _engine.is_persistent(instance):
            raise QueryError(f"{instance!r} is in the database already: update it instead")
    await _run_hooks(call, "before", "insert", instances)
    _remember(call, instances)
    groups: dict[int, tuple[Insertion, list[Instance]]] = {}
    for instance in instances:
        take_keys_of_parents(instance)
        insertion = insertion_of(instance)
        groups.setdefault(id(insertion), (insertion, []))[1].append(instance)
    for insertion, members in groups.values():
        if not insertion.missing and len(members) > 1:
            await _bulk(call, insertion.schema, insertion.filled, members, 0)
            _inserted(call, insertion, members)
            continue
        step = insertion.rows_per_statement
        for start in range(0, len(members), step):
            await _insert_chunk(call, insertion, members[start : start + step])
    await _run_hooks(call, "after", "insert", instances)


async def _insert_chunk(call: Call, insertion: Insertion, members: Sequence[Instance]) -> None:
    outcome = await call.execute(insertion.statement(members), insertion.plan)
    insertion.take(members, outcome.rows)
    _inserted(call, insertion, members)


def _inserted(call: Call, insertion: Insertion, members: Sequence[Instance]) -> None:
    for instance in members:
        _engine.mark_clean(instance)
        _engine.set_persistent(instance, True)
        call.identity_map.add(instance)
        if insertion.schema.relations:
            _engine.extension(instance)[HANDLE] = call.database


async def insert_rows(call: Call, schema: ModelSchema, rows: Iterable[dict[str, object]], batch: int) -> int:
    """Inserts rows by the database's fastest path. Columns left out of the first row get their defaults."""
    waiting = iter(rows)
    first = next(waiting, None)
    if first is None:
        return 0
    names, completed = complete_rows(schema, first, waiting)
    return await _bulk(call, schema, [schema.by_attribute[name].index for name in names], completed, batch)


async def _bulk(call: Call, schema: ModelSchema, columns: Sequence[int], rows: Any, batch: int) -> int:
    transaction = await call.transaction()
    pending = call.database.engine.insert_many(
        schema.plan, columns, rows, batch, transaction, call.timeout(), call.origin
    )
    outcome = await pending
    return outcome.rowcount


async def insert_many(call: Call, instances: Sequence[Instance]) -> list[Any]:
    """Inserts objects; all or none."""
    if not instances:
        return []
    if call.block is None:
        async with call.database.transaction() as transaction:
            return await transaction.insert_many(instances)
    await insert_objects(call, instances)
    return list(instances)


async def update(call: Call, instance: Object) -> Object:
    """Writes the changed columns of an object."""
    await update_objects(call, [instance])
    return instance


async def update_objects(call: Call, instances: Sequence[Instance]) -> None:
    """Writes the changed columns of objects, sent together."""
    for instance in instances:
        if not _engine.is_persistent(instance):
            raise QueryError(f"{instance!r} is not in the database: insert it first")
    await _run_hooks(call, "before", "update", instances)
    for instance in instances:
        take_keys_of_parents(instance)
    written = [instance for instance in instances if _engine.changed_columns(instance)]
    _remember(call, written)
    for start in range(0, len(written), ROWS_PER_STATEMENT):
        members = written[start : start + ROWS_PER_STATEMENT]
        statements = [update_of(instance, _engine.changed_columns(instance)) for instance in members]
        outcomes = await call.execute_together(statements)
        for instance, outcome in zip(members, outcomes, strict=True):
            updated(instance, outcome.rowcount)
    await _run_hooks(call, "after", "update", instances)


async def delete(call: Call, instance: Object) -> Object:
    """Deletes the object's row."""
    await _run_hooks(call, "before", "delete", [instance])
    _remember(call, [instance])
    outcome = await call.execute(delete_of(instance))
    deleted(instance, outcome.rowcount)
    await _run_hooks(call, "after", "delete", [instance])
    return instance


async def refresh(call: Call, instance: Object) -> Object:
    """Reads the object's row again, changes not written yet included."""
    statement, plan = refreshment_of(instance)
    refreshed(instance, await call.run(statement, plan))
    return instance


async def link(call: Call, relation: Any, owner: Instance, change: tuple[str, list[Any]]) -> None:
    """Adds, removes or replaces the members of a many-to-many relation, in a session when it flushes."""
    if call.block is None or not call.block.stage(relation, owner, change):
        await link_now(call, relation, owner, change)


async def link_now(call: Call, relation: Any, owner: Instance, change: tuple[str, list[Any]]) -> None:
    """The same, at once."""
    kind, members = change
    through: ModelSchema = relation.link.through
    if kind == "remove":
        for member in members:
            await call.execute(
                _engine.delete(through.source, link_conditions(relation, owner, member), False)
            )
    else:
        if kind == "set":
            await call.execute(_engine.delete(through.source, link_conditions(relation, owner, None), False))
        await _insert_links(call, through, links_of(relation, owner, members))
    _tell(relation, owner, kind, members)


async def _insert_links(call: Call, through: ModelSchema, rows: list[Instance]) -> None:
    for row in rows:
        filled = [index for index, value in enumerate(_engine.columns_of(row)) if value is not UNSET]
        statement = _engine.insert(
            through.source, filled, [_engine.parameters_of(row, filled)], (), ([], "ignore", [], None)
        )
        await call.execute(statement)


def _tell(relation: Any, owner: Instance, kind: str, members: list[Any]) -> None:
    """Keeps a loaded relation true after a change."""
    store = _engine.existing_extension(owner)
    if store is None or relation.attribute not in store:
        if kind == "set":
            relation.put(owner, list(members))
        return
    known = cast("list[Any]", store[relation.attribute])
    given = {id(member) for member in members}
    if kind == "add":
        present = {id(member) for member in known}
        known += [member for member in members if id(member) not in present]
    elif kind == "remove":
        known[:] = [member for member in known if id(member) not in given]
    else:
        known[:] = members


# --- statements, pages, tables ---


async def execute(call: Call, statement: Any) -> Result:
    """Runs a writing statement."""
    plan = statement.result_plan if isinstance(statement, RowSource) else None
    outcome = await call.execute(statement.statement, plan)
    rows = list(outcome.rows)
    call.adopt(rows)
    return Result(outcome.rowcount, rows)


async def page(call: Call, query: Query[Row], size: int, after: str | None) -> Page[Row]:
    """The rows behind a token."""
    walk: Walk[Row] = Walk(query)
    rows = await fetch_all(call, walk.step(size + 1, None if after is None else walk.parse(after)))
    items = rows[:size]
    return Page(items, walk.token(items[-1]) if len(rows) > size else None)


async def explain(call: Call, query: RowSource[Any], analyze: bool) -> Plan:  # noqa: FBT001 - handed through
    """How the database means to run a query."""
    outcome = await call.execute(_engine.explain(query.statement, analyze))
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


async def run_ddl(
    call: Call, schemas: list[ModelSchema], plan: Callable[[list[_engine.Table]], list[_engine.Statement]]
) -> None:
    """Runs what a plan makes of tables, in one transaction where the database can."""
    statements = plan([schema.table for schema in schemas])
    if call.block is None and call.database.engine.has_capability("transactional_ddl"):
        async with call.database.transaction() as transaction:
            await transaction.run_statements(statements)
        return
    for statement in statements:
        await call.execute(statement)


async def run_statements(call: Call, statements: Sequence[_engine.Statement]) -> None:
    """Runs statements one after the other."""
    for statement in statements:
        await call.execute(statement)
