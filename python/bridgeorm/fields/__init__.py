"""Python types and the columns they become: one file per family."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin
from uuid import UUID

from bridgeorm.errors import DecodeError, ModelError, ValidationError
from bridgeorm.fields import identifiers, numbers, structured, text, times
from bridgeorm.fields.custom import FieldType
from bridgeorm.fields.enumerations import enumeration
from bridgeorm.fields.field import Field, FieldMaker, FieldOptions, plain

__all__ = ["Field", "FieldOptions", "FieldType", "field_for", "split_optional"]

_MAKERS: dict[type, FieldMaker] = {
    **numbers.MAKERS,
    **text.MAKERS,
    **times.MAKERS,
    UUID: plain("uuid", "UUID"),
}


def split_optional(annotation: Any) -> tuple[Any, bool]:
    """An annotation without None, and whether None was in it."""
    if get_origin(annotation) not in {Union, UnionType}:
        return annotation, False
    members = [member for member in get_args(annotation) if member is not NoneType]
    is_optional = len(members) < len(get_args(annotation))
    if len(members) == 1:
        return members[0], is_optional
    return Union[tuple(members)], is_optional  # noqa: UP007 - the members are known at run time only


def field_for(
    annotation: Any, options: FieldOptions, custom: FieldType[Any] | None = None, context: str = "expression"
) -> Field:
    """The field of `Column[annotation]`. ModelError for a type no column can hold."""
    bare, nullable = split_optional(annotation)
    if custom is not None:
        return _custom_field(custom, options, context, nullable=nullable)
    if isinstance(bare, type) and issubclass(bare, Enum):
        return enumeration(bare, options, context, nullable=nullable)
    if _is_document(bare):
        outermost = cast("type[Any]", get_origin(bare) or bare)
        return structured.document(outermost, options, context, nullable=nullable)
    if get_origin(bare) is list:
        options.refuse_all_but(of="list[...]")
        element = field_for(get_args(bare)[0], FieldOptions(), context=context)
        return structured.array_of(element, nullable=nullable)
    classes = _members(bare)
    if all(member in identifiers.ADDRESSES for member in classes):
        return identifiers.addresses(classes, options, context, nullable=nullable)
    maker = _maker_of(bare)
    if maker is None:
        raise ModelError(f"no column holds {_name(bare)}")
    return maker(options, nullable)


def _members(annotation: Any) -> tuple[Any, ...]:
    """The types a union is made of; a type that is none stands alone."""
    return get_args(annotation) if get_origin(annotation) is Union else (annotation,)


def _is_document(bare: Any) -> bool:
    """Whether it is JSON: a dict, a list of nothing in particular, or one of anything."""
    if (get_origin(bare) or bare) is dict or bare is list:
        return True
    return get_origin(bare) is list and get_args(bare)[0] in {object, Any}


def _maker_of(bare: Any) -> FieldMaker | None:
    return _MAKERS.get(bare)


def _custom_field(custom: FieldType[Any], options: FieldOptions, context: str, *, nullable: bool) -> Field:
    base = field_for(custom.storage | None if nullable else custom.storage, options)
    name = type(custom).__name__
    return Field(
        base.type,
        _guarded(custom.to_storage, ValidationError, f"{context}: {name} refuses a value"),
        _guarded(custom.from_storage, DecodeError, f"{context}: {name} cannot read a stored value"),
    )


def _guarded(convert: Callable[[Any], Any], error: type[Exception], message: str) -> Callable[[Any], Any]:
    """The converter for values that are there, whose refusals carry no value."""

    def call(value: Any) -> Any:
        if value is None:
            return None
        try:
            return convert(value)
        except (TypeError, ValueError) as refusal:
            raise error(f"{message} of type {type(value).__name__}: {type(refusal).__name__}") from None

    return call


def _name(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation)
