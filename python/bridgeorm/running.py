"""One call of a verb: where it runs, until when, and what it may spend; all bound when the verb is called."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from bridgeorm import _engine
from bridgeorm._engine import ArrowTable, IdentityMap, Outcome, Pending, ResultPlan, Snapshots, Statement
from bridgeorm.context import Scope
from bridgeorm.entities import RowSource
from bridgeorm.errors import BridgeError, QueryError
from bridgeorm.hooks import hooks_for
from bridgeorm.model_schema import schema_of
from bridgeorm.narrowing import parts_of
from bridgeorm.relations.relation import HANDLE
from bridgeorm.safety import Budget, current_budget, current_deadline, seconds_until
from bridgeorm.telemetry import calling_place, is_watched, number_of

if TYPE_CHECKING:
    from bridgeorm.database import Database


_READS_TOGETHER = 4
"""Half of what a pool holds by default: relations of one level are rarely more."""
class Memory:
    """What a block's rollback needs: what objects looked like, and whom the identity map lost."""

    __slots__ = ("_left", "_snapshots")

    def __init__(self) -> None:
        self._snapshots = Snapshots()
        self._left: list[tuple[IdentityMap, _engine.Instance]] = []

    def add(self, instances: list[_engine.Instance]) -> None:
        """Remembers objects that are not known yet."""
        self._snapshots.add(instances)

    def note_leaving(self, identity_map: IdentityMap, instance: _engine.Instance) -> None:
        """Remembers that an object leaves its identity map."""
        self._left.append((identity_map, instance))

    def inherit(self, other: Memory) -> None:
        """Takes over what the other knows, emptying it."""
        self._snapshots.inherit(other._snapshots)
        self._left += other._left
        other._left.clear()

    def restore(self) -> None:
        """Makes all objects look like that again, and forgets them."""
        self._snapshots.restore()
        for identity_map, instance in self._left:
            if _engine.is_persistent(instance):
                identity_map.add(instance)
        self._left.clear()

    def forget(self) -> None:
        """What was done stands."""
        self._snapshots.forget()
        self._left.clear()


class Block(Scope):
    """A transaction or session that statements run in. `native` begins it where it has not begun."""

    database: Database

    async def native(self) -> _engine.Transaction:
        """The open native transaction."""
        raise NotImplementedError

    memory: Memory
    """What objects looked like before they were written, for a rollback."""

    def remember(self, instances: list[_engine.Instance]) -> None:
        """Keeps what objects look like before they are written."""
        self.memory.add(instances)

    def inherit(self, memory: Memory) -> None:
        """Takes over what a savepoint that held would need for a rollback."""
        self.memory.inherit(memory)

    def saw(self, rows: list[Any]) -> None:
        """Is told of objects that were read."""

    def stage(self, relation: Any, owner: _engine.Instance, change: tuple[str, list[Any]]) -> bool:  # noqa: ARG002 - for blocks that wait
        """Takes a change of a many-to-many relation for later; False where it is made at once."""
        return False

    async def settle(self) -> None:
        """Writes what the block collected, before a savepoint begins or ends."""

    def discard(self) -> None:
        """Forgets what the block collected since, as the savepoint it was collected in is rolled back."""

    def block_around(self, scope: Scope | None) -> Block:
        """`scope`, where it was opened inside this block; else this block."""
        around = scope
        while around is not None and around is not self:
            around = around.outer
        return scope if around is self and isinstance(scope, Block) else self

    def next_savepoint(self) -> int:
        """A number for a savepoint, new within the transaction."""
        raise NotImplementedError


