"""Objects of the database written many at a time: one statement for those of a table that change alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, cast

from bridgeorm import _engine
from bridgeorm._engine import Instance, Node, Outcome, Pending, ResultPlan, Source, Statement
from bridgeorm.errors import NoRowFoundError, QueryError, StaleRowError
from bridgeorm.expressions import Expression
from bridgeorm.model_schema import ModelSchema, schema_of
from bridgeorm.running import Call
from bridgeorm.writing import delete_of, update_of

_ROWS_PER_ARRAY = 5_000
"""Rows in one statement where each column is one parameter: more gain nothing measurable."""
_ROWS_PER_LIST = 512
"""The same where every value is a parameter; a power of two, as lists are compiled for such lengths."""
_PARAMETERS_PER_STATEMENT = 30_000
_UNDERWAY = 4
"""Statements on their way together: enough that the server never waits for the next, few enough to bound the
memory they need."""
_NAMED_OBJECTS = 5
"""How many objects a message names."""


class Batch:
    """Objects of one model that one statement writes, and those of them whose rows it did not find."""

    def __init__(self, schema: ModelSchema, members: list[Instance]) -> None:
        self.schema = schema
        self.members = members

    def statement(self) -> Statement:
        """The statement; where it writes several rows, it returns their keys."""
        raise NotImplementedError

    @property
    def plan(self) -> ResultPlan[Any] | None:
        """What becomes of the keys that come back."""
        return None if len(self.members) == 1 else self.key_plan

    @property
    def key_plan(self) -> ResultPlan[Any]:
        """Keys as tuples."""
        schema = self.schema
        plan: ResultPlan[Any] = schema.cached(
            "keys",
            lambda: ResultPlan(
                [
                    (column.field.type, column.field.from_storage, column.attribute)
                    for column in schema.key_columns
                ],
                "tuple",
            ),
        )
        return plan

    def lost(self, outcome: Outcome) -> list[Instance]:
        """The objects without a row in the version they know."""
        if len(self.members) == 1:
            return [] if outcome.rowcount > 0 else self.members
        if len(outcome.rows) == len(self.members):
            return []
        found = set(outcome.rows)
        return [member for member in self.members if _engine.key_of(member) not in found]

    def key_nodes(self) -> list[Node]:
        """The columns of the key."""
        return [self.schema.source.column(index) for index in self.schema.key]


class Update(Batch):
    """Objects in which the same columns changed."""

    def __init__(self, schema: ModelSchema, members: list[Instance], changed: Sequence[int]) -> None:
        super().__init__(schema, members)
        self.changed = changed

    def statement(self) -> Statement:
        schema = self.schema
        if len(self.members) == 1:
            return update_of(self.members[0], self.changed)
        written = [index for index in self.changed if index != schema.version_index]
        rows, places = _rows_of(schema, self.members, written)
        assignments = [(index, rows.column(places[index])) for index in written]
        if schema.version_index is not None:
            column = schema.columns[schema.version_index]
            assignments.append((column.index, (cast("Expression[int]", column) + 1).node))
        matched = [
            _engine.binary("eq", schema.source.column(index), rows.column(places[index]))
            for index in _identity_of(schema)
        ]
        return _engine.update(schema.source, assignments, matched, False, self.key_nodes(), [rows])


class Deletion(Batch):
    """Objects whose rows go."""

    def statement(self) -> Statement:
        if len(self.members) == 1:
            return delete_of(self.members[0])
        return _engine.delete(self.schema.source, [self._condition()], False, self.key_nodes())

    def search(self, call: Call) -> Statement:
        """Gives the keys of those rows that are there, which nobody else can change from then on."""
        source = self.schema.source
        has_locks = call.engine.has_capability("row_locks")
        lock: tuple[Literal["update"], bool, bool, list[Source]] = ("update", False, False, [])
        return _engine.select_with(
            _engine.select(self.key_nodes(), [source]),
            where=[self._condition()],
            lock=lock if has_locks else None,
        )

    def _condition(self) -> Node:
        """That a row is one of those that were read."""
        schema = self.schema
        if schema.version_index is None and len(schema.key) == 1:
            keys = [_key_of(member)[0] for member in self.members]
            return schema.key_columns[0].in_(keys).node
        rows, places = _rows_of(schema, self.members, [])
        identity = _identity_of(schema)
        wanted = _engine.select([rows.column(places[index]) for index in identity], [rows])
        row = _engine.row([schema.source.column(index) for index in identity])
        return _engine.in_subquery(row, wanted, False)


def updates_of(call: Call, instances: list[Instance]) -> Iterator[Update]:
    """How objects that changed are written: those of one model in which the same columns did, together."""
    has_batches = all(map(call.engine.has_capability, ("update_from", "returning")))
    for cls, changed, members in _engine.group_changed(instances):
        schema = schema_of(cls)
        if any(index in schema.key for index in changed):
            raise QueryError(
                f"{schema.name}: a key is not changed by writing an object; "
                f"say update({schema.name}).where(...)"
            )
        width = len(changed) + len(_identity_of(schema))
        for some in _cut(members, most_rows(call, schema, width) if has_batches else 1):
            yield Update(schema, some, changed)


def deletions_of(call: Call, instances: list[Instance]) -> Iterator[Deletion]:
    """How objects are deleted: those of one model together."""
    has_batches = all(map(call.engine.has_capability, ("row_values", "returning")))
    by_schema: dict[ModelSchema, list[Instance]] = {}
    for instance in instances:
        by_schema.setdefault(schema_of(type(instance)), []).append(instance)
    for schema, members in by_schema.items():
        width = len(_identity_of(schema))
        for some in _cut(members, most_rows(call, schema, width) if has_batches else 1):
            yield Deletion(schema, some)


async def send(call: Call, batches: Sequence[Batch]) -> list[list[Instance]]:
    """Writes batches, some of them on their way at a time; for each the objects that have no row."""
    transaction = await call.transaction()

    def begin(batch: Batch) -> Pending[Outcome]:
        call.spend_query()
        return call.engine.execute(
            batch.statement(), batch.plan, None, transaction, call.timeout(), call.origin
        )

    outcomes = await call.outcomes(map(begin, batches), _UNDERWAY)
    return [batch.lost(outcome) for batch, outcome in zip(batches, outcomes, strict=True)]


async def present_among(call: Call, instances: list[Instance]) -> set[int]:
    """The identities of those objects whose rows are there in the version they know, and stay so until this
    transaction changes them.
    """
    present: set[int] = set()
    for batch in deletions_of(call, instances):
        found = set(await call.run(batch.search(call), batch.key_plan))
        present.update(id(each) for each in batch.members if _engine.key_of(each) in found)
    return present


def refuse_lost(lost: Sequence[Instance], total: int) -> None:
    """StaleRowError naming objects of so many that lost a race, or NoRowFoundError where no version tells."""
    if not lost:
        return
    names = ", ".join(map(repr, lost[:_NAMED_OBJECTS]))
    more = f" and {len(lost) - _NAMED_OBJECTS} more" if len(lost) > _NAMED_OBJECTS else ""
    which = "the row" if total == 1 else f"{len(lost)} of {total} rows"
    if any(schema_of(type(each)).version_index is not None for each in lost):
        error = StaleRowError(f"{which} changed or deleted by somebody else since read: {names}{more}")
        error.objects = tuple(lost)
        raise error
    raise NoRowFoundError(f"{which} no longer in the database: {names}{more}")


def _identity_of(schema: ModelSchema) -> list[int]:
    """The columns by which a row is recognised as what was read."""
    return [*schema.key, *([] if schema.version_index is None else [schema.version_index])]


def _rows_of(
    schema: ModelSchema, members: list[Instance], written: Sequence[int]
) -> tuple[Source, dict[int, int]]:
    """Objects as rows to match with, and where in them each column stands."""
    for member in members:
        _key_of(member)
    columns = [*_identity_of(schema), *written]
    rows = _engine.instance_rows(schema.source, "changes", members, columns)
    return rows, {index: place for place, index in enumerate(columns)}


def _key_of(instance: Instance) -> tuple[object, ...]:
    key = _engine.key_of(instance)
    if key is None:
        raise QueryError(f"{type(instance).__name__} has no key yet: insert it first")
    return key


def most_rows(call: Call, schema: ModelSchema, width: int) -> int:
    """How many rows of so many values fit into one statement."""
    has_lists = any(column.field.type.storage == "array" for column in schema.columns)
    if call.engine.has_capability("array_parameters") and not has_lists:
        return _ROWS_PER_ARRAY
    most = max(1, _PARAMETERS_PER_STATEMENT // width)
    return min(_ROWS_PER_LIST, 1 << (most.bit_length() - 1))


def _cut(members: list[Instance], size: int) -> Iterator[list[Instance]]:
    """Pieces of at most so many, in which no row stands twice."""
    piece: list[Instance] = []
    keys: set[object] = set()
    for member in members:
        key = _engine.key_of(member)
        if len(piece) == size or key in keys:
            yield piece
            piece, keys = [], set()
        piece.append(member)
        keys.add(key)
    if piece:
        yield piece
