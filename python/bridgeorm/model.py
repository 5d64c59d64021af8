"""Models: reads a class body once and makes a class whose instances are rows."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, cast, dataclass_transform

from bridgeorm import _engine
from bridgeorm._engine import UNSET, Instance
from bridgeorm.columns import ColumnOptions, Declaration, column, primary_key, version
from bridgeorm.constraints import Constraint
from bridgeorm.construction import constructor_of
from bridgeorm.errors import ModelError
from bridgeorm.expressions import Expression, TextCondition
from bridgeorm.model_schema import ModelSchema, schema_of
from bridgeorm.naming import annotations_of, register, snake_case
from bridgeorm.narrowing import is_a
from bridgeorm.queries import select
from bridgeorm.query import Query
from bridgeorm.relations.many import many
from bridgeorm.relations.references import REFERENCE, awaiting
from bridgeorm.relations.relation import HANDLE, DeclaredRelation

_Instance = TypeVar("_Instance", bound="Model")
_RESERVED = {"where", "constraints"}


@dataclass_transform(
    kw_only_default=True, eq_default=False, field_specifiers=(column, primary_key, version, many)
)
class ModelMeta(type):
    """Turns a class body into a model."""

    def __new__(
        cls,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        **options: Any,
    ) -> ModelMeta:
        if "__bridge_root__" in namespace:
            return super().__new__(cls, name, bases, namespace)
        _refuse_concrete_bases(name, bases)
        table, schema, abstract = _class_options(name, options)
        model = super().__new__(cls, name, bases, {"__slots__": (), **namespace})
        _check_names(name, namespace)
        if abstract:
            model.__bridge_schema__ = None
            return model
        described = ModelSchema(model, table or snake_case(name), schema)
        _read_bodies(described, model)
        model.__bridge_schema__ = described
        register(described)
        return model

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **_options: Any) -> None:
        super().__init__(name, bases, namespace)

    if TYPE_CHECKING:
        __bridge_schema__: ModelSchema | None
    else:
        # Type checkers see the fields instead, by PEP 681.
        def __call__(cls, *positional: Any, **arguments: Any) -> Any:
            schema = cls.__bridge_schema__
            if schema is None:
                raise ModelError(f"{cls.__name__} is abstract and has no instances")
            if positional:
                raise TypeError(
                    f"{cls.__name__}.__init__() takes 1 positional argument "
                    f"but {len(positional) + 1} were given"
                )
            return constructor_of(schema)(arguments)


def _class_options(name: str, options: dict[str, Any]) -> tuple[str | None, str | None, bool]:
    unknown = set(options) - {"table", "schema", "abstract"}
    if unknown:
        raise ModelError(
            f"{name}: a class takes table=, schema= and abstract=, not {', '.join(sorted(unknown))}="
        )
    return options.get("table"), options.get("schema"), bool(options.get("abstract", False))


def _refuse_concrete_bases(name: str, bases: tuple[type, ...]) -> None:
    for base in bases:
        if getattr(base, "__bridge_schema__", None) is not None:
            raise ModelError(
                f"{name}: {base.__name__} has a table of its own: share columns by an abstract=True model"
            )


def _check_names(name: str, namespace: dict[str, Any]) -> None:
    for attribute, value in namespace.items():
        if not isinstance(value, Declaration | DeclaredRelation):
            continue
        if attribute in _RESERVED or attribute.startswith("_"):
            raise ModelError(
                f"{name}: {attribute} is reserved: give the column another name and say name={attribute!r}"
            )


def _read_bodies(schema: ModelSchema, model: type[Any]) -> None:
    """Reads the model's own body after those of its mixins, the farthest first."""
    for base in reversed(model.__mro__):
        if isinstance(base, ModelMeta) and "__bridge_root__" not in vars(base):
            _read_body(schema, model, base)


