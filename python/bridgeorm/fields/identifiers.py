"""UUIDs and IP addresses."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from uuid import UUID

from bridgeorm.fields.field import FieldMaker, plain

_INET = plain("inet", "IP addresses")

ADDRESSES = (IPv4Address, IPv6Address, IPv4Interface, IPv6Interface, IPv4Network, IPv6Network)

MAKERS: dict[type, FieldMaker] = {UUID: plain("uuid", "UUID"), **dict.fromkeys(ADDRESSES, _INET)}
