"""Uses of models in a query: plain, as a further copy, or on the side of a join that may be missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast, overload

from bridgeorm._engine import Node, ResultPlan, Source, Statement
from bridgeorm.context import text_of
from bridgeorm.errors import MisusedExpressionError, UnparameterizedSqlError
from bridgeorm.expressions import Expression, Selectable, Subquery
from bridgeorm.model_schema import ModelSchema, schema_of

Yielded = TypeVar("Yielded")
Result_co = TypeVar("Result_co", covariant=True)


@dataclass(frozen=True, slots=True, eq=False)
class Entity:
    """One use of a model's table."""

    schema: ModelSchema
    source: Source
    offset: int = 0
    """The place of the model's first column among those of the source."""

    def column(self, index: int) -> Expression[Any]:
        """A column of this use."""
        return self.schema.column_at(self.source, index, self.offset)

    def node(self, index: int) -> Node:
        """The node of a column of this use."""
        return self.source.column(self.offset + index)

    @property
    def selection(self) -> Source | tuple[Source, int, int]:
        """All its columns, as the engine selects them."""
        width = len(self.schema.columns)
        is_whole = self.offset == 0 and self.source.width == width
        return self.source if is_whole else (self.source, self.offset, width)

    def is_same_use(self, other: Entity) -> bool:
        """Whether both speak of the same rows."""
        return self.source is other.source and self.offset == other.offset


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """How rows of two models belong together. Pairs are (own column, target column) by place."""

    target: ModelSchema
    pairs: tuple[tuple[int, int], ...]
    is_forward: bool
    """Whether the owner holds the key."""
    through: ModelSchema | None = None
    far_pairs: tuple[tuple[int, int], ...] = ()
    """(through column, target column); `pairs` are then (own column, through column)."""


class Relation:
    """What a query may join along: a relation of a model, or of a copy of it."""

    attribute: str
    plain_step: tuple[Entity, Node] | None = None
    """The join along it where that needs no copy of a table, which is the same each time."""

    @property
    def entity(self) -> Entity:
        """The use of the owning model it starts from."""
        raise NotImplementedError

    @property
    def link(self) -> Link:
        """Where it leads. ModelError when the models do not fit together."""
        raise NotImplementedError


class RelationRows:
    """What `prefetch` takes besides relations: a relation, with some of its rows and what to load from
    there.
    """

    __slots__ = ()

    relation: Any
    nested: tuple[Any, ...]


class Alias:
    """A further copy of a model: has the model's columns and relations, under a name of its own."""

    __slots__ = ("_bridge_entity",)

    def __init__(self, entity: Entity) -> None:
        self._bridge_entity = entity

    def __getattr__(self, name: str) -> Any:
        entity = self._bridge_entity
        column = entity.schema.by_attribute.get(name)
        if column is not None:
            return entity.column(column.index)
        relation = entity.schema.relations.get(name)
        if relation is not None:
            return relation.at(entity)
        raise AttributeError(f"{entity.schema.name} has no column or relation {name}")

    @property
    def bridge_entity(self) -> Entity:
        """The use of the table."""
        return self._bridge_entity

    def __repr__(self) -> str:
        return f"aliased({self._bridge_entity.schema.name})"


def entity_of(thing: object) -> Entity:
    """The use meant by a model class or an alias."""
    if isinstance(thing, Alias):
        return thing.bridge_entity
    schema = schema_of(thing)
    return schema.cached("entity", lambda: Entity(schema, schema.source))


def aliased(model: type[Yielded]) -> type[Yielded]:
    """A further copy of a model, for joining it twice or with itself: `parent = aliased(Category)`, then
    `select(Category, parent).join(Category.parent, parent)`.
    """
    entity = entity_of(model)
    copy = Entity(entity.schema, entity.source.copy(), entity.offset)
    return cast("type[Yielded]", Alias(copy))  # has what a query needs of the class


class Optional(Selectable[Yielded]):
    """Something selected from the side of a join that may have no row."""

    __slots__ = ("thing",)

    def __init__(self, thing: object) -> None:
        self.thing = thing


@overload
def optional(thing: type[Yielded]) -> Optional[Yielded | None]: ...
@overload
def optional(thing: Expression[Yielded]) -> Optional[Yielded | None]: ...
def optional(thing: Any) -> Optional[Any]:
    """Selects a model or column of a left join's far side, None where there is no row:
    `select(Author, optional(Book)).left_join(Author.books)`. QueryError where it is left out.
    """
    checked: object = thing
    if not isinstance(checked, Expression):
        entity_of(checked)
    return Optional(thing)


class RowSource(Subquery[Result_co], Generic[Result_co]):
    """Anything whose rows can be asked for: a query, or a statement with `returning`."""

    __slots__ = ()

    @property
    def result_plan(self) -> ResultPlan[Any]:
        """What becomes of the rows."""
        raise NotImplementedError

    @property
    def prefetches(self) -> tuple[Any, ...]:
        """Relations to load together with the rows."""
        return ()

    @property
    def schemas(self) -> list[ModelSchema]:
        """The models whose objects its rows are made of."""
        return []

    @property
    def first_only(self) -> Statement:
        """The statement, ending after one row where it can."""
        return self.statement

    def located(self, error: UnparameterizedSqlError) -> UnparameterizedSqlError:
        """An error about text, saying where the text stands if that is known."""
        return error

    def __bool__(self) -> bool:
        raise MisusedExpressionError("a query has no truth value: run it, or ask `await query.exists()`")

    def __str__(self) -> str:
        return text_of(self.statement)
