"""One call of a verb: where it runs, until when, and what it may spend; all bound when the verb is called."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from bridgeorm import _engine
from bridgeorm._engine import ArrowTable, IdentityMap, Outcome, Pending, ResultPlan, Snapshots, Statement
from bridgeorm.context import Scope, scope_of
from bridgeorm.entities import RowSource
from bridgeorm.errors import BridgeError, DeadlineExceededError, QueryError, UnparameterizedSqlError
from bridgeorm.hooks import are_hooked, hooks_for
from bridgeorm.model_schema import schema_of
from bridgeorm.narrowing import parts_of
from bridgeorm.revisions import Point, in_state
from bridgeorm.safety import Budget, current_budget, current_deadline, seconds_until
from bridgeorm.telemetry import calling_place, is_watched, number_of

if TYPE_CHECKING:
    from bridgeorm.database import Database

Answer = TypeVar("Answer")
RowLimit = tuple[int, BaseException]


_PAST = "<past>"
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


class PastHandle:
    """By which objects of a former state load their relations: in that state, never as they are now."""

    __slots__ = ("__weakref__", "_point", "database")

    def __init__(self, database: Database, point: Point | None) -> None:
        self.database = database
        self._point = point

    @property
    def loads_on_access(self) -> bool:
        """As the database."""
        return self.database.loads_on_access

    def load_relation(self, relation: Any, instance: _engine.Instance) -> Any:
        """The relation's value in the state the object was read in. QueryError where that is not known."""
        if self._point is None:
            raise QueryError(
                f"{relation.context}: this object comes from a comparison or a table made of former states, "
                "whose relations are not known: select it with as_of"
            )
        return self.database.load_past_relation(relation, instance, self._point)

    def link(self, relation: Any, _instance: object, _change: object) -> Any:
        """QueryError: what was stays as it was."""
        raise QueryError(f"{relation.context}: an object of a former state is not linked to others")


