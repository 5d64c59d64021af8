"""SQL written by the application itself: only text that stands in its source, with values bound by the
server.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, LiteralString, Never, Self, TypeVar, cast, final, get_type_hints, overload

from bridgeorm import _engine
from bridgeorm._engine import ColumnType, Instance, Node, ResultPlan, Source, Statement
from bridgeorm.derived import Derived, Values, as_table
from bridgeorm.entities import Alias, RowSource
from bridgeorm.errors import BridgeError, QueryError, UnparameterizedSqlError
from bridgeorm.expressions import Built, Expression, Subquery, TextCondition
from bridgeorm.fields import Field, FieldOptions, field_for
from bridgeorm.model_schema import schema_of
from bridgeorm.narrowing import is_a
from bridgeorm.project_files import read_project_file
from bridgeorm.provenance import Caller, TemplateString, caller, is_template
from bridgeorm.selecting import Item, field_names

Value = TypeVar("Value")
Row_co = TypeVar("Row_co", covariant=True)
Made = TypeVar("Made")
Object = TypeVar("Object", bound=Instance)
_MEMBERS = {list, tuple, set, frozenset}
_UNTYPED_NULL = ColumnType("text", nullable=True)
"""Text is sent untyped in raw SQL: the database finds the type by where the value stands."""


class _Gap:
    """The place of a value that has not been given yet."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


Part = Node | _Gap


class _Weave:
    """Text and values in turn, while they are put together: one piece more than values."""

    def __init__(self) -> None:
        self.pieces = [""]
        self.parts = list[Part]()
        self.origin: Source | None = None
        self._ends_with_splice = False

    def add_text(self, text: str) -> None:
        """Behind everything so far."""
        if self._ends_with_splice and text:
            self.pieces[-1] += "" if text[0].isspace() else " "
            self._ends_with_splice = False
        self.pieces[-1] += text

    def add_part(self, part: Part) -> None:
        """One value, or the place of one."""
        if self._ends_with_splice:
            self.add_text(" ")
        self.parts.append(part)
        self.pieces.append("")

    def add_value(self, value: Any) -> None:
        """Raw SQL as text, lists as their members, models as their names, everything else as one part."""
        if is_a(value, RawSql):
            self.add_raw(value)
        elif type(value) in _MEMBERS:
            self._add_members(list(value))
        else:
            self.add_part(_part_of(value))
            if is_a(value, Expression) and self.origin is None:
                self.origin = value.origin

    def add_raw(self, raw: RawSql[Any]) -> None:
        """Other raw text, kept apart from what stands around it: two words or signs never become one."""
        if self.pieces[-1] and not self.pieces[-1][-1].isspace():
            self.add_text(" ")
        self.origin = self.origin or raw.origin
        for piece, part in zip(raw.pieces, (*raw.parts, None), strict=True):
            self.add_text(piece)
            if part is not None:
                self.add_part(part)
        self.add_text("\n" if "--" in raw.pieces[-1] else "")
        self._ends_with_splice = True

    def _add_members(self, members: list[Any]) -> None:
        if not members:
            raise QueryError(
                "an empty list has no form in SQL that every database takes: ask whether it is empty before"
            )
        for index, member in enumerate(members):
            self.add_text(", " if index else "(")
            self.add_part(_part_of(member))
        self.add_text(")")


def _part_of(value: Any) -> Node:
    if isinstance(value, Expression):
        return value.node
    if isinstance(value, Subquery):
        return _engine.spliced_query(value.statement)
    if value is None:
        return _engine.parameter(None, _UNTYPED_NULL, "sql")
    if isinstance(value, Alias | Derived | Values):
        raise QueryError("raw SQL names tables of models: write the name of anything else into the text")
    if isinstance(value, type):
        return _engine.table_name(schema_of(cast("type[Any]", value)).table)
    return _engine.infer_parameter(value)


