"""Whole, floating and exact numbers, and truth values."""

from __future__ import annotations

from decimal import Decimal

from bridgeorm._engine import ColumnType
from bridgeorm.errors import ModelError
from bridgeorm.fields.field import Field, FieldMaker, FieldOptions, plain

_STORAGE_BY_BITS = {16: "int16", 32: "int32", 64: "int64"}
_DEFAULT_BITS = 64


def _integer(options: FieldOptions, nullable: bool) -> Field:  # noqa: FBT001 - the shape of every maker
    options.refuse_all_but("bits", of="int")
    storage = _STORAGE_BY_BITS.get(options.bits or _DEFAULT_BITS)
    if storage is None:
        raise ModelError(f"an int has 16, 32 or 64 bits, not {options.bits}")
    return Field(ColumnType(storage, nullable=nullable))


def _decimal(options: FieldOptions, nullable: bool) -> Field:  # noqa: FBT001 - the shape of every maker
    options.refuse_all_but("precision", "scale", of="Decimal")
    if options.scale is not None and options.precision is None:
        raise ModelError("scale= needs precision=")
    return Field(
        ColumnType("decimal", nullable=nullable, precision=options.precision or 0, scale=options.scale or 0)
    )


MAKERS: dict[type, FieldMaker] = {
    int: _integer,
    float: plain("float64", "float"),
    Decimal: _decimal,
    bool: plain("bool", "bool"),
}
