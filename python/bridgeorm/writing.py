"""How objects become writing statements, and how what comes back gets into them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, cast

from bridgeorm import _engine
from bridgeorm._engine import UNSET, Instance, Node, ResultPlan, Statement
from bridgeorm.columns import Column
from bridgeorm.entities import Link
from bridgeorm.errors import NoRowFoundError, QueryError
from bridgeorm.expressions import Expression
from bridgeorm.model_schema import ModelSchema, default_values, schema_of
from bridgeorm.relations.one import One

ROWS_PER_STATEMENT = 500
"""More rows in one statement, or statements on their way together, gain nothing and meet limits."""
_PARAMETERS_PER_STATEMENT = 30_000


class Insertion:
    """Objects of one model with the same columns set, and how generated values come back to them."""

    def __init__(self, schema: ModelSchema, filled: tuple[int, ...]) -> None:
        self.schema = schema
        self.filled = filled
        self.missing = tuple(column.index for column in schema.columns if column.index not in filled)
        generated_key = [place for place, index in enumerate(self.missing) if index in schema.key]
        is_numbered = any(schema.is_generated(schema.columns[self.missing[place]]) for place in generated_key)
        self._place = generated_key[0] if is_numbered else None
        self._is_alone = bool(generated_key) and not is_numbered
        self._known_key = () if generated_key else tuple(schema.key)
        self.returning = (*self.missing, *self._known_key) if self.missing else ()
        items = [
            (column.field.type, column.field.from_storage, column.attribute)
            for column in (schema.columns[index] for index in self.returning)
        ]
        self.plan: ResultPlan[Any] = ResultPlan(items, "tuple")

    @property
    def most_rows(self) -> int:
        """How many rows fit into one statement."""
        if not self.filled:
            return 1
        return max(1, min(ROWS_PER_STATEMENT, _PARAMETERS_PER_STATEMENT // len(self.filled)))

    @property
    def rows_per_statement(self) -> int:
        """The same, but one row where nothing would tell apart what comes back."""
        return 1 if self._is_alone else self.most_rows

    def statement(self, instances: Sequence[Instance], *, is_lenient: bool = False) -> Statement:
        """Inserts these objects, nothing coming back; leniently only those whose rows are not there yet."""
        rows = [_engine.parameters_of(instance, self.filled) for instance in instances]
        if is_lenient:
            return _engine.insert(self.schema.source, self.filled, rows, (), ([], "ignore", [], None))
        return _engine.insert(self.schema.source, self.filled, rows)

    def matched(
        self, instances: Sequence[Instance], rows: list[tuple[object, ...]]
    ) -> list[tuple[object, ...]]:
        """The generated values in the objects' order. Databases promise no order of what comes back, but they
        number rows in the order they were sent; rows whose key was sent are found by it.
        """
        if len(rows) != len(instances):
            raise NoRowFoundError(
                f"{self.schema.name}: {len(instances)} rows were inserted, {len(rows)} came back"
            )
        if self._place is not None:
            return sorted(rows, key=itemgetter(self._place))
        if not self._known_key:
            return rows
        width = len(self.missing)
        by_key = {row[width:]: row[:width] for row in rows}
        try:
            return [by_key[cast("tuple[object, ...]", _engine.key_of(each))] for each in instances]
        except KeyError:
            raise NoRowFoundError(f"{self.schema.name}: a row came back under another key") from None


def insertion_of(schema: ModelSchema, filled: tuple[int, ...]) -> Insertion:
    """How objects with these columns set are inserted."""
    return schema.cached(f"insertion {filled}", lambda: Insertion(schema, filled))


def complete_rows(
    schema: ModelSchema, first: dict[str, object], others: Iterator[dict[str, object]]
) -> tuple[list[str], Iterable[dict[str, object]]]:
    """The columns written, and the rows with the defaults Python knows; the database's own are left to it."""
    unknown = [name for name in first if name not in schema.by_attribute]
    if unknown:
        raise QueryError(f"{schema.name} has no column {unknown[0]}")
    template, factories = default_values(schema.build())
    fixed = {
        column.attribute: template[column.index]
        for column in schema.columns
        if template[column.index] is not UNSET and column.attribute not in first
    }
    made = {
        schema.columns[index].attribute: factory
        for index, factory in factories
        if schema.columns[index].attribute not in first
    }
    rows = chain([first], others)
    if not first and not fixed and not made:
        raise QueryError(f"{schema.name}: the first row names no column, and nothing says what to write")
    if not fixed and not made:
        return list(first), rows
    completed = ({**fixed, **{name: make() for name, make in made.items()}, **row} for row in rows)
    return [*first, *fixed, *made], completed


def take_keys_of_parents(instance: Instance) -> None:
    """Fills foreign keys from objects set before they had a key. QueryError, naming both, where one still
    has none.
    """
    store = _engine.existing_extension(instance)
    if not store:
        return
    for name, relation, parent in parents_of(instance):
        for own, far in relation.link.pairs:
            if _engine.peek(instance, own) is not UNSET:
                continue
            value = _engine.peek(parent, far)
            if value is UNSET:
                raise QueryError(
                    f"{relation.owner.name}.{name} refers to an unsaved {relation.link.target.name}: "
                    "insert it first, or use a session, where the parent goes first by itself"
                )
            _engine.poke(instance, own, value, True)
        store[name] = parent  # setting a key forgets what was loaded through it, and this is what it leads to


