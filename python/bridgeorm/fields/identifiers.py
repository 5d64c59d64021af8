"""UUIDs and IP addresses."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import Any

from bridgeorm._engine import ColumnType
from bridgeorm.errors import DecodeError, ValidationError
from bridgeorm.fields.field import Converter, Field, FieldOptions

ADDRESSES = (IPv4Address, IPv6Address, IPv4Interface, IPv6Interface, IPv4Network, IPv6Network)


def addresses(classes: tuple[type, ...], options: FieldOptions, context: str, *, nullable: bool) -> Field:
    """A column of the named classes of addresses and of no others."""
    options.refuse_all_but(of="IP addresses")
    expected = " or ".join(each.__name__ for each in classes)

    def to_storage(value: Any) -> Any:
        if value is None or type(value) in classes:
            return value
        raise ValidationError(f"{context}: expected {expected}, got {type(value).__name__}")

    return Field(ColumnType("inet", nullable=nullable), to_storage, _reader(classes, context, expected))


def _reader(classes: tuple[type, ...], context: str, expected: str) -> Converter:
    """Databases keep no class: an address without a prefix may have been a whole network of one."""

    def from_storage(value: Any) -> Any:
        if value is None or type(value) in classes:
            return value
        for cls in classes:
            if cls in _HOLDS and _HOLDS[cls] == value.version:
                try:
                    return cls(value)
                except ValueError:  # a network with host bits set
                    continue
        raise DecodeError(f"{context}: expected {expected}, a stored address is an {type(value).__name__}")

    return from_storage


# Classes that say what a stored address or interface says, and its version.
_HOLDS: dict[type, int] = {IPv4Interface: 4, IPv6Interface: 6, IPv4Network: 4, IPv6Network: 6}
