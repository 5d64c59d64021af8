"""What a class body said: columns, keys and constraints as a native table, and the plan instances are
made by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Any, TypeVar, cast, get_args, get_origin

from bridgeorm import _engine
from bridgeorm._engine import UNSET, Instance, ModelPlan, Node, ResultPlan, Source, Table
from bridgeorm.columns import MISSING, Column, Declaration, Missing, Recorded, resolve
from bridgeorm.constraints import (
    CheckConstraint,
    Constraint,
    ForeignKeyConstraint,
    IndexConstraint,
    TextIndexConstraint,
    UniqueConstraint,
)
from bridgeorm.errors import BridgeError, ModelError
from bridgeorm.expressions import Built, Expression, Ordering
from bridgeorm.fields import Field, field_for
from bridgeorm.naming import evaluate, find_model

_building = RLock()
_Made = TypeVar("_Made")
ColumnEntry = tuple[str, _engine.ColumnType, bool, str, Node | None, tuple[str, ...]]
UniqueEntry = tuple[str | None, list[int], bool]
KeyEntry = tuple[str | None, list[int], str | None, str, list[str], str, str, bool]


@dataclass(frozen=True, slots=True)
class _Parts:
    """What building makes."""

    table: Table
    source: Source
    plan: ModelPlan
    entity_plan: ResultPlan[Any]


class ModelSchema:
    """One model: what it declares, and, from the first use on, its native table and plan."""

    def __init__(self, cls: type[Any], table_name: str, database_schema: str | None) -> None:
        self.cls = cls
        self.name = cls.__name__
        self.table_name = table_name
        self.database_schema = database_schema
        self.columns: list[Column[Any]] = []
        self.by_attribute: dict[str, Column[Any]] = {}
        self.annotations: dict[str, Any] = {}
        self.declared: dict[Recorded, Column[Any]] = {}
        self.constraints: list[Constraint] = []
        self.relations: dict[str, Any] = {}
        self.key: list[int] = []
        self.hooks: dict[tuple[str, str], list[Callable[[Any], Any]]] = {}
        self.version_index: int | None = None
        self._is_built = False
        self._made: dict[str, Any] = {}
        self._parts: _Parts | None = None

    # --- declaring ---

    def declare(self, attribute: str, declaration: Declaration, annotation: Any) -> Column[Any]:
        """Adds a column. Called by the class body's reader only."""
        column: Column[Any] = Column(self, attribute, declaration.options)
        if declaration.options.version:
            if self.version_index is not None:
                raise ModelError(f"{column.context}: a model has one version() column")
            self.version_index = len(self.columns)
        self.columns.append(column)
        self.by_attribute[attribute] = column
        self.annotations[attribute] = annotation
        self.declared[declaration] = column
        return column

    @property
    def key_columns(self) -> list[Column[Any]]:
        """The columns of the primary key."""
        return [column for column in self.columns if column.options.primary_key]

    # --- building ---

    @property
    def is_built(self) -> bool:
        """Whether table and plan are made."""
        return self._is_built

    def build(self) -> ModelSchema:
        """Makes table and plan at the first use, when every model named is known. ModelError for what
        cannot be.
        """
        if not self._is_built:
            with _building:
                if not self._is_built:
                    self._build()
        return self

    def _build(self) -> None:
        if not self.key_columns:
            raise ModelError(f"{self.name} has no primary key: declare one with primary_key()")
        fields = [self._field_of(column) for column in self.columns]
        for index, (column, field) in enumerate(zip(self.columns, fields, strict=True)):
            column.bind(index, field)
        self.key = [column.index for column in self.key_columns]
        table = self._guarded(self._make_table)
        self._place(_engine.Source(table))
        table = self._guarded(lambda: self._with_checks(table))
        source = _engine.Source(table)
        self._place(source)
        plan = self._make_plan(table)
        self._parts = _Parts(table, source, plan, ResultPlan([plan], "single"))
        for index, column in enumerate(self.columns):
            _engine.attach_column(column, plan, index)
        self._is_built = True

    def _guarded(self, make: Callable[[], _Made]) -> _Made:
        """Runs a step; what it refuses carries the model's name."""
        try:
            return make()
        except BridgeError as error:
            if self.name in str(error):
                raise
            raise type(error)(f"{self.name}: {error}") from None

    def _place(self, source: Source) -> None:
        for column in self.columns:
            column.place(source)

    def _field_of(self, column: Column[Any]) -> Field:
        annotation = evaluate(self.annotations[column.attribute], self.cls, column.attribute)
        if get_origin(annotation) is not Column:
            raise ModelError(f"{column.context}: a column is annotated Column[...]")
        held = evaluate(get_args(annotation)[0], self.cls, column.attribute)
        try:
            field = field_for(held, column.options.field, column.options.custom, column.context)
        except ModelError as error:
            raise ModelError(f"{column.context}: {error}") from None
        if column.options.primary_key and field.type.nullable:
            raise ModelError(f"{column.context}: a key is never None")
        return field

    def _make_table(self) -> Table:
        return _engine.make_table(
            self.table_name,
            self.database_schema,
            [self._column_entry(column) for column in self.columns],
            [*self._single_foreign_keys(), *self._composite_foreign_keys()],
            self._uniques(),
        )

    def _column_entry(self, column: Column[Any]) -> ColumnEntry:
        field, default = column.field, column.options.default
        generation, node = "none", None
        if self.is_generated(column):
            generation = "identity"
            if field.type.storage not in {"int16", "int32", "int64"}:
                raise ModelError(
                    f"{column.context}: only whole numbers are generated, give {field.type.storage} a default"
                )
        elif isinstance(default, Expression):
            generation, node = "expression", default.node
        return column.column_name, field.type, column.options.primary_key, generation, node, field.labels

    def is_generated(self, column: Column[Any]) -> bool:
        """Whether the database numbers this column."""
        options = column.options
        if not options.primary_key or options.default is not MISSING:
            return False
        if options.generated is None:
            return len(self.key_columns) == 1
        return options.generated

    def _single_foreign_keys(self) -> Iterable[KeyEntry]:
        for column in self.columns:
            if column.options.references is not None:
                target = self.resolve_column(column.options.references)
                options = column.options
                rules = (options.on_delete, options.on_update, options.deferrable)
                yield self._key_entry(None, [column], [target], rules)

    def _composite_foreign_keys(self) -> Iterable[KeyEntry]:
        constraints = self._constraints(ForeignKeyConstraint)
        named = {self.resolve_column(column).index for each in constraints for column in each.columns}
        for column in self.columns:
            if column.options.is_key_part and column.index not in named:
                raise ModelError(
                    f"{column.context}: a foreign_key() without a target must stand in foreign_keys(...)"
                )
        for constraint in constraints:
            columns = [self.resolve_column(column) for column in constraint.columns]
            targets = [self.resolve_column(column) for column in constraint.targets]
            rules = (constraint.on_delete, constraint.on_update, constraint.is_deferred)
            yield self._key_entry(constraint.name, columns, targets, rules)

    def _key_entry(
        self,
        name: str | None,
        columns: list[Column[Any]],
        targets: list[Column[Any]],
        rules: tuple[str, str, bool],
    ) -> KeyEntry:
        if len(columns) != len(targets) or len({id(target.owner) for target in targets}) != 1:
            raise ModelError(f"{self.name}: a foreign key pairs columns with as many columns of one model")
        owner = schema_of(cast(ModelSchema, targets[0].owner).cls)  # owners of columns are schemas
        indices = [column.index for column in columns]
        names = [target.column_name for target in targets]
        return name, indices, owner.database_schema, owner.table_name, names, *rules

    def is_unique(self, columns: Sequence[int]) -> bool:
        """Whether the model says that no two rows agree on all these columns."""
        uniques = [tuple(self.key), *(tuple(named) for _name, named, _is_deferred in self._uniques())]
        return any(named and set(named) <= set(columns) for named in uniques)

    def _uniques(self) -> list[UniqueEntry]:
        single: list[UniqueEntry] = [
            (None, [column.index], False) for column in self.columns if column.options.unique
        ]
        several: list[UniqueEntry] = [
            (
                constraint.name,
                [self.resolve_column(column).index for column in constraint.columns],
                constraint.is_deferred,
            )
            for constraint in self._constraints(UniqueConstraint)
        ]
        return [*single, *several]

    def _with_checks(self, table: Table) -> Table:
        checks = [
            (constraint.name, self._check(constraint)) for constraint in self._constraints(CheckConstraint)
        ]
        single: list[tuple[str | None, list[Node], bool]] = [
            (None, [column.node], False) for column in self.columns if column.options.index
        ]
        several = [
            (constraint.name, [self._key_node(key) for key in constraint.keys], constraint.is_unique)
            for constraint in self._constraints(IndexConstraint)
        ]
        texts = [
            (
                constraint.name,
                [self.resolve_column(column).index for column in constraint.columns],
                constraint.language,
            )
            for constraint in self._constraints(TextIndexConstraint)
        ]
        if not checks and not single and not several and not texts:
            return table
        return _engine.with_checks(table, checks, [*single, *several], texts)

    def _check(self, constraint: CheckConstraint) -> Callable[[Source], Node]:
        def condition(source: Source) -> Node:
            self._place(source)
            return cast(Expression[bool], resolve(constraint.condition, self.declared)).node

        return condition

    def _key_node(self, key: Any) -> Node:
        resolved = resolve(key, self.declared)
        if not isinstance(resolved, Expression | Ordering):
            raise ModelError(f"{self.name}: an index is made of columns and expressions")
        return resolved.node

    def _constraints(self, kind: type[_Made]) -> list[_Made]:
        return [constraint for constraint in self.constraints if isinstance(constraint, kind)]

    def resolve_column(self, reference: object) -> Column[Any]:
        """The column meant by a declaration of this body, a column, or `"Model.column"`."""
        resolved = resolve(reference, self.declared)
        if isinstance(resolved, Column):
            return cast("Column[Any]", resolved)  # type: ignore[redundant-cast]  # pyright loses the parameter
        if not isinstance(resolved, str):
            raise ModelError(f"{self.name}: a foreign key names a column, not {type(resolved).__name__}")
        model, _, attribute = resolved.rpartition(".")
        target = schema_of(find_model(model, self.cls)) if model else self
        column = target.by_attribute.get(attribute)
        if column is None:
            raise ModelError(f"{self.name}: {resolved} is no column")
        return column

    def composite_targets(self, columns: list[Column[Any]]) -> list[Column[Any]]:
        """The columns that these refer to together. ModelError where no `foreign_keys(...)` says so."""
        for constraint in self._constraints(ForeignKeyConstraint):
            own = [self.resolve_column(column) for column in constraint.columns]
            if {column.attribute for column in own} == {column.attribute for column in columns}:
                targets = [self.resolve_column(target) for target in constraint.targets]
                by_own = dict(zip((column.attribute for column in own), targets, strict=True))
                return [by_own[column.attribute] for column in columns]
        names = ", ".join(column.attribute for column in columns)
        raise ModelError(f"{self.name}: no foreign key is made of {names}")

    def foreign_keys_to(self, target: ModelSchema) -> list[list[tuple[Column[Any], Column[Any]]]]:
        """All foreign keys that lead to a model, as (own column, target column) pairs."""
        keys: list[list[tuple[Column[Any], Column[Any]]]] = [
            [(column, self.resolve_column(column.options.references))]
            for column in self.columns
            if column.options.references is not None
        ]
        keys += self.composite_foreign_keys()
        return [key for key in keys if key[0][1].owner is target]

    def composite_foreign_keys(self) -> list[list[tuple[Column[Any], Column[Any]]]]:
        """What `foreign_keys(...)` says, as (own column, target column) pairs."""
        return [
            [
                (self.resolve_column(own), self.resolve_column(far))
                for own, far in zip(constraint.columns, constraint.targets, strict=True)
            ]
            for constraint in self._constraints(ForeignKeyConstraint)
        ]

    def _make_plan(self, table: Table) -> ModelPlan:
        watched = sorted(
            {column.index for relation in self.relations.values() for column in relation.own_columns()}
        )
        return ModelPlan(
            self.cls,
            table,
            [
                (column.attribute, column.field.type, column.field.to_storage, column.field.from_storage)
                for column in self.columns
            ],
            self.key,
            on_change=self._column_changed if watched else None,
            watched=watched,
            has_relations=bool(self.relations),
        )

    def _column_changed(self, instance: Instance, index: int) -> None:
        """A foreign key was assigned: what was loaded through it no longer holds."""
        store = _engine.existing_extension(instance)
        if store is None:
            return
        for name, relation in self.relations.items():
            if name in store and any(column.index == index for column in relation.own_columns()):
                del store[name]

    # --- what building made ---

    def _built(self) -> _Parts:
        parts = self._parts
        if parts is None:
            self.build()
            return cast(_Parts, self._parts)  # building either sets them or raises
        return parts

    @property
    def table(self) -> Table:
        """The native table."""
        return self._built().table

    @property
    def source(self) -> Source:
        """The model's plain use in a statement."""
        return self._built().source

    @property
    def plan(self) -> ModelPlan:
        """How instances are made."""
        return self._built().plan

    @property
    def entity_plan(self) -> ResultPlan[Any]:
        """What becomes of rows that are whole entities."""
        return self._built().entity_plan

    def cached(self, name: str, make: Callable[[], _Made]) -> _Made:
        """What was made under this name, making it when first asked for."""
        made: Any = self._made.get(name)
        if made is None:
            made = self._made[name] = make()
        return made  # type: ignore[no-any-return]  # of the one type that is kept under this name

    def column_at(self, source: Source, index: int, offset: int = 0) -> Expression[Any]:
        """A column in another use of the table, whose columns begin at `offset` there."""
        column = self.columns[index]
        return Built(source.column(offset + index), column.field, column.context, source)


def schema_of(model: object) -> ModelSchema:
    """The schema of a model class. ModelError for anything else, abstract models included."""
    schema = getattr(model, "__bridge_schema__", None) if isinstance(model, type) else None
    if not isinstance(schema, ModelSchema):
        name = model.__name__ if isinstance(model, type) else type(model).__name__
        raise ModelError(f"{name} is no model with a table")
    return schema


def default_values(schema: ModelSchema) -> tuple[list[object], list[tuple[int, Callable[[], object]]]]:
    """What a new instance's slots start with, and the callables that fill some of them."""
    template: list[object] = []
    factories: list[tuple[int, Callable[[], object]]] = []
    for index, column in enumerate(schema.columns):
        default = column.options.default
        if isinstance(default, Missing | Expression):
            template.append(UNSET)
        elif callable(default):
            template.append(UNSET)
            factories.append((index, default))
        else:
            template.append(default)
    return template, factories


def attributes_of(schema: ModelSchema) -> Mapping[str, int]:
    """Column attributes by name, with their places."""
    return {column.attribute: column.index for column in schema.columns}
