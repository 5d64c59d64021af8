"""Runs contestants against each other: results compared first, then interleaved timed runs."""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.contestants.contract import CONTESTANTS, Operation, Target, find_contestant
from benchmarks.server import Server
from benchmarks.tree import expected_tree, tree_digest
from benchmarks.worker import Sample, WorkerOrder, serve
from benchmarks.workload import Sizes, digest, make_keys, make_rows

WARM_UPS = 1  # beside the run whose result is compared
SECONDS_FOR_ONE_ANSWER = 120
SECONDS_TO_END = 10  # a library whose threads outlive it is ended then
# A slow contestant has said enough after a few runs, and everybody waits for it.
FEWEST_TIMED_RUNS = 3
SECONDS_OF_RUNS = 5


@dataclass
class Series:
    """All runs of one operation by one contestant."""

    operation: str
    dialect: str
    contestant: str
    group: str
    version: str
    samples: list[Sample] = field(default_factory=list[Sample])
    server_seconds: list[float] = field(default_factory=list[float])
    is_equal: bool = False
    failure: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether more runs would cost more time than they tell."""
        seconds = sum(sample.seconds for sample in self.samples)
        return len(self.samples) >= FEWEST_TIMED_RUNS and seconds >= SECONDS_OF_RUNS


class ContestantProcess:
    """The harness's end of a worker."""

    def __init__(self, order: WorkerOrder) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe: Connection
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(order, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self.key = order.contestant
        self.contestant = find_contestant(order.contestant)
        self.version = ""
        self.failure = ""

    def ask(self, command: str, argument: object = None) -> Any:
        """The worker's answer; raises RuntimeError with its text when it failed."""
        self._pipe.send((command, argument))
        if not self._pipe.poll(SECONDS_FOR_ONE_ANSWER):
            self._process.kill()
            raise RuntimeError(f"no answer to {command} {argument} within {SECONDS_FOR_ONE_ANSWER} s")
        try:
            is_good, answer = self._pipe.recv()
        except EOFError:
            raise RuntimeError(f"the process ended during {command} {argument}") from None
        if not is_good:
            raise RuntimeError(answer)
        return answer

    def stop(self) -> None:
        """Ends the worker."""
        if self._process.is_alive():
            self._pipe.send(("stop", None))
            self._process.join(SECONDS_TO_END)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


@dataclass(frozen=True)
class Plan:
    """What to measure."""

    dialect: str
    keys: Sequence[str]
    operations: Sequence[str]
    runs: int
    sizes: Sizes


class Harness:
    """One dialect's measurements."""

    def __init__(self, plan: Plan, server: Server | None) -> None:
        self._plan = plan
        self._server = server
        rows = make_rows(plan.sizes)
        alone = make_keys(plan.sizes, plan.sizes.reads_alone)
        together = make_keys(plan.sizes, plan.sizes.reads_together)
        everything = digest(rows)
        self._expected = {
            Operation.BULK_INSERT: everything,
            Operation.BULK_FETCH: everything,
            Operation.BULK_FETCH_READ: everything,
            Operation.KEY_READ_ALONE: digest(rows[key - 1] for key in alone),
            Operation.PREFETCH_TREE: tree_digest(expected_tree()),
            Operation.KEY_READ_TOGETHER: digest(rows[key - 1] for key in together),
        }

    def measure(self) -> Iterator[list[Series]]:
        """Every operation by everybody who can; each is handed over as soon as it has been measured."""
        with (
            tempfile.TemporaryDirectory(prefix="bridge_benchmark_") as folder,
            self._started(Path(folder)) as processes,
        ):
            for operation in self._plan.operations:
                began = time.monotonic()
                self._settle(operation)
                able = [process for process in processes if operation in process.contestant.operations]
                yield self._measure_operation(operation, able)
                print(
                    f"measured {operation} on {self._plan.dialect} in {time.monotonic() - began:.0f} s",
                    file=sys.stderr,
                    flush=True,
                )

    @contextmanager
    def _started(self, folder: Path) -> Iterator[list[ContestantProcess]]:
        cores = sorted(os.sched_getaffinity(0))
        client = cores[-1] if len(cores) > 1 else None
        if self._server is not None and client is not None:
            self._server.pin(cores[0])
        processes = [
            ContestantProcess(WorkerOrder(key, self._target(key, folder), self._plan.sizes, client))
            for key in self._plan.keys
            if self._plan.dialect in find_contestant(key).dialects
        ]
        try:
            for process in processes:
                self._open(process)
            yield processes
        finally:
            for process in processes:
                process.stop()
            if self._server is not None:
                self._server.unpin()

    def _target(self, key: str, folder: Path) -> Target:
        address = self._server.url if self._server is not None else str(folder / f"{key}.db")
        return Target(self._plan.dialect, address)

    def _open(self, process: ContestantProcess) -> None:
        try:
            process.version = process.ask("open")
            if self._server is None and Operation.BULK_INSERT not in process.contestant.operations:
                process.ask("check", Operation.BULK_INSERT)  # its file must hold the rows it will read
        except RuntimeError as error:
            process.failure = str(error)

    def _settle(self, operation: str) -> None:
        if self._server is not None and operation != Operation.BULK_INSERT:
            self._server.settle()

    def _measure_operation(self, operation: str, processes: list[ContestantProcess]) -> list[Series]:
        all_series = [
            Series(
                operation,
                self._plan.dialect,
                process.contestant.name,
                process.contestant.group,
                process.version,
                failure=process.failure,
            )
            for process in processes
        ]
        pairs = list(zip(processes, all_series, strict=True))
        for process, series in pairs:
            self._attempt(
                series, lambda process=process, series=series: self._compare(operation, process, series)
            )
        for number in range(WARM_UPS + self._plan.runs):
            # Another one begins each round, so that nobody always runs behind the same neighbour.
            shift = number % max(len(pairs), 1)
            for process, series in pairs[shift:] + pairs[:shift]:
                keep = number >= WARM_UPS
                self._attempt(
                    series,
                    lambda process=process, series=series, keep=keep: self._run(
                        operation, process, series, keep=keep
                    ),
                )
        return all_series

    @staticmethod
    def _attempt(series: Series, act: Any) -> None:
        """Does one step of a series that is not over; a failure ends the series and is reported."""
        if series.failure or series.is_settled:
            return
        try:
            act()
        except RuntimeError as error:
            series.failure = str(error)

    def _compare(self, operation: str, process: ContestantProcess, series: Series) -> None:
        self._empty_before(operation, process)
        found = process.ask("check", operation)
        if operation == Operation.BULK_INSERT and self._server is not None:
            found = self._server.table_digest()
        series.is_equal = found == self._expected[operation]
        if not series.is_equal:
            raise RuntimeError("its result differs from the rows that were made")

    def _run(self, operation: str, process: ContestantProcess, series: Series, *, keep: bool) -> None:
        self._empty_before(operation, process)
        before = self._server.cpu_seconds() if self._server else None
        sample: Sample = process.ask("run", operation)
        after = self._server.cpu_seconds() if self._server else None
        if keep:
            series.samples.append(sample)
            if before is not None and after is not None:
                series.server_seconds.append(after - before)

    def _empty_before(self, operation: str, process: ContestantProcess) -> None:
        if operation != Operation.BULK_INSERT:
            return
        if self._server is not None:
            self._server.truncate()
        else:
            process.ask("clear")


def known_keys() -> list[str]:
    """Every contestant's key."""
    return list(CONTESTANTS)
