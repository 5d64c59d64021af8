"""What differs between a handle in an asyncio loop and one in a blocking thread, and nothing else."""

from __future__ import annotations

import asyncio
import inspect
import threading
import time
from typing import Any
from weakref import WeakKeyDictionary

from bridgeorm._engine import Host, IdentityMap
from bridgeorm.errors import ConfigurationError

Counts = dict[tuple[str, str, int], int]


class Belongings:
    """What one task or thread has of one database."""

    __slots__ = ("__weakref__", "identity_map", "loads")

    def __init__(self) -> None:
        self.identity_map = IdentityMap()
        self.loads: Counts = {}


class LoopSurroundings:
    """An asyncio loop: belongings hang on the task and vanish with it."""

    loads_on_access = False
    """Reading cannot wait in a loop."""

    def __init__(self) -> None:
        self._belongings: WeakKeyDictionary[asyncio.Task[Any], Belongings] = WeakKeyDictionary()
        self._outside = Belongings()

    def host(self) -> Host:
        """The native loop inside the running one."""
        return Host(asyncio.get_running_loop())

    def belongings(self) -> Belongings:
        """Those of the running task."""
        try:
            task = asyncio.current_task()
        except RuntimeError:
            task = None
        if task is None:
            return self._outside
        found = self._belongings.get(task)
        if found is None:
            found = self._belongings[task] = Belongings()
        return found

    def flight(self) -> asyncio.Event:
        """A load under way that others may wait for."""
        return asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Lets others work for a while."""
        await asyncio.sleep(seconds)

    async def settle(self, result: Any) -> Any:
        """What a hook or a retried function returned, awaited where it must be."""
        if inspect.isawaitable(result):
            settled: Any = await result
            return settled
        return result


class ThreadSurroundings:
    """A blocking thread: one handle, one thread, one set of belongings."""

    loads_on_access = True

    def __init__(self) -> None:
        self._belongings = Belongings()

    def host(self) -> Host:
        """A native loop driven by whoever waits."""
        return Host(None)

    def belongings(self) -> Belongings:
        """Those of the handle."""
        return self._belongings

    def flight(self) -> threading.Event:
        """A load under way; nobody else is there to wait for it."""
        return threading.Event()

    def sleep(self, seconds: float) -> None:
        """Waits."""
        time.sleep(seconds)

    def settle(self, result: Any) -> Any:
        """What a hook or a retried function returned. ConfigurationError for a coroutine, which nobody
        could await.
        """
        if inspect.iscoroutine(result):
            result.close()
            raise ConfigurationError(
                "an async function cannot run on a blocking handle: write it with plain `def`"
            )
        return result
