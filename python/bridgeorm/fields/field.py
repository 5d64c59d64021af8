"""What a column holds: the storage type, and how Python values come and go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from bridgeorm._engine import ColumnType
from bridgeorm.errors import ModelError

Converter = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class FieldOptions:
    """What a declaration adds to its annotation. None where nothing was said."""

    max_length: int | None = None
    precision: int | None = None
    scale: int | None = None
    bits: int | None = None
    timezone: bool | None = None

    def refuse_all_but(self, *allowed: str, of: str) -> None:
        """Raises ModelError for an option that means nothing for this type."""
        for option in fields(self):
            if option.name not in allowed and getattr(self, option.name) is not None:
                raise ModelError(f"{option.name}= says nothing about {of}")


class Field:
    """A storage type with its converters. `operand_type` is the same without bounds, for values compared
    with it; `outermost` the bracket every JSON document of the column begins with.
    """

    __slots__ = ("from_storage", "labels", "operand_type", "outermost", "to_storage", "type")

    def __init__(
        self,
        column_type: ColumnType,
        to_storage: Converter | None = None,
        from_storage: Converter | None = None,
        labels: tuple[str, ...] = (),
        outermost: str = "",
    ) -> None:
        self.type = column_type
        self.to_storage = to_storage
        self.from_storage = from_storage
        self.labels = labels
        self.outermost = outermost
        self.operand_type = ColumnType(
            column_type.storage,
            element=column_type.element,
            nullable=True,
            precision=column_type.precision,
            scale=column_type.scale,
            max_length=column_type.max_length,
        )


FieldMaker = Callable[[FieldOptions, bool], Field]
"""Makes a field from a declaration's options and whether NULL is allowed."""


def plain(storage: str, name: str) -> FieldMaker:
    """The maker of a type that takes no options."""

    def make(options: FieldOptions, nullable: bool) -> Field:  # noqa: FBT001 - the shape of every maker
        options.refuse_all_but(of=name)
        return Field(ColumnType(storage, nullable=nullable))

    return make
