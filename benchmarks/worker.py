"""One process per contestant: runs what the harness asks for and measures it where it happens."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.contestants.contract import Contestant, Operation, Target, find_contestant
from benchmarks.tree import tree_digest
from benchmarks.workload import Sizes, digest, make_keys, make_rows

KILOBYTES_PER_MEGABYTE = 1024


@dataclass(frozen=True)
class Sample:
    """One timed run."""

    seconds: float
    cpu_seconds: float
    peak_megabytes: float
    latencies: list[float] = field(default_factory=list[float])


@dataclass(frozen=True)
class WorkerOrder:
    """What a worker is started with."""

    contestant: str
    target: Target
    sizes: Sizes
    core: int | None


def serve(order: WorkerOrder, pipe: Connection) -> None:
    """Answers commands until told to stop; a failure is answered as its text, never kept."""
    if order.core is not None:
        os.sched_setaffinity(0, {order.core})
    with asyncio.Runner() as runner:
        worker: Worker | None = None
        while True:
            command, argument = pipe.recv()
            if command == "stop":
                if worker is not None:
                    _close(runner, worker)
                break
            try:
                if worker is None:
                    worker = Worker(order, find_contestant(order.contestant)())
                answer = runner.run(worker.commands[command](argument))
            except Exception as error:  # noqa: BLE001 - the harness reports whatever a contestant does
                pipe.send((False, f"{type(error).__name__}: {error}"[:500]))
            else:
                pipe.send((True, answer))


def _close(runner: asyncio.Runner, worker: Worker) -> None:
    """Closes the contestant, whose threads would keep the process alive; the harness ends what stays."""
    try:
        runner.run(worker.commands["close"](None))
    except Exception as error:  # noqa: BLE001 - everything is measured; whoever cannot close is named
        print(f"{worker.name} could not close: {type(error).__name__}: {error}", file=sys.stderr)


class Worker:
    """A contestant with its workload."""

    def __init__(self, order: WorkerOrder, contestant: Contestant) -> None:
        self.name = contestant.name
        self._contestant = contestant
        self._target = order.target
        self._sizes = order.sizes
        self._rows = make_rows(order.sizes)
        self.commands: dict[str, Callable[[Any], Coroutine[Any, Any, Any]]] = {
            "open": self._open,
            "close": self._close,
            "clear": self._clear,
            "check": self._check,
            "run": self._run,
        }

    async def _open(self, _: None) -> str:
        await self._contestant.open(self._target)
        return self._contestant.version()

    async def _close(self, _: None) -> None:
        await self._contestant.close()

    async def _clear(self, _: None) -> None:
        await self._contestant.clear()

    async def _check(self, operation: str) -> str:
        """Runs an operation untimed and answers the fingerprint of its result."""
        if operation == Operation.BULK_INSERT:
            await self._contestant.bulk_insert(self._contestant.make_objects(self._rows))
        if operation == Operation.PREFETCH_TREE:
            return tree_digest(self._contestant.tree_to_tuples(await self._contestant.fetch_tree()))
        if operation in (Operation.BULK_INSERT, Operation.BULK_FETCH, Operation.BULK_FETCH_READ):
            return digest(self._contestant.to_tuples(await self._contestant.bulk_fetch()))
        keys = self._keys(operation)
        return digest(self._contestant.to_tuples([await self._contestant.read_key(key) for key in keys]))

    async def _run(self, operation: str) -> Sample:
        action, latencies = self._prepare(operation)
        gc.collect()
        _reset_peak()
        cpu_before, began = time.process_time(), time.perf_counter()
        kept = await action()  # the result lives until the clock has stopped
        seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu_before
        peak = _peak_megabytes()
        del kept
        return Sample(seconds, cpu_seconds, peak, latencies)

    def _prepare(self, operation: str) -> tuple[Callable[[], Awaitable[object]], list[float]]:
        contestant, latencies = self._contestant, list[float]()
        if operation == Operation.BULK_INSERT:
            objects = contestant.make_objects(self._rows)
            return (lambda: contestant.bulk_insert(objects)), latencies
        if operation == Operation.BULK_FETCH:
            return contestant.bulk_fetch, latencies
        if operation == Operation.BULK_FETCH_READ:
            return self._fetch_thoroughly, latencies
        if operation == Operation.PREFETCH_TREE:
            return contestant.fetch_tree, latencies
        keys = self._keys(operation)
        tasks = 1 if operation == Operation.KEY_READ_ALONE else self._sizes.tasks
        return (lambda: self._read_keys(keys, tasks, latencies)), latencies

    async def _fetch_thoroughly(self) -> object:
        rows = await self._contestant.bulk_fetch()
        self._contestant.read_columns(rows)
        return rows

    async def _read_keys(self, keys: list[int], tasks: int, latencies: list[float]) -> None:
        async with asyncio.TaskGroup() as group:
            for index in range(tasks):
                group.create_task(self._read_share(keys[index::tasks], latencies))

    async def _read_share(self, keys: list[int], latencies: list[float]) -> None:
        read, now = self._contestant.read_key, time.perf_counter
        for key in keys:
            began = now()
            await read(key)
            latencies.append(now() - began)

    def _keys(self, operation: str) -> list[int]:
        is_alone = operation == Operation.KEY_READ_ALONE
        return make_keys(self._sizes, self._sizes.reads_alone if is_alone else self._sizes.reads_together)


def _reset_peak() -> None:
    """Lets the kernel measure the peak of resident memory anew."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_megabytes() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / KILOBYTES_PER_MEGABYTE
