"""Texts cut, joined and changed: functions that take texts and give texts."""

from __future__ import annotations

from typing import Any, TypeVar, overload

from bridgeorm import _engine
from bridgeorm._engine import ColumnType, Node
from bridgeorm.errors import QueryError
from bridgeorm.expressions import Built, Expression

Text = TypeVar("Text", str, str | None)
_LONGEST = 2**31 - 1  # what servers count characters in


class Texts:
    """The part of `func` that works on texts. What is NULL stays so, unless a function says otherwise."""

    __slots__ = ()

    def concat(self, *parts: str | Expression[str] | Expression[str | None]) -> Expression[str]:
        """The texts one behind the other; NULL counts as empty: `func.concat(Author.name, " ", Book.title)`.
        With `+` one NULL makes the whole NULL.
        """
        if not parts:
            raise QueryError("concat() takes at least one text")
        joined = _present(_text_node(parts[0]))
        for part in parts[1:]:
            joined = _engine.binary("concatenate", joined, _present(_text_node(part)))
        origin = next((part.origin for part in parts if isinstance(part, Expression)), None)
        return Built(joined, None, "concat", origin)

    def replace(
        self, text: Expression[Text], old: str | Expression[str], new: str | Expression[str]
    ) -> Expression[Text]:
        """The text with every occurrence of `old` replaced."""
        return _changed("replace", text, _text_node(old), _text_node(new))

    def substring(self, text: Expression[Text], start: int, length: int | None = None) -> Expression[Text]:
        """The characters from `start`, counted from 1; so many of them, or all to the end."""
        arguments = [_place("start", start, least=1)]
        if length is not None:
            arguments.append(_place("length", length, least=0))
        return _changed("substring", text, *arguments)

    @overload
    def length(self, operand: Expression[str]) -> Expression[int]: ...
    @overload
    def length(self, operand: Expression[str | None]) -> Expression[int | None]: ...
    def length(self, operand: Expression[Any]) -> Expression[Any]:
        """The number of characters."""
        node = _engine.function("length", [operand.node], _like(operand, "int64"), False, None)
        return Built(node, None, "length", operand.origin)

    @overload
    def position(self, text: Expression[str], part: str | Expression[str]) -> Expression[int]: ...
    @overload
    def position(
        self, text: Expression[str | None], part: str | Expression[str]
    ) -> Expression[int | None]: ...
    def position(self, text: Expression[Any], part: str | Expression[str]) -> Expression[Any]:
        """Where a text first stands in another, counted from 1; 0 where it does not."""
        node = _engine.function("instr", [text.node, _text_node(part)], _like(text, "int64"), False, None)
        return Built(node, None, "position", text.origin)

    def trim(self, operand: Expression[Text]) -> Expression[Text]:
        """The text without spaces at its ends."""
        return _changed("trim", operand)

    def ltrim(self, operand: Expression[Text]) -> Expression[Text]:
        """The text without spaces at its beginning."""
        return _changed("ltrim", operand)

    def rtrim(self, operand: Expression[Text]) -> Expression[Text]:
        """The text without spaces at its end."""
        return _changed("rtrim", operand)

    def lower(self, operand: Expression[Text]) -> Expression[Text]:
        """The text in small letters."""
        return _changed("lower", operand)

    def upper(self, operand: Expression[Text]) -> Expression[Text]:
        """The text in capitals."""
        return _changed("upper", operand)


def _like(text: Expression[Any], storage: str) -> ColumnType:
    return ColumnType(storage, nullable=text.node.type.nullable)


def _changed(function: str, text: Expression[Any], *more: Node) -> Expression[Any]:
    node = _engine.function(function, [text.node, *more], _like(text, "text"), False, None)
    return Built(node, None, function, text.origin)


def _present(node: Node) -> Node:
    if not node.type.nullable:
        return node
    arguments = [node, _engine.infer_parameter("")]
    return _engine.function("coalesce", arguments, ColumnType("text"), False, None)


def _text_node(text: object) -> Node:
    if isinstance(text, Expression):
        if text.node.type.storage != "text":
            raise QueryError(f"expected text, this expression yields {text.node.type.storage}")
        return text.node
    if type(text) is not str:
        raise QueryError(f"expected text, not {type(text).__name__}")
    return _engine.infer_parameter(text)


def _place(what: str, count: int, *, least: int) -> Node:
    if type(count) is not int or not least <= count <= _LONGEST:
        raise QueryError(f"substring() takes a {what} in whole numbers from {least}, not {count!r}")
    whole = ColumnType("int32")
    # said twice: servers also know a substring by pattern, and would take a bare number for one
    return _engine.cast(_engine.parameter(count, whole, what), whole)
