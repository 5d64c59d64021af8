"""What is told about operations: events for callbacks, slow queries and state changes for logging."""

from __future__ import annotations

import logging
import sys
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bridgeorm._engine import Engine

logger = logging.getLogger("bridgeorm")
_PACKAGE = str(Path(__file__).parent)


@dataclass(frozen=True, slots=True)
class QueryEvent:
    """One finished operation: a statement, or a step of a transaction."""

    operation: str
    statement: str
    database: str
    duration: float
    """Seconds."""
    rowcount: int | None
    error: str | None
    origin: tuple[str, int] | None
    """File and line of the code that asked."""


Callback = Callable[[QueryEvent], None]
_callbacks: list[Callback] = []
_places: list[tuple[str, int]] = [("", 0)]
_numbers: dict[tuple[str, int], int] = {("", 0): 0}


def on_query(callback: Callback) -> Callable[[], None]:
    """Calls back after every statement sent, transaction control included: `remove = on_query(print)`. The
    returned function ends that. What the callback raises is logged.
    """
    _callbacks.append(callback)
    _refresh_gates()

    def remove() -> None:
        if callback in _callbacks:
            _callbacks.remove(callback)
        _refresh_gates()

    return remove


def _refresh_gates() -> None:
    for gate in tuple(_gates):
        gate.refresh()


def is_watched() -> bool:
    """Whether anybody wants to know where statements come from."""
    return bool(_callbacks)


def calling_place() -> tuple[str, int]:
    """File and line of the innermost code outside this package."""
    frame = sys._getframe(1)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # as documented
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def number_of(place: tuple[str, int]) -> int:
    """A small number that stands for a place while it travels through the engine."""
    number = _numbers.get(place)
    if number is None:
        number = _numbers[place] = len(_places)
        _places.append(place)
    return number


class EventGate:
    """Receives what the engine tells about one database and hands it to who wants it."""

    def __init__(self, slow_query: float | None) -> None:
        self.slow_query = slow_query
        self._watchers: list[Callback] = []
        self.wants_origin = slow_query is not None
        """Whether it must be known which line a statement comes from."""
        self._engine: weakref.ref[Engine] | None = None
        self._is_listening = True
        _gates.add(self)

    def connect(self, engine: Engine) -> None:
        """Takes the engine whose events come here, and hears of it only what anybody wants to know."""
        self._engine = weakref.ref(engine)
        self._is_listening = True
        self.refresh()

    def refresh(self) -> None:
        """Asks the engine for events while somebody wants them: it makes none otherwise."""
        is_wanted = bool(_callbacks) or self.wants_origin or logger.isEnabledFor(logging.DEBUG)
        if is_wanted is self._is_listening or self._engine is None:
            return
        engine = self._engine()
        if engine is not None:
            engine.set_listener(self if is_wanted else None)
            self._is_listening = is_wanted

    def watch(self, callback: Callback) -> Callable[[], None]:
        """Calls back for this database only. The returned function ends that."""
        self._watchers.append(callback)
        self.wants_origin = True
        self.refresh()

        def remove() -> None:
            if callback in self._watchers:
                self._watchers.remove(callback)
                self.wants_origin = self.slow_query is not None or bool(self._watchers)
            self.refresh()

        return remove

    def __call__(self, event: dict[str, Any]) -> None:
        """Called by the engine in the loop's thread; a failing callback is logged, never raised into the
        engine.
        """
        if "subject" in event:
            logger.info(
                "%s: %s from %s to %s", event["database"], event["subject"], event["from"], event["to"]
            )
            return
        is_slow = self.slow_query is not None and event["duration"] >= self.slow_query
        if not (is_slow or _callbacks or self._watchers) and not logger.isEnabledFor(logging.DEBUG):
            return
        told = _event(event)
        if is_slow:
            logger.warning(
                "slow %s on %s: %.3f s: %s", told.operation, told.database, told.duration, told.statement
            )
        else:
            logger.debug("%s on %s: %.6f s: %s", told.operation, told.database, told.duration, told.statement)
        if not told.statement:
            return  # connecting, resetting and the like: for the log only
        for callback in (*_callbacks, *self._watchers):
            try:
                callback(told)
            except Exception:
                logger.exception("an on_query callback failed")


_gates: weakref.WeakSet[EventGate] = weakref.WeakSet()


def _event(event: dict[str, Any]) -> QueryEvent:
    origin = event.get("origin") or 0
    return QueryEvent(
        operation=event["operation"],
        statement=event.get("statement") or "",
        database=event.get("database") or "",
        duration=event["duration"],
        rowcount=event.get("rowcount"),
        error=event.get("error"),
        origin=_places[origin] if 0 < origin < len(_places) else None,
    )
