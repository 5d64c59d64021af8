"""Field types of the user's own: a meaning on top of a storage type."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic, TypeVar

Value = TypeVar("Value")


class FieldType(ABC, Generic[Value]):
    """Says which Python type a custom type rests on, and how to convert.

    `class Colour(FieldType[Rgb])` with `storage = str` is used as
    `colour: Column[Rgb] = column(type=Colour())`.
    None never reaches the converters. A converter refuses a value by raising ValueError or TypeError.
    """

    storage: ClassVar[type]
    """The Python type it is stored as, such as `str` or `int`."""

    @abstractmethod
    def to_storage(self, value: Value) -> Any:
        """The stored form of a value, of type `storage`."""

    @abstractmethod
    def from_storage(self, stored: Any) -> Value:
        """The value of a stored form."""