class Call:
    """Made by a verb when it is called; used by its coroutine when it runs."""

    __slots__ = (
        "_budget",
        "_deadline",
        "_ends_with_budget",
        "block",
        "database",
        "engine",
        "identity_map",
        "origin",
        "point",
        "reads_past",
    )

    def __init__(self, database: Database, block: Block | None, identity_map: IdentityMap) -> None:
        self.engine = database.engine  # refuses a closed handle, a foreign thread and a foreign loop at once
        if block is not None and not block.is_open:
            raise QueryError(
                "the transaction this task is in has ended: its statements are refused, not run outside it"
            )
        self.database = database
        self.block = block
        self.identity_map = identity_map
        self.point: Point | None = None
        self.reads_past = False
        self._budget: Budget | None = current_budget()
        self._deadline = current_deadline()
        self._ends_with_budget = self._budget is not None and self._budget.deadline == self._deadline
        self.origin = number_of(calling_place()) if is_watched() or database.wants_origin else 0

    async def transaction(self) -> _engine.Transaction | None:
        """The native transaction to run in, or None."""
        block = self.block
        if block is None:
            return None
        if not block.is_open:
            raise QueryError("the transaction has ended: its statements are refused, not run outside it")
        return await block.native()

    def look_back(self, point: Point | None) -> None:
        """Reads states that may not be those of now: its objects stay out of the task's, and what is loaded
        for them comes from `point`, if that is said.
        """
        self.identity_map = IdentityMap()
        self.point, self.reads_past = point, True

    @property
    def _map(self) -> IdentityMap | None:
        """Where objects are looked for; none where one row may stand there in several states."""
        return None if self.reads_past and self.point is None else self.identity_map

    def in_state(self, statement: Statement) -> Statement:
        """A query of a relation, in the state that its owners were read in."""
        return statement if self.point is None else in_state(statement, self.point)

    def within(self, block: Block) -> Call:
        """The same call inside a block of its own."""
        inner = Call(self.database, block, self.identity_map)
        inner._budget, inner._deadline = self._budget, self._deadline
        inner._ends_with_budget, inner.origin = self._ends_with_budget, self.origin
        return inner

    def timeout(self) -> float | None:
        """Seconds left."""
        try:
            return seconds_until(self._deadline)
        except DeadlineExceededError as error:
            raise self._blame(error) from None

    def _blame(self, error: DeadlineExceededError) -> BridgeError:
        """The same, or that a budget is spent where its seconds were the first to end."""
        if self._budget is None or not self._ends_with_budget or self._deadline is None:
            return error
        return self._budget.seconds_spent()

    def spend_query(self) -> RowLimit | None:
        """Counts a statement that is to be sent now; says how many rows it may give."""
        if self._budget is None:
            return None
        self._budget.spend_query()
        return self._budget.row_limit

    def spend_rows(self, rows: int) -> None:
        """Counts rows that came back."""
        if self._budget is not None:
            self._budget.spend_rows(rows)

    async def settled(self, pending: Pending[Answer]) -> Answer:
        """What an operation gave. BudgetExceededError where a budget's seconds ended it."""
        try:
            answer = await pending
        except DeadlineExceededError as error:
            blamed = self._blame(error)
            if blamed is error:
                raise
            raise blamed from error
        return answer

    async def run(self, statement: Statement, plan: ResultPlan[Any] | None) -> list[Any]:
        """The rows of a statement."""
        limit = None if self._budget is None else self.spend_query()
        transaction = None if self.block is None else await self.transaction()
        pending = self.engine.run(statement, plan, self._map, transaction, self.timeout(), self.origin, limit)
        if self._budget is None:
            rows = await pending
        else:
            rows = await self.settled(pending)
            self.spend_rows(len(rows))
        return rows

    async def arrow(self, statement: Statement, names: Sequence[str]) -> ArrowTable:
        """The rows of a statement as Arrow columns with these names; none = as the database names them."""
        self.spend_query()
        transaction = None if self.block is None else await self.transaction()
        pending = self.engine.fetch_arrow(statement, names, transaction, self.timeout(), self.origin)
        table = await self.settled(pending)
        self.spend_rows(table.row_count)
        return table

    async def look_up(self, statement: Statement, plan: ResultPlan[Any], key: object) -> list[Any]:
        """The rows of a statement made for lookups, with this key."""
        limit = None if self._budget is None else self.spend_query()
        transaction = None if self.block is None else await self.transaction()
        pending = self.engine.look_up(
            statement, plan, key, self.identity_map, transaction, self.timeout(), self.origin, limit
        )
        if self._budget is None:
            rows = await pending
        else:
            rows = await self.settled(pending)
            self.spend_rows(len(rows))
        return rows

    async def execute(self, statement: Statement, plan: ResultPlan[Any] | None = None) -> Outcome:
        """Rows and row count of a statement."""
        limit = None if self._budget is None else self.spend_query()
        transaction = None if self.block is None else await self.transaction()
        pending = self.engine.execute(
            statement, plan, self.identity_map, transaction, self.timeout(), self.origin, limit
        )
        if self._budget is None:
            outcome = await pending
        else:
            outcome = await self.settled(pending)
            self.spend_rows(len(outcome.rows))
        return outcome

    async def execute_together(self, statements: Sequence[Statement]) -> list[Outcome]:
        """What statements did that are sent without waiting for one another's answers. Raises what the
        first to fail raised, once all have ended.
        """
        transaction = None if self.block is None else await self.transaction()
        return await self.outcomes(self._begin_each(statements, transaction), len(statements))

    def _begin_each(
        self, statements: Sequence[Statement], transaction: _engine.Transaction | None
    ) -> Iterator[Pending[Outcome]]:
        engine, timeout = self.engine, self.timeout()
        for statement in statements:
            self.spend_query()
            yield engine.execute(statement, None, self.identity_map, transaction, timeout, self.origin)

    async def rows_together(self, sources: Sequence[RowSource[Any]]) -> list[list[Any]]:
        """The rows of queries of which none needs another's, sent without waiting for one another's
        answers; a limited number at a time leaves connections to others.
        """
        if len(sources) == 1:
            return [await self.rows(sources[0])]
        transaction = None if self.block is None else await self.transaction()
        begun = self._begin_each_read(sources, transaction)
        batches = [list(outcome.rows) for outcome in await self.outcomes(begun, _READS_TOGETHER)]
        for rows in batches:
            self.adopt(rows)
        return batches

    def _begin_each_read(
        self, sources: Sequence[RowSource[Any]], transaction: _engine.Transaction | None
    ) -> Iterator[Pending[Outcome]]:
        engine, timeout = self.engine, self.timeout()
        for source in sources:
            limit = self.spend_query()
            yield engine.execute(
                self.in_state(source.statement),
                source.result_plan,
                self._map,
                transaction,
                timeout,
                self.origin,
                limit,
            )

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
                    underway.append(next(begun))
            except StopIteration:
                width = 0
            except BridgeError as error:
                failure = error
            if not underway:
                break
            pending = underway.popleft()
            try:
                outcome = await self.settled(pending)
                done.append(outcome)
            except BridgeError as error:
                failure = failure or error
        if failure is not None:
            raise failure
        self.spend_rows(sum(len(outcome.rows) for outcome in done))
        return done

    def needs_block(self, event: str, instances: Sequence[_engine.Instance]) -> bool:
        """Whether hooks are called around a write, which then stands or falls with all they do: in a
        transaction of its own, or a savepoint of the one the running task is in.
        """
        scope = scope_of(self.database)
        return (self.block is None or self.block is scope) and are_hooked(instances, event)

    async def run_hooks(self, moment: str, event: str, instances: Sequence[_engine.Instance]) -> None:
        """Calls the functions registered for the objects' models, one object after the other."""
        for instance in instances:
            for hook in hooks_for(schema_of(type(instance)), moment, event):
                await self.database.surroundings.settle(hook(instance))

    async def open_stream(self, source: RowSource[Any], batch: int) -> _engine.RowStream:
        """A cursor over the rows of a query."""
        limit = self.spend_query()
        if limit is not None:
            batch = min(batch, limit[0] + 1)  # one more tells that there are too many
        transaction = await self.transaction()
        return self.engine.open_stream(
            source.statement, source.result_plan, self._map, transaction, batch, self.origin
        )

    def receive(self, rows: list[Any]) -> None:
        """Counts rows of a cursor, whose objects then know where they came from."""
        self.spend_rows(len(rows))
        self.adopt(rows)

    async def rows(self, source: RowSource[Any]) -> list[Any]:
        """The rows of a query, whose objects then know where they came from."""
        statement = self.in_state(source.statement)
        try:
            rows = await self.run(statement, source.result_plan)
        except UnparameterizedSqlError as error:
            raise source.located(error) from None
        self.adopt(rows)
        return rows

    def adopt(self, rows: list[Any]) -> None:
        """Tells the objects of one result which handle to load relations by."""
        if not rows:
            return
        if self.block is not None and not self.reads_past:
            self.block.saw(rows)
        if self.reads_past:
            self._adopt_past(rows)
            return
        for thing in parts_of(rows[0]):
            if isinstance(thing, _engine.Instance):
                group = _engine.load_group(thing)
                if group is not None:
                    group.handle = self.database

    def _adopt_past(self, rows: list[Any]) -> None:
        """The same for former states, which may also stand in rows of versions."""
        handle = PastHandle(self.database, self.point)
        for row in rows:
            parts = [getattr(row, each.name) for each in fields(row)] if is_dataclass(row) else parts_of(row)
            for thing in parts:
                group = _engine.load_group(thing) if isinstance(thing, _engine.Instance) else None
                if group is not None and _PAST not in group.state:
                    group.state[_PAST] = group.handle = handle  # the group alone does not keep it alive
