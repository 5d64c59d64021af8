"""SQL written by the application itself: only text that stands in its source, with values bound by the
server.
"""

from __future__ import annotations

import string
import sys
from collections.abc import Callable, Iterable, Mapping
from types import CodeType
from typing import Any, TypeVar, cast

from bridgeorm import _engine
from bridgeorm._engine import Node, ResultPlan, Source, Statement
from bridgeorm.entities import RowSource
from bridgeorm.errors import QueryError, UnparameterizedSqlError
from bridgeorm.expressions import Built, Expression, Subquery, any_node
from bridgeorm.fields import FieldOptions, field_for
from bridgeorm.narrowing import is_a

Value = TypeVar("Value")

_CALLER_OF_VERB = 2


def written_here(text: str) -> str:
    """The text, if it is a constant of the function that called the function that called this one."""
    frame = sys._getframe(_CALLER_OF_VERB)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # as documented
    if type(text) is str and _is_constant(text, frame.f_code):
        return text
    raise UnparameterizedSqlError(
        f"{frame.f_code.co_filename}:{frame.f_lineno}: this SQL was put together at run time "
        "or comes from elsewhere. "
        "Write it as one literal in the call and name its values: execute_raw('... WHERE id = {id}', id=5); "
        "a text used in several places is a module-level sql('...')"
    )


def _is_constant(text: str, code: CodeType) -> bool:
    return any(constant is text for constant in code.co_consts)


class RawSql(RowSource[Any]):
    """Text with named values. Immutable."""

    __slots__ = ("_maker", "_origin", "_parts", "_pieces", "_statement")

    def __init__(
        self, text: str, values: Mapping[str, object], maker: Callable[..., Any] | None = None
    ) -> None:
        self._pieces, self._parts = _parse(text, values)
        self._origin = _origin_of(values.values())
        self._maker = maker
        self._statement: Statement | None = None

    @property
    def pieces(self) -> list[str]:
        """The text between the values."""
        return self._pieces

    @property
    def parts(self) -> list[Node]:
        """The values."""
        return self._parts

    def as_(self, kind: type[Value]) -> Expression[Value]:
        """The text as an expression of this type inside a query: `sql("{title} GLOB 'a*'",
        title=Book.title).as_(bool)`.
        """
        field = field_for(kind | None, FieldOptions())
        return Built(_engine.raw_fragment(self._pieces, self._parts, field.type), field, "sql", self._origin)

    @property
    def statement(self) -> Statement:
        if self._statement is None:
            self._statement = _engine.raw(self._pieces, self._parts, ())
        return self._statement

    @property
    def result_plan(self) -> ResultPlan[Any]:
        return cast(
            "ResultPlan[Any]", None
        )  # rows of raw SQL are tuples typed by the wire, which needs no plan


def _origin_of(values: Iterable[Any]) -> Source | None:
    """The first use of a table that a value reads."""
    reading = (value.origin for value in values if is_a(value, Expression))
    return next((origin for origin in reading if origin is not None), None)


def _parse(text: str, values: Mapping[str, object]) -> tuple[list[str], list[Node]]:
    """Pieces and values in turn: one piece more than values."""
    pieces, parts, used = [""], list[Node](), set[str]()
    try:
        fields = list(string.Formatter().parse(text))
    except ValueError as error:
        raise QueryError(f"braces do not match: {error}; a brace that stands for itself is doubled") from None
    for literal, name, form, conversion in fields:
        pieces[-1] += literal
        if name is None:
            continue
        if form or conversion or not name.isidentifier():
            raise QueryError("a value stands in braces as a plain name: {name}")
        if name not in values:
            raise QueryError(f"no value was given for {{{name}}}")
        used.add(name)
        _splice(values[name], pieces, parts)
    unused = [name for name in values if name not in used]
    if unused:
        raise QueryError(f"the text has no {{{unused[0]}}}")
    return pieces, parts


def _splice(value: object, pieces: list[str], parts: list[Node]) -> None:
    """Puts a value behind the last piece: other raw text as text, everything else as one part."""
    if isinstance(value, RawSql):
        pieces[-1] += value.pieces[0]
        parts += value.parts
        pieces += value.pieces[1:]
        return
    if value is None:
        raise QueryError("NULL has no type of its own: write NULL in the text")
    parts.append(
        any_node(value) if isinstance(value, Expression | Subquery) else _engine.infer_parameter(value)
    )
    pieces.append("")


def sql(text: str, /, **values: object) -> RawSql:
    """SQL to be run, or used inside other raw SQL; the text must stand in the calling function or module."""
    return RawSql(written_here(text), values)
