# GENERATED from bridgeorm/streaming.py by tools/generate: edit that file instead.
"""Rows one by one in bounded memory."""

from __future__ import annotations

from typing import Any, Generic, Self, TypeVar

from bridgeorm.paging import Walk
from bridgeorm.query import Query
from bridgeorm.sync.loading import prefetch
from bridgeorm.sync.running import Call

Row = TypeVar("Row")


class Stream(Generic[Row]):
    """Iterates over a query of one model, batch by batch in the order of its keys. Also usable as a
    context.
    """

    def __init__(self, call: Call, query: Query[Row], batch: int) -> None:
        self._call = call
        self._query = query
        self._walk: Walk[Row] = Walk(query)
        self._batch = batch
        self._rows: list[Row] = []
        self._place = 0
        self._position: list[Any] | None = None
        self._is_over = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Row:
        if self._place == len(self._rows):
            if self._is_over:
                raise StopIteration
            self._next_batch()
            if not self._rows:
                raise StopIteration
        row = self._rows[self._place]
        self._place += 1
        return row

    def _next_batch(self) -> None:
        step = self._walk.step(self._batch, self._position)
        self._rows = self._call.rows(step)
        self._place = 0
        self._is_over = len(self._rows) < self._batch
        if self._rows:
            self._position = self._walk.position_of(self._rows[-1])
            if self._query.prefetches:
                prefetch(self._call, self._query.prefetches, self._rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self._rows = []
        self._place = 0
        self._is_over = True
