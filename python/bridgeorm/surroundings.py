"""What differs between a handle in an asyncio loop and one in a blocking thread, and nothing else."""

from __future__ import annotations

import asyncio
import inspect
import threading
import time
import weakref
from typing import Any

from bridgeorm._engine import Host, IdentityMap
from bridgeorm.errors import ConfigurationError

Counts = dict[tuple[str, str, int], int]


class Belongings:
    """What one task or thread has of one database."""

    __slots__ = ("identity_map", "loads", "owner")

    def __init__(self, owner: weakref.ref[asyncio.Task[Any]] | None = None) -> None:
        self.identity_map = IdentityMap()
        self.loads: Counts = {}
        self.owner = owner


class LoopSurroundings:
    """An asyncio loop: belongings hang on the task and vanish with it."""

    loads_on_access = False
    """Reading cannot wait in a loop."""

    def __init__(self) -> None:
        # By the task's address, which its weak reference takes out before another task can have it: asking
        # costs a third of what a WeakKeyDictionary takes.
        self._belongings: dict[int, Belongings] = {}
        self._outside = Belongings()
        self._loop: asyncio.AbstractEventLoop | None = None

    def host(self) -> Host:
        """The native loop inside the running one."""
        self._loop = asyncio.get_running_loop()
        return Host(self._loop)

    def belongings(self) -> Belongings:
        """Those of the running task."""
        # Naming the loop spares a system call in which Python makes sure that nobody forked.
        task = None if self._loop is None else asyncio.current_task(self._loop)
        if task is None:
            return self._outside
        return self._belongings.get(id(task)) or self._make_belongings(task)

    def _make_belongings(self, task: asyncio.Task[Any]) -> Belongings:
        place, store = id(task), self._belongings
        made = store[place] = Belongings(weakref.ref(task, lambda _gone: store.pop(place, None)))
        return made

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