@final
class RawSql(RowSource[Row_co], TextCondition, Generic[Row_co]):
    """Text with named values: `sql("...")`. Immutable. Called with values it fills the places of their
    names, so that a module-level one is written once and used with many values.
    """

    __slots__ = ("_maker", "_origin", "_parts", "_pieces", "_place", "_statement", "_types")
    _pieces: tuple[str, ...]
    _parts: tuple[Part, ...]
    _origin: Source | None
    _place: str
    _maker: ResultPlan[Any] | None
    _types: tuple[ColumnType, ...]
    _statement: Statement | None

    def __init__(self, *_arguments: Never) -> None:
        raise UnparameterizedSqlError(
            f"{caller().place}: raw SQL is made by sql('...') where its text stands"
        )

    def __init_subclass__(cls) -> None:
        raise TypeError("raw SQL has no other kinds")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"raw SQL is immutable: {name} stays as it was written")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"raw SQL is immutable: {name} stays as it was written")

    def __reduce__(self) -> Never:
        raise TypeError("raw SQL is not pickled: what comes out of a pickle was not written in the source")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _known: object) -> Self:
        return self

    def __repr__(self) -> str:
        return f"<sql of {self._place}>"

    def __call__(self, **values: object) -> RawSql[Row_co]:
        """The same text with values for the places that have none yet."""
        weave = _Weave()
        unused = dict(values)
        weave.origin = self._origin
        for piece, part in zip(self._pieces, (*self._parts, None), strict=True):
            weave.add_text(piece)
            if isinstance(part, _Gap) and part.name in values:
                weave.add_value(values[part.name])
                unused.pop(part.name, None)
            elif part is not None:
                weave.add_part(part)
        _refuse_unused(unused)
        return _made(weave, self._place, self._maker, self._types)

    @property
    def pieces(self) -> list[str]:
        """The text between the values."""
        return list(self._pieces)

    @property
    def parts(self) -> list[Part]:
        """The values."""
        return list(self._parts)

    @property
    def origin(self) -> Source | None:
        """The first use of a table that a value reads."""
        return self._origin

    def into(self, cls: Callable[..., Made]) -> RawSql[Made]:
        """Rows of a dataclass or NamedTuple: columns must be called as its fields and hold what they are
        annotated with, or DecodeError is raised when the rows arrive.
        """
        names, by_keyword = field_names(cls)
        fields = _fields_of(cls, names)

        def make(*cells: Any) -> Made:
            return cls(**dict(zip(names, cells, strict=True))) if by_keyword else cls(*cells)

        items = [(field.type, field.from_storage, name) for name, field in zip(names, fields, strict=True)]
        plan: ResultPlan[Any] = ResultPlan(items, make, named=True)
        weave = _Weave()
        weave.pieces, weave.parts, weave.origin = list(self._pieces), list(self._parts), self._origin
        return _made(weave, self._place, plan, tuple(field.type for field in fields))

    def as_(self, kind: type[Value]) -> Expression[Value]:
        """The text as an expression of this type inside a query: `sql("{title} GLOB 'a*'",
        title=Book.title).as_(bool)`.
        """
        field = field_for(kind | None, FieldOptions())
        node = _engine.raw_fragment(self._pieces, self._complete(), field.type)
        return Built(node, field, "sql", self._origin)

    @property
    def condition(self) -> Node:
        """The text as a condition: `where(sql("price % 2 = {rest}", rest=1))`."""
        return self.as_(bool).node

    @overload
    def subquery(self, name: str, columns: type[Object]) -> type[Object]: ...
    @overload
    def subquery(self, name: str, columns: Mapping[str, Any]) -> Values: ...
    def subquery(self, name: str, columns: Any) -> Any:
        """Its rows as a table to select from and join: those of a model, whose columns the text gives under
        their names, or those named here, which are read as `.column("total", int)`.
        """
        raw = _engine.raw(self._pieces, self._complete(), ())
        if is_a(columns, Mapping):
            fields = {name: (kind, field_for(kind, FieldOptions())) for name, kind in columns.items()}
            described = [(column, field.type) for column, (_kind, field) in fields.items()]
            return Values(_engine.raw_source(name, described, raw), fields)
        schema = schema_of(columns)
        described = [(column.column_name, column.field.type) for column in schema.build().columns]
        return as_table(_engine.raw_source(name, described, raw), name, [Item(columns)])

    @property
    def statement(self) -> Statement:
        if self._statement is None:
            parts = self._complete()
            try:
                statement = _engine.raw(self._pieces, parts, self._types)
            except UnparameterizedSqlError as error:
                raise self.located(error) from None
            object.__setattr__(self, "_statement", statement)
        return cast("Statement", self._statement)

    @property
    def counting(self) -> Statement | None:
        """How many rows it gives, counted by the database; None where the text cannot stand in another."""
        try:
            source = _engine.raw_source("counted", [("nothing", ColumnType("int64"))], self.statement)
        except UnparameterizedSqlError:
            return None
        count = _engine.function("count", [_engine.star()], ColumnType("int64"), False, None)
        return _engine.select([count], [source])

    def located(self, error: UnparameterizedSqlError) -> UnparameterizedSqlError:
        return UnparameterizedSqlError(f"{self._place}: {error}")

    def _complete(self) -> list[Node]:
        for part in self._parts:
            if isinstance(part, _Gap):
                raise QueryError(f"{self._place}: no value was given for {{{part.name}}}")
        return cast("list[Node]", list(self._parts))

    @property
    def is_typed(self) -> bool:
        """Whether `into` said what its rows are."""
        return self._maker is not None

    @property
    def result_plan(self) -> ResultPlan[Any]:
        return cast("ResultPlan[Any]", self._maker)  # without one rows are tuples typed by the wire