class Call:
    """Made by a verb when it is called; used by its coroutine when it runs."""

    __slots__ = ("_budget", "_deadline", "block", "database", "engine", "identity_map", "origin")

    def __init__(self, database: Database, block: Block | None, identity_map: IdentityMap) -> None:
        self.engine = database.engine  # refuses a closed handle, a foreign thread and a foreign loop at once
        if block is not None and not block.is_open:
            raise QueryError(
                "the transaction this task is in has ended: its statements are refused, not run outside it"
            )
        self.database = database
        self.block = block
        self.identity_map = identity_map
        self._budget: Budget | None = current_budget()
        self._deadline = current_deadline()
        self.origin = number_of(calling_place()) if is_watched() or database.wants_origin else 0

    async def transaction(self) -> _engine.Transaction | None:
        """The native transaction to run in, or None."""
        block = self.block
        if block is None:
            return None
        if not block.is_open:
            raise QueryError("the transaction has ended: its statements are refused, not run outside it")
        return await block.native()

    def timeout(self) -> float | None:
        """Seconds left."""
        return seconds_until(self._deadline)

    async def run(self, statement: Statement, plan: ResultPlan[Any] | None) -> list[Any]:
        """The rows of a statement."""
        if self._budget is not None:
            self._budget.spend_query()
        transaction = None if self.block is None else await self.transaction()
        pending = self.engine.run(
            statement, plan, self.identity_map, transaction, self.timeout(), self.origin
        )
        rows = await pending
        if self._budget is not None:
            self._budget.spend_rows(len(rows))
        return rows

    async def arrow(self, statement: Statement, names: Sequence[str]) -> ArrowTable:
        """The rows of a statement as Arrow columns with these names; none = as the database names them."""
        if self._budget is not None:
            self._budget.spend_query()
        transaction = None if self.block is None else await self.transaction()
        pending = self.engine.fetch_arrow(statement, names, transaction, self.timeout(), self.origin)
        table = await pending
        if self._budget is not None:
            self._budget.spend_rows(table.row_count)
        return table

    async def look_up(self, statement: Statement, plan: ResultPlan[Any], key: object) -> list[Any]:
        """The rows of a statement made for lookups, with this key."""
        if self._budget is not None:
            self._budget.spend_query()
        transaction = None if self.block is None else await self.transaction()
        pending = self.engine.look_up(
            statement, plan, key, self.identity_map, transaction, self.timeout(), self.origin
        )
        rows = await pending
        if self._budget is not None:
            self._budget.spend_rows(len(rows))
        return rows

    async def execute(self, statement: Statement, plan: ResultPlan[Any] | None = None) -> Outcome:
        """Rows and row count of a statement."""
        if self._budget is not None:
            self._budget.spend_query()
        transaction = None if self.block is None else await self.transaction()
        pending = self.engine.execute(
            statement, plan, self.identity_map, transaction, self.timeout(), self.origin
        )
        outcome = await pending
        if self._budget is not None:
            self._budget.spend_rows(len(outcome.rows))
        return outcome

    async def execute_together(self, statements: Sequence[Statement]) -> list[Outcome]:
        """What statements did that are sent without waiting for one another's answers. Raises what the
        first to fail raised, once all have ended.
        """
        transaction = None if self.block is None else await self.transaction()
        engine, timeout = self.engine, self.timeout()
        begun = (
            engine.execute(statement, None, self.identity_map, transaction, timeout, self.origin)
            for statement in statements
        )
        return await self.outcomes(begun, len(statements))

    async def rows_together(self, sources: Sequence[RowSource[Any]]) -> list[list[Any]]:
        """The rows of queries of which none needs another's, sent without waiting for one another's
        answers; a limited number at a time leaves connections to others.
        """
        if len(sources) == 1:
            return [await self.rows(sources[0])]
        transaction = None if self.block is None else await self.transaction()
        engine, timeout = self.engine, self.timeout()
        begun = (
            engine.execute(
                source.statement, source.result_plan, self.identity_map, transaction, timeout, self.origin
            )
            for source in sources
        )
        batches = [list(outcome.rows) for outcome in await self.outcomes(begun, _READS_TOGETHER)]
        for rows in batches:
            self.adopt(rows)
        return batches

    async def outcomes(self, begun: Iterator[Pending[Outcome]], width: int) -> list[Outcome]:
        """What statements did, so many of them on their way at a time; `begun` sends the next when it is
        asked. Raises what the first to fail raised, once those on their way have ended.
        """
        underway: deque[Pending[Outcome]] = deque()
        done: list[Outcome] = []
        failure: BridgeError | None = None
        while True:
            try:
                while failure is None and len(underway) < width:
                    underway.append(self._next(begun))
            except StopIteration:
                width = 0
            except BridgeError as error:
                failure = error
            if not underway:
                break
            pending = underway.popleft()
            try:
                outcome = await pending
                done.append(outcome)
            except BridgeError as error:
                failure = failure or error
        if failure is not None:
            raise failure
        if self._budget is not None:
            self._budget.spend_rows(sum(len(outcome.rows) for outcome in done))
        return done

    def _next(self, begun: Iterator[Pending[Outcome]]) -> Pending[Outcome]:
        pending = next(begun)
        if self._budget is not None:
            self._budget.spend_query()
        return pending

    async def run_hooks(self, moment: str, event: str, instances: Sequence[_engine.Instance]) -> None:
        """Calls the functions registered for the objects' models, one object after the other."""
        for instance in instances:
            for hook in hooks_for(schema_of(type(instance)), moment, event):
                await self.database.surroundings.settle(hook(instance))

    async def open_stream(self, source: RowSource[Any], batch: int) -> _engine.RowStream:
        """A cursor over the rows of a query."""
        if self._budget is not None:
            self._budget.spend_query()
        transaction = await self.transaction()
        return self.engine.open_stream(
            source.statement, source.result_plan, self.identity_map, transaction, batch, self.origin
        )

    def receive(self, rows: list[Any]) -> None:
        """Counts rows of a cursor, whose objects then know where they came from."""
        if self._budget is not None:
            self._budget.spend_rows(len(rows))
        self.adopt(rows)

    async def rows(self, source: RowSource[Any]) -> list[Any]:
        """The rows of a query, whose objects then know where they came from."""
        rows = await self.run(source.statement, source.result_plan)
        self.adopt(rows)
        return rows

    def adopt(self, rows: list[Any]) -> None:
        """Tells the objects of one result which handle to load relations by."""
        if not rows:
            return
        if self.block is not None:
            self.block.saw(rows)
        for thing in parts_of(rows[0]):
            if isinstance(thing, _engine.Instance):
                group = _engine.load_group(thing)
                if group is not None:
                    group.state[HANDLE] = self.database
