"""What a session was told to do later."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Generic, TypeVar

from bridgeorm.model import Model

Object = TypeVar("Object", bound=Model)


class Staged(Generic[Object]):
    """Something a session will do when it flushes. Awaiting it changes nothing."""

    __slots__ = ("_instance",)

    def __init__(self, instance: Object) -> None:
        self._instance = instance

    def __await__(self) -> Generator[Any, Any, Object]:
        yield from ()
        return self._instance
