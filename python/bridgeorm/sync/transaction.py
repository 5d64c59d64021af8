# GENERATED from bridgeorm/transaction.py by tools/generate: edit that file instead.
"""Transactions: all of a block or nothing of it."""

from __future__ import annotations

from contextvars import Token
from typing import TYPE_CHECKING, Any, Literal, Self

from bridgeorm import _engine
from bridgeorm._engine import Instance
from bridgeorm.context import Scope, enter, leave, scope_of
from bridgeorm.errors import (
    BridgeError,
    CommitOutcomeUnknownError,
    ConnectivityError,
    DeadlineExceededError,
    QueryError,
)
from bridgeorm.safety import current_deadline, seconds_until
from bridgeorm.sync.running import Block, Call, Memory
from bridgeorm.sync.verbs import Verbs

if TYPE_CHECKING:
    from bridgeorm.sync.database import SyncDatabase

Ending = Literal["open", "committed", "rolled_back", "unknown"]
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
        self.memory = Memory()
        self._token: Token[Scope | None] | None = None
        self._origin = 0
        self._is_committed = False  # by the release of its restart point
        self._is_outcome_unknown = False  # of that release
        self._ending: Ending = "open"

    @property
    def ending(self) -> Ending:
        """How it ended. Unknown where nobody waited for the answer to COMMIT, or it never came: then the work
        may stand or not, as with CommitOutcomeUnknownError. A savepoint that was kept counts as committed,
        whatever becomes of the transaction around it.
        """
        return self._ending

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
        parent.settle()
        self._parent = parent
        self._native = parent.native()
        self._savepoint = f"bridge_{parent.next_savepoint()}"
        pending = self._native.savepoint(self._savepoint, self._origin)
        pending.wait()

    def __exit__(self, kind: type[BaseException] | None, *_failure: object) -> None:
        is_whole = kind is None
        try:
            if is_whole:
                is_whole = False
                self.settle()
                is_whole = True
        finally:
            if self._token is not None:
                leave(self._token)
            if not is_whole:
                self.roll_back()
        if is_whole:
            self.commit()

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
        except BaseException as failure:
            # What follows the release of a restart point changes nothing, even if its answer is lost.
            if not self._is_committed or not isinstance(failure, ConnectivityError):
                self._restore()
                is_known = bool(self._savepoint) or native.is_open or _is_answer(failure)
                self._ending = "rolled_back" if is_known else "unknown"
                self._give_back(native)
                if isinstance(failure, Exception) or self._ending != "unknown":
                    raise
                raise failure from _nobody_waited()
        self._ending = "committed"
        if self._parent is not None:
            self._parent.inherit(self.memory)
        self.memory.forget()

    def roll_back(self) -> None:
        """Ends it, undoing what was done; objects look as they did before they were written."""
        self.is_open = False
        self._ending = "unknown" if self._is_outcome_unknown else "rolled_back"
        native = self._open_native()
        self.discard()
        self._restore()
        if not native.is_open:
            return
        pending = (
            native.rollback_to(self._savepoint, self._origin)
            if self._savepoint
            else native.rollback(None, self._origin)
        )
        try:
            pending.wait()
        except ConnectivityError:
            # The loss is told by what was lost: whether the release of the restart point committed.
            if not self._is_outcome_unknown:
                raise

    # --- running again from its beginning ---

    def set_restart_point(self, name: str) -> None:
        """The first statement of a transaction that may run again without ending."""
        pending = self._open_native().savepoint(name, self._origin)
        pending.wait()

    def restart(self, name: str) -> None:
        """Undoes everything behind the restart point; objects look as they did before."""
        self.discard()
        self._restore()
        pending = self._open_native().rollback_to(name, self._origin)
        pending.wait()

    def release_restart_point(self, name: str) -> None:
        """Commits what was done. CommitOutcomeUnknownError when the answer was lost."""
        self.settle()
        pending = self._open_native().release(name, self._origin)
        try:
            pending.wait()
        except CommitOutcomeUnknownError:
            self._is_outcome_unknown = True
            raise
        self._is_committed = True

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
        self.memory.restore()

    # --- what runs in it ---

    def _call(self) -> Call:
        identity_map = self.database.surroundings.belongings().identity_map
        return Call(self.database, self.block_around(scope_of(self.database)), identity_map)

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

    def settle(self) -> None:
        if self._parent is not None:
            self._parent.settle()

    def discard(self) -> None:
        if self._parent is not None:
            self._parent.discard()

    def saw(self, rows: list[Any]) -> None:
        if self._parent is not None:
            self._parent.saw(rows)

    def stage(self, relation: Any, owner: Instance, change: tuple[str, list[Any]]) -> bool:
        return self._parent is not None and self._parent.stage(relation, owner, change)

    def transaction(self) -> SyncTransaction:
        """A savepoint inside this transaction."""
        return SyncTransaction(self.database, "default", readonly=False, deferrable=False)


def _is_answer(failure: BaseException) -> bool:
    """Whether a COMMIT that failed is known to have done nothing."""
    if not isinstance(failure, BridgeError):
        return False
    is_late = isinstance(failure, DeadlineExceededError) and failure.was_sent is not False
    return not is_late and not isinstance(failure, CommitOutcomeUnknownError)


def _nobody_waited() -> CommitOutcomeUnknownError:
    error = CommitOutcomeUnknownError(
        "the task ended while COMMIT was on its way: the work may stand or not; look before doing it again"
    )
    error.was_sent = True
    return error
