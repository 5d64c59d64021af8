"""Rows one by one in bounded memory, read through a cursor of the database."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from bridgeorm._engine import Pending, RowStream
from bridgeorm.entities import RowSource
from bridgeorm.errors import BridgeError, QueryError
from bridgeorm.loading import prefetch, refuse_wrong_prefetches
from bridgeorm.running import Call
from bridgeorm.statements import Returning

if TYPE_CHECKING:
    from bridgeorm.transaction import Transaction

Row = TypeVar("Row")


class Stream(Generic[Row]):
    """`async for row in db.stream(query)`: read once, from the first row on. As a context it ends with the
    block; otherwise with the loop that reads it.
    """

    def __init__(self, call: Call, source: RowSource[Row], batch: int) -> None:
        if isinstance(source, Returning):
            raise QueryError("a stream only reads: run insert, update and delete with execute() or all()")
        if type(batch) is not int or batch < 1:
            raise QueryError("a batch has a positive whole number of rows")
        refuse_wrong_prefetches(source)
        self._call = call
        self._source = source
        self._batch = batch
        self._was_begun = False
        self._reader: weakref.ref[Reader[Row]] | None = None

    def __aiter__(self) -> Reader[Row]:
        if self._was_begun:
            raise QueryError("a stream is read once: ask for a new one with stream()")
        self._was_begun = True
        reader = Reader(self._call, self._source, self._batch)
        # Whoever iterates owns the reader: leaving the loop drops it, which frees the connection.
        self._reader = weakref.ref(reader)
        return reader

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_failure: object) -> None:
        self._was_begun = True
        reader = None if self._reader is None else self._reader()
        if reader is not None:
            reader.close()


class Reader(Generic[Row]):
    """The rows of a stream on their way. Outside a transaction the next batch is asked for while the
    application is busy with the one in hand; inside, other statements would have to wait behind it.
    """

    def __init__(self, call: Call, source: RowSource[Row], batch: int) -> None:
        self._call = self._outside = call
        self._source = source
        self._batch = batch
        self._native: RowStream | None = None
        self._ahead: Pending[list[Any]] | None = None
        self._rows: list[Row] = []
        """What is left of the batch in hand, the next row last."""
        self._is_over = False
        self._own: Transaction | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Row:
        if not self._rows:
            await self._turn_over()
        return self._rows.pop()

    async def _turn_over(self) -> None:
        if self._is_over:
            raise StopAsyncIteration
        try:
            rows = await self._next_batch()
        except BaseException:
            self.close()
            raise
        if not rows:
            raise StopAsyncIteration
        rows.reverse()
        self._rows = rows

    async def _next_batch(self) -> list[Any]:
        pending = self._ahead
        if pending is None:
            pending = await self._ask()
        self._ahead = None
        rows = await self._call.settled(pending)
        self._call.receive(rows)
        if self._native is None or not self._native.has_more:
            self._is_over = True
        elif self._call.block is None:
            await self._ask_ahead()
        if self._source.prefetches and rows:
            await prefetch(self._call, self._source.prefetches, rows)
        if self._is_over and self._own is not None:
            own = self._own
            self._leave()
            await own.commit()
        return rows

    async def _ask(self) -> Pending[list[Any]]:
        if self._native is None:
            if self._source.prefetches and self._call.block is None and self._call.database.streams_alone:
                await self._begin()
            self._native = await self._call.open_stream(self._source, self._batch)
        else:
            await self._call.transaction()  # raises where it has ended
        return self._native.fetch(self._call.timeout())

    async def _begin(self) -> None:
        """A transaction of its own: the cursor holds the only connection, which then loads relations too."""
        has_readonly = self._call.engine.has_capability("readonly_transactions")
        own = self._call.database.transaction(readonly=has_readonly)
        await own.begin(None)
        self._own = own
        self._call = self._call.within(own)

    async def _ask_ahead(self) -> None:
        try:
            self._ahead = await self._ask()
        except BridgeError:
            # The batch in hand came well. What is wrong is said when it is used up and the next is asked for.
            self._ahead = None

    def close(self) -> None:
        """Frees the connection. Rows not yet given are dropped."""
        self._is_over = True
        self._rows = []
        self._ahead = None
        native, self._native = self._native, None
        if native is not None:
            native.close()
        self._leave()

    def _leave(self) -> None:
        """Drops the transaction of its own, which is rolled back then unless it was ended."""
        self._own, self._call = None, self._outside
