"""What verbs return: a coroutine that nobody can take for its result."""

from __future__ import annotations

from typing import NoReturn, TypeVar

from bridgeorm._engine import PendingCall
from bridgeorm.errors import MisusedExpressionError

Result_co = TypeVar("Result_co", covariant=True)


class Pending(PendingCall[Result_co]):
    """A coroutine of the library. It is awaited once, or made a task; its truth value raises, because
    `if db.exists(query)` without `await` would always hold.
    """

    __slots__ = ()

    def __bool__(self) -> NoReturn:
        raise MisusedExpressionError("a pending result has no truth value: await it first")
