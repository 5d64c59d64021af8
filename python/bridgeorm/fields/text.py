"""Text and bytes."""

from __future__ import annotations

from bridgeorm._engine import ColumnType
from bridgeorm.errors import ModelError
from bridgeorm.fields.field import Field, FieldMaker, FieldOptions, plain


def _text(options: FieldOptions, nullable: bool) -> Field:  # noqa: FBT001 - the shape of every maker
    options.refuse_all_but("max_length", of="str")
    if options.max_length is not None and options.max_length < 1:
        raise ModelError("max_length= is at least 1")
    return Field(ColumnType("text", nullable=nullable, max_length=options.max_length or 0))


MAKERS: dict[type, FieldMaker] = {str: _text, bytes: plain("bytes", "bytes")}
