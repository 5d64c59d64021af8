"""JSON documents and lists inside columns: their members, read and written by path."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bridgeorm import _engine
from bridgeorm._engine import ColumnType, Node
from bridgeorm.errors import QueryError
from bridgeorm.expressions import Built, Expression, cast_to, set_member_maker, set_membership_maker

_JSON = ColumnType("json", nullable=True)
_BOOL = ColumnType("bool", nullable=True)
_TEXT = ColumnType("text", nullable=True)


class JsonPath(Built[Any]):
    """A member of a JSON document: go on by `[...]`, read it by `as_str()` and the like."""

    __slots__ = ("_document", "_steps")

    def __init__(self, document: Expression[Any], steps: tuple[str | int, ...]) -> None:
        node = document.node
        for step in steps:
            node = _step(node, step)
        super().__init__(node, None, document.context, document.origin)
        self._document = document
        self._steps = steps

    def __getitem__(self, step: str | int) -> JsonPath:
        return JsonPath(self._document, (*self._steps, _checked(step)))

    def as_str(self) -> Expression[str | None]:
        """The member as text; None where it is missing or null."""
        return Built(self._text(), None, self.context, self.origin)

    def as_int(self) -> Expression[int | None]:
        """The member as a whole number."""
        return cast_to(self.as_str(), int)

    def as_float(self) -> Expression[float | None]:
        """The member as a floating-point number."""
        return cast_to(self.as_str(), float)

    def as_decimal(self) -> Expression[Decimal | None]:
        """The member as an exact number."""
        return cast_to(self.as_str(), Decimal)

    def as_bool(self) -> Expression[bool | None]:
        """The member as true or false."""
        node = _engine.binary("eq", self._text(), _engine.infer_parameter("true"))
        return Built(node, None, self.context, self.origin)

    def exists(self) -> Expression[bool]:
        """Whether there is such a member, be it null."""
        return self.is_not_null()

    def set(self, value: object) -> Expression[dict[str, Any]]:
        """The whole document with this member set: `update(Book).set(Book.details.to(path.set(5)))`. What
        it stands in must be there.
        """
        node = _engine.parameter(value, _JSON, self.context)
        return self._whole("json_set", node)

    def removed(self) -> Expression[dict[str, Any]]:
        """The whole document without this member."""
        return self._whole("json_remove")

    def _text(self) -> Node:
        return _engine.function("json_text", [self.node], _TEXT, False, None)

    def _whole(self, function: str, *value: Node) -> Expression[dict[str, Any]]:
        for step in self._steps:
            if isinstance(step, str) and ('"' in step or "\\" in step):
                raise QueryError("a member whose name holds a quote or backslash cannot be written by path")
        steps = [_engine.infer_parameter(step) for step in self._steps]
        arguments = [self._document.node, *steps, *value]
        result = ColumnType("json", nullable=self._document.node.type.nullable)
        node = _engine.function(function, arguments, result, False, None)
        return Built(node, self._document.field, self.context, self.origin)


def _checked(step: object) -> str | int:
    if isinstance(step, str) or (type(step) is int and step >= 0):
        return step
    raise QueryError("a step into a document is a name, or a place counted from 0")


def _step(node: Node, step: str | int) -> Node:
    function = "json_member" if isinstance(step, str) else "json_element"
    return _engine.function(function, [node, _engine.infer_parameter(step)], _JSON, False, None)


def _member(whole: Expression[Any], step: object) -> Any:
    column_type = whole.node.type
    checked = _checked(step)
    if column_type.storage == "json":
        return JsonPath(whole, (checked,))
    if column_type.storage != "array" or isinstance(checked, str):
        raise QueryError(f"{whole.context} has no members: it holds {column_type.storage}")
    result = ColumnType(_element(column_type), nullable=True)
    place = _engine.infer_parameter(checked)
    return Built[Any](
        _engine.function("array_element", [whole.node, place], result, False, None),
        None,
        whole.context,
        whole.origin,
    )


def _contains(whole: Expression[Any], wanted: Any) -> Expression[bool]:
    column_type = whole.node.type
    if column_type.storage == "json":
        function, operand = "json_contains", _engine.parameter(wanted, _JSON, whole.context)
    else:
        function = "array_contains"
        operand = _engine.parameter(wanted, ColumnType(_element(column_type)), whole.context)
    node = _engine.function(function, [whole.node, operand], _BOOL, False, None)
    return Built(node, None, whole.context, whole.origin)


def _element(column_type: ColumnType) -> str:
    if column_type.element is None:
        raise QueryError(f"a list was expected, not {column_type.storage}")
    return column_type.element


set_member_maker(_member)
set_membership_maker(_contains)