def parents_of(instance: Instance) -> list[tuple[str, One[Any], Instance]]:
    """Objects the instance refers to, as far as they are in memory."""
    store = _engine.existing_extension(instance)
    if not store:
        return []
    relations = schema_of(type(instance)).relations
    return [
        (name, relation, value)
        for name, value in store.items()
        for relation in [relations.get(name)]
        if isinstance(relation, One) and relation.is_forward and isinstance(value, Instance)
    ]


def unsaved_parents(instance: Instance) -> list[Instance]:
    """Objects the instance refers to that are not in the database yet."""
    return [parent for _name, _relation, parent in parents_of(instance) if not _engine.is_persistent(parent)]


def key_conditions(schema: ModelSchema, instance: Instance) -> list[Node]:
    """That the row is this object's."""
    key = _engine.key_of(instance)
    if key is None:
        raise QueryError(f"{schema.name} has no key yet: insert it first")
    return [(schema.columns[index] == value).node for index, value in zip(schema.key, key, strict=True)]


def update_of(instance: Instance, changed: Sequence[int]) -> Statement:
    """Writes the changed columns, and the next version where the model has one."""
    schema = schema_of(type(instance))
    if any(index in schema.key for index in changed):
        raise QueryError(
            f"{schema.name}: a key is not changed by update(obj); say update({schema.name}).where(...)"
        )
    conditions = key_conditions(schema, instance)
    written = [index for index in changed if index != schema.version_index]
    assignments = list(zip(written, _engine.parameters_of(instance, written), strict=True))
    if schema.version_index is not None:
        column = schema.columns[schema.version_index]
        conditions.append(_version_condition(schema, instance))
        assignments.append((column.index, (cast("Expression[int]", column) + 1).node))
    return _engine.update(schema.source, assignments, conditions, False)


def _version_condition(schema: ModelSchema, instance: Instance) -> Node:
    column = schema.columns[cast(int, schema.version_index)]
    value = _engine.peek(instance, column.index)
    if value is UNSET:
        raise QueryError(f"{column.context} is not loaded: refresh the object before writing it")
    return (column == value).node


def delete_of(instance: Instance) -> Statement:
    """Deletes the object's row, in the version that was read."""
    schema = schema_of(type(instance))
    conditions = key_conditions(schema, instance)
    if schema.version_index is not None:
        conditions.append(_version_condition(schema, instance))
    return _engine.delete(schema.source, conditions, False)


def refreshment_of(instance: Instance) -> tuple[Statement, ResultPlan[Any]]:
    """Reads all columns of the object's row."""
    schema = schema_of(type(instance))
    columns = [schema.source.column(column.index) for column in schema.columns]
    plan: ResultPlan[Any] = schema.cached(
        "refreshment",
        lambda: ResultPlan(
            [(column.field.type, column.field.from_storage, column.attribute) for column in schema.columns],
            "tuple",
        ),
    )
    statement = _engine.select(columns, [schema.source])
    return _engine.select_with(statement, where=key_conditions(schema, instance)), plan


def refreshed(instance: Instance, rows: list[tuple[object, ...]]) -> None:
    """Puts what was read into the object, whose loaded relations no longer hold."""
    schema = schema_of(type(instance))
    if not rows:
        raise NoRowFoundError(f"{schema.name}: the row does not exist any more")
    for index, value in enumerate(rows[0]):
        _engine.poke(instance, index, value, False)
    _engine.mark_clean(instance)
    store = _engine.existing_extension(instance)
    for name in schema.relations if store else ():
        cast("dict[str, object]", store).pop(name, None)


def links_of(relation: Any, owner: Instance, members: Sequence[Instance]) -> list[Instance]:
    """New rows of a link table, one for each member."""
    link: Link = relation.link
    through = cast(ModelSchema, link.through)  # only many-to-many relations are linked
    columns: list[Column[Any]] = through.columns
    rows: list[Instance] = []
    for member in members:
        values: dict[str, object] = {}
        for own, mid in link.pairs:
            values[columns[mid].attribute] = _known(owner, own)
        for mid, far in link.far_pairs:
            values[columns[mid].attribute] = _known(member, far)
        rows.append(through.cls(**values))
    return rows


def link_conditions(relation: Any, owner: Instance, member: Instance | None) -> list[Node]:
    """That a row of the link table is of this owner, and of this member if one is given."""
    link = relation.link
    columns = link.through.columns
    conditions = [(columns[mid] == _known(owner, own)).node for own, mid in link.pairs]
    if member is not None:
        conditions += [(columns[mid] == _known(member, far)).node for mid, far in link.far_pairs]
    return conditions


def unlinks_of(relation: Any, owner: Instance, members: Sequence[Instance]) -> list[Statement]:
    """What takes these members from the owner: one statement where members have one key column."""
    link: Link = relation.link
    through = cast(ModelSchema, link.through)  # only many-to-many relations are linked
    if len(link.far_pairs) != 1:
        conditions = [link_conditions(relation, owner, member) for member in members]
    else:
        mid, far = link.far_pairs[0]
        column: Column[Any] = through.columns[mid]
        keys = [_known(member, far) for member in members]
        whose = link_conditions(relation, owner, None)
        conditions = [
            [*whose, column.in_(keys[start : start + ROWS_PER_STATEMENT]).node]
            for start in range(0, len(keys), ROWS_PER_STATEMENT)
        ]
    return [_engine.delete(through.source, each, False) for each in conditions]


def _known(instance: Instance, index: int) -> object:
    value = _engine.peek(instance, index)
    if value is UNSET:
        raise QueryError(f"an unsaved {type(instance).__name__} cannot be linked: insert it first")
    return value