def _made(
    weave: _Weave, place: str, maker: ResultPlan[Any] | None = None, types: tuple[ColumnType, ...] = ()
) -> RawSql[Any]:
    """The only way raw SQL comes to be."""
    raw: RawSql[Any] = object.__new__(RawSql)  # pyright: ignore[reportUnknownVariableType]  # of any rows
    attributes = {
        "_pieces": tuple(weave.pieces),
        "_parts": tuple(weave.parts),
        "_origin": weave.origin,
        "_place": place,
        "_maker": maker,
        "_types": types,
        "_statement": None,
    }
    for name, value in attributes.items():
        object.__setattr__(raw, name, value)
    return raw


def _fields_of(cls: Any, names: Sequence[str]) -> list[Field]:
    try:
        hints = get_type_hints(cls)
        return [field_for(hints[name], FieldOptions()) for name in names]
    except (NameError, TypeError, KeyError) as error:
        raise QueryError(f"the annotations of {cls.__name__} cannot be read: {error}") from None
    except BridgeError as error:
        raise QueryError(f"{cls.__name__} cannot hold rows of raw SQL: {error}") from None


def _refuse_unused(unused: Iterable[str]) -> None:
    for name in unused:
        raise QueryError(f"the text has no {{{name}}}")


def _from_text(text: str, values: Mapping[str, object], place: Caller) -> RawSql[Any]:
    weave, written = _Weave(), list[str]()
    unused = dict(values)
    try:
        fields = list(string.Formatter().parse(text))
    except ValueError as error:
        raise QueryError(f"braces do not match: {error}; a brace that stands for itself is doubled") from None
    is_after_value = True
    for literal, name, form, conversion in fields:
        if is_after_value:
            written.append("")
        written[-1] += literal
        weave.add_text(literal)
        is_after_value = name is not None
        if name is None:
            continue
        if form or conversion or not name.isidentifier():
            raise QueryError("a value stands in braces as a plain name: {name}")
        if name in values:
            weave.add_value(values[name])
            unused.pop(name, None)
        else:
            weave.add_part(_Gap(name))
    place.check(written + [""] * is_after_value)
    _refuse_unused(unused)
    return _made(weave, place.place)


def _from_template(template: TemplateString, values: Mapping[str, object], place: Caller) -> RawSql[Any]:
    strings = place.prove_template(template)
    _refuse_unused(values)
    place.check(strings)
    weave = _Weave()
    for text, interpolation in zip(strings, (*template.interpolations, None), strict=True):
        weave.add_text(text)
        if interpolation is None:
            continue
        if interpolation.conversion or interpolation.format_spec:
            raise QueryError("a value stands in braces by itself: {name}")
        weave.add_value(interpolation.value)
    return _made(weave, place.place)


def raw_sql(
    text: LiteralString | RawSql[Any] | TemplateString, values: Mapping[str, object], place: Caller
) -> RawSql[Any]:
    """What `sql` and `execute_raw` make of their arguments, which came from `place`."""
    if isinstance(text, RawSql):
        return text(**values)
    if is_template(text):
        return _from_template(cast("TemplateString", text), values, place)
    return _from_text(place.prove(cast("str", text)), values, place)


class SqlText:
    """`sql`: SQL to be run, or used inside queries and other raw SQL."""

    def __call__(self, text: LiteralString | TemplateString, /, **values: object) -> RawSql[tuple[Any, ...]]:
        """The text must stand in the calling function or module; `{name}` is bound by the server."""
        return raw_sql(text, values, caller())

    def file(self, path: LiteralString, /, **values: object) -> RawSql[tuple[Any, ...]]:
        """The text of an `.sql` file of the project, named from the folder of the calling file."""
        place = caller()
        return _from_text(read_project_file(place.prove(path), place), values, place)

    def value(self, value: Value, kind: type[Value]) -> Expression[Value]:
        """A value of a type that cannot be told from it: `sql.value([1, 2], list[int])`."""
        field = field_for(kind, FieldOptions())
        stored = value if field.to_storage is None or value is None else field.to_storage(value)
        return Built(_engine.parameter(stored, field.type, "sql"), field, "sql")

    def __repr__(self) -> str:
        return "<sql>"


sql = SqlText()
"""SQL as text that stands in the source, its values bound by the server:
`sql("SELECT id FROM books WHERE price > {low}", low=5)`. Rows of a query, an expression, or a part of other
SQL. UnparameterizedSqlError for text put together at run time; `sql.file("report.sql")` reads a file of the
project.
"""
