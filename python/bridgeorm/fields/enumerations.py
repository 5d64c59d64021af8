"""Enumerations: members on the Python side, their values in the database."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

from bridgeorm._engine import ColumnType
from bridgeorm.errors import DecodeError, ModelError, ValidationError
from bridgeorm.fields.field import Field, FieldOptions


def enumeration(cls: type[Enum], options: FieldOptions, context: str, *, nullable: bool) -> Field:
    """A column of members. Text values become a closed list of labels, whole numbers stay numbers."""
    options.refuse_all_but("max_length", "bits", of=cls.__name__)
    values = [member.value for member in cls]
    if not values:
        raise ModelError(f"{cls.__name__} has no members")
    if all(type(value) is str for value in values):
        column_type = ColumnType(
            "text", nullable=nullable, max_length=options.max_length or max(map(len, values))
        )
        labels = tuple(str(value) for value in values)
    elif all(type(value) is int for value in values):
        column_type, labels = ColumnType("int64", nullable=nullable), ()
    else:
        raise ModelError(f"the values of {cls.__name__} are neither all str nor all int")
    return Field(column_type, _to_value(cls, context), _to_member(cls, context), labels)


def _to_value(cls: type[Enum], context: str) -> Callable[[Any], Any]:
    def convert(member: Any) -> Any:
        if member is None:
            return None
        if type(member) is not cls:
            raise ValidationError(f"{context}: expected {cls.__name__}, got {type(member).__name__}")
        return member.value

    return convert


def _to_member(cls: type[Enum], context: str) -> Callable[[Any], Any]:
    members: dict[Any, Enum] = {member.value: member for member in cls}

    def convert(value: Any) -> Any:
        if value is None:
            return None
        member = members.get(value)
        if member is None:
            raise DecodeError(f"{context}: a stored value is no member of {cls.__name__}")
        return member

    return convert
