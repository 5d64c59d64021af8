"""JSON documents and arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from bridgeorm._engine import ColumnType
from bridgeorm.errors import DecodeError, ModelError, ValidationError
from bridgeorm.fields.field import Converter, Field, FieldOptions


def document(cls: type[Any], options: FieldOptions, context: str, *, nullable: bool) -> Field:
    """A column of JSON whose outermost value is a dict, or a list, as its annotation says."""
    options.refuse_all_but(of=cls.__name__)
    return Field(
        ColumnType("json", nullable=nullable),
        _only(cls, ValidationError, f"{context}: expected {cls.__name__}, got"),
        _only(cls, DecodeError, f"{context}: expected {cls.__name__}, stored is JSON of another kind:"),
        outermost="{" if issubclass(cls, dict) else "[",
    )


def _only(cls: type[Any], error: type[Exception], message: str) -> Converter:
    def check(value: Any) -> Any:
        if value is None or isinstance(value, cls):
            return value
        raise error(f"{message} {type(value).__name__}")

    return check


def array_of(element: Field, *, nullable: bool) -> Field:
    """A list of values of one type."""
    if element.type.storage in {"array", "json"}:
        raise ModelError("the elements of a list are plain values: for anything else use list[object] (JSON)")
    if element.type.nullable:
        raise ModelError(
            "the elements of an array are never None: for those that may be use list[object] (JSON)"
        )
    return Field(
        ColumnType("array", element=element.type.storage, nullable=nullable),
        _of_each(element.to_storage),
        _of_each(element.from_storage),
    )


def _of_each(convert: Callable[[Any], Any] | None) -> Converter | None:
    """The converter of a list whose elements are converted. What is no list is refused behind it."""
    if convert is None:
        return None

    def convert_all(value: Any) -> Any:
        if type(value) is not list:
            return value
        elements = cast("list[Any]", value)  # type: ignore[redundant-cast]  # pyright loses the parameter
        return [element if element is None else convert(element) for element in elements]

    return convert_all
