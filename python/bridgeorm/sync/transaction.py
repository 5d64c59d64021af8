# GENERATED from bridgeorm/transaction.py by tools/generate: edit that file instead.
"""Transactions: all of a block or nothing of it."""

from __future__ import annotations

from contextvars import Token
from typing import TYPE_CHECKING, Literal, Self

from bridgeorm import _engine
from bridgeorm._engine import Instance, Snapshots
from bridgeorm.context import Scope, enter, leave, scope_of
from bridgeorm.errors import QueryError
from bridgeorm.safety import current_deadline, seconds_until
from bridgeorm.sync.running import Block, Call
from bridgeorm.sync.verbs import Verbs

if TYPE_CHECKING:
    from bridgeorm.sync.database import SyncDatabase

Isolation = Literal["default", "read_uncommitted", "read_committed", "repeatable_read", "serializable"]


class SyncTransaction(Verbs, Block):
    """An `with` block whose statements stand or fall together. Inside another, a savepoint of it."""

    def __init__(
        self, database: SyncDatabase, isolation: Isolation, *, readonly: bool, deferrable: bool
    ) -> None:
        self.database = database
        self.is_open = False
        self.outer: Scope | None = None
        self._options = (isolation, readonly, deferrable)
        self._native: _engine.Transaction | None = None
        self._savepoint = ""
        self._parent: Block | None = None
        self._savepoints = 0
        self._snapshots = Snapshots()
        self._token: Token[Scope | None] | None = None
        self._origin = 0

    # --- the block ---

    def __enter__(self) -> Self:
        if self._token is not None or self._native is not None or self.is_open:
            raise QueryError("a transaction is entered once: ask the database for a new one")
        self.begin(scope_of(self.database))
        self._token = enter(self)
        return self

    def begin(self, scope: Scope | None) -> None:
        """Begins it inside the block `scope`, without making it the block of the running task."""
        if isinstance(scope, Block):
            if not scope.is_open:
                raise QueryError("the transaction this task is in has ended: no other can begin inside it")
            self._begin_nested(scope)
        else:
            self._begin()
        self.outer = scope
        self.is_open = True

    def _begin(self) -> None:
        call = Call(self.database, None, self.database.surroundings.belongings().identity_map)
        isolation, readonly, deferrable = self._options
        self._origin = call.origin
        pending = self.database.engine.begin(isolation, readonly, deferrable, call.timeout(), call.origin)
        self._native = pending.wait()

    def _begin_nested(self, parent: Block) -> None:
        if self._options != ("default", False, False):
            raise QueryError("isolation, readonly and deferrable belong to the outermost transaction")
        self._parent = parent
        self._native = parent.native()
        self._savepoint = f"bridge_{parent.next_savepoint()}"
        pending = self._native.savepoint(self._savepoint, self._origin)
        pending.wait()

    def __exit__(self, kind: type[BaseException] | None, *_failure: object) -> None:
        if self._token is not None:
            leave(self._token)
        if kind is None:
            self.commit()
        else:
            self.roll_back()

    def commit(self) -> None:
        """Ends it, keeping what was done, unless the time allowed for it is over."""
        self.is_open = False
        native = self._open_native()
        try:
            pending = (
                native.release(self._savepoint, self._origin)
                if self._savepoint
                else native.commit(seconds_until(current_deadline()), self._origin)
            )
            pending.wait()
        except BaseException:
            self._restore()
            self._give_back(native)
            raise
        if self._parent is not None:
            self._parent.inherit(self._snapshots)
        self._snapshots.forget()

    def roll_back(self) -> None:
        """Ends it, undoing what was done; objects look as they did before they were written."""
        self.is_open = False
        native = self._open_native()
        self._restore()
        if not native.is_open:
            return
        pending = (
            native.rollback_to(self._savepoint, self._origin)
            if self._savepoint
            else native.rollback(None, self._origin)
        )
        pending.wait()

    def _give_back(self, native: _engine.Transaction) -> None:
        """Ends a transaction whose commit did not, as when its task was cancelled: its connection is free."""
        if self._savepoint or not native.is_open:
            return
        pending = native.rollback(None, self._origin)
        pending.wait()

    def _open_native(self) -> _engine.Transaction:
        if self._native is None:
            raise QueryError("this transaction was never entered")
        return self._native

    def _restore(self) -> None:
        self._snapshots.restore()

    # --- what runs in it ---

    def _call(self) -> Call:
        identity_map = self.database.surroundings.belongings().identity_map
        inner = scope_of(self.database)
        return Call(
            self.database,
            inner if isinstance(inner, Block) and self._is_around(inner) else self,
            identity_map,
        )

    def _is_around(self, scope: Scope | None) -> bool:
        """Whether a block is this one or was opened inside it."""
        while scope is not None:
            if scope is self:
                return True
            scope = scope.outer
        return False

    @property
    def loads_on_access(self) -> bool:
        return self.database.loads_on_access

    def native(self) -> _engine.Transaction:
        return self._open_native()

    def next_savepoint(self) -> int:
        if self._parent is not None:
            return self._parent.next_savepoint()
        self._savepoints += 1
        return self._savepoints

    def remember(self, instances: list[Instance]) -> None:
        self._snapshots.add(instances)

    def inherit(self, snapshots: Snapshots) -> None:
        self._snapshots.inherit(snapshots)

    def transaction(self) -> SyncTransaction:
        """A savepoint inside this transaction."""
        return SyncTransaction(self.database, "default", readonly=False, deferrable=False)