def _read_body(schema: ModelSchema, model: type[Any], base: type[Any]) -> None:
    body = dict(vars(base))
    annotations = annotations_of(body, base)
    for attribute, annotation in annotations.items():
        if attribute not in body and _is_column(annotation):
            body[attribute] = Declaration(ColumnOptions())
    for attribute in [*annotations, *(name for name in body if name not in annotations)]:
        value: Any = body.get(attribute)
        if attribute not in annotations and (is_a(value, Declaration) or is_a(value, DeclaredRelation)):
            raise ModelError(f"{schema.name}.{attribute} needs an annotation, as `{attribute}: Column[int]`")
        if isinstance(value, Declaration):
            setattr(model, attribute, schema.declare(attribute, value, annotations[attribute]))
        elif is_a(value, DeclaredRelation):
            relation: DeclaredRelation[Any] = value.bind(schema, attribute, annotations[attribute])
            schema.relations[attribute] = relation
            setattr(model, attribute, relation)
    schema.constraints += _constraints(schema, body.get("constraints", ()))


def _constraints(schema: ModelSchema, listed: Sequence[Any]) -> list[Constraint]:
    for constraint in listed:
        if not isinstance(constraint, Constraint):
            raise ModelError(
                f"{schema.name}.constraints lists unique(...), check(...), index(...), foreign_keys(...)"
            )
    return list(listed)


def _is_column(annotation: Any) -> bool:
    text = annotation if isinstance(annotation, str) else repr(annotation)
    return text.partition("[")[0].rpartition(".")[2] == "Column"


class Model(Instance, metaclass=ModelMeta):
    """Base of all models. `class Author(Model, table="authors")`."""

    __slots__ = ()
    __bridge_root__ = True
    __bridge_schema__ = None

    constraints: ClassVar[Sequence[Constraint]] = ()

    @classmethod
    def where(cls, *conditions: Expression[bool | None] | TextCondition) -> Query[Self]:
        """A query for objects of this model for which all conditions hold."""
        query: Query[Self] = select(cls)
        return query.where(*conditions) if conditions else query

    def __await__(self) -> Generator[Any, Any, Self]:
        """Loads the object if it is a mere reference; gives the object."""
        loading = awaiting(self)
        if loading is not None:
            loaded: Self = yield from loading.__await__()
            return loaded
        return self

    def __repr__(self) -> str:
        schema = schema_of(type(self))
        parts = [
            f"{column.attribute}={'unsaved' if value is UNSET else repr(value)}"
            for column in schema.key_columns
            for value in [_engine.peek(self, column.index)]
        ]
        return f"{schema.name}({', '.join(parts)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (
            type(self),
            _state_of(self),
            _engine.is_persistent(self),
            tuple(_engine.changed_columns(self)),
        )

    def __copy__(self) -> Self:
        return _restore(
            type(self), _state_of(self), _engine.is_persistent(self), _engine.changed_columns(self)
        )


def _state_of(instance: Instance) -> tuple[dict[str, object], dict[str, object]]:
    """Columns and loaded relations, without what ties the instance to a database."""
    schema = schema_of(type(instance))
    values = _engine.columns_of(instance)
    columns = {
        column.attribute: value
        for column, value in zip(schema.columns, values, strict=True)
        if value is not UNSET
    }
    store = _engine.existing_extension(instance) or {}
    relations = {name: value for name, value in store.items() if name not in {HANDLE, REFERENCE}}
    return columns, relations


def _restore(
    cls: type[_Instance],
    state: tuple[dict[str, object], dict[str, object]],
    persistent: bool,  # noqa: FBT001 - handed through
    changed: Sequence[int],
) -> _Instance:
    """The opposite of `_state_of`: an instance that belongs to no identity map and no handle."""
    schema = schema_of(cls)
    columns, relations = state
    instance = _engine.new_instance(
        schema.plan, [columns.get(column.attribute, UNSET) for column in schema.columns]
    )
    _engine.mark_clean(instance)
    for index in changed:
        _engine.poke(instance, index, columns.get(schema.columns[index].attribute, UNSET), True)
    _engine.set_persistent(instance, persistent)
    if relations:
        _engine.extension(instance).update(relations)
    return cast(_Instance, instance)  # the plan makes instances of its class
