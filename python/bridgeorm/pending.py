"""What verbs return: a coroutine that nobody can take for its result."""

from __future__ import annotations

from collections.abc import Coroutine, Generator
from typing import Any, NoReturn, TypeVar

from bridgeorm.errors import MisusedExpressionError

Result_co = TypeVar("Result_co", covariant=True)


class Pending(Coroutine[Any, Any, Result_co]):
    """A coroutine of the library. It is awaited once, or made a task; its truth value raises, because
    `if db.exists(query)` without `await` would always hold.
    """

    __slots__ = ("_coroutine",)

    def __init__(self, coroutine: Coroutine[Any, Any, Result_co]) -> None:
        self._coroutine = coroutine

    def __await__(self) -> Generator[Any, Any, Result_co]:
        return self._coroutine.__await__()

    def send(self, value: Any) -> Any:
        """Goes on until the next suspension."""
        return self._coroutine.send(value)

    def throw(self, *thrown: Any) -> Any:
        """Raises inside the coroutine."""
        return self._coroutine.throw(*thrown)

    def close(self) -> None:
        """Ends the coroutine where it stands."""
        self._coroutine.close()

    def __bool__(self) -> NoReturn:
        raise MisusedExpressionError("a pending result has no truth value: await it first")

    def __repr__(self) -> str:
        return f"<pending {getattr(self._coroutine, '__name__', 'result')}>"
