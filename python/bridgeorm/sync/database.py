# GENERATED from bridgeorm/database.py by tools/generate: edit that file instead.
"""The handle of one database."""

from __future__ import annotations

import hmac
import random
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Literal, Self, TypeVar

from bridgeorm._engine import Engine, Host
from bridgeorm.context import database_closed, database_opened, scope_of
from bridgeorm.errors import (
    BridgeError,
    ConfigurationError,
    LockTimeoutError,
    PoolClosedError,
    SerializationFailureError,
)
from bridgeorm.options import BreakerOptions, PoolOptions, engine_options
from bridgeorm.results import PoolStats
from bridgeorm.safety import Budget, LoadWatch, Reaction, budget, timeout
from bridgeorm.surroundings import ThreadSurroundings
from bridgeorm.sync.branches import Branch, Branches, url_of_branch
from bridgeorm.sync.running import Block, Call
from bridgeorm.sync.session import SyncSession
from bridgeorm.sync.transaction import Isolation, SyncTransaction
from bridgeorm.sync.verbs import Verbs
from bridgeorm.sync.versioning import Versioning
from bridgeorm.telemetry import Callback, EventGate

Outcome = TypeVar("Outcome")
_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 1.0
_SHORTEST_PAGE_KEY = 16
_DELETION_TRIES = 8
"""How often a branch is asked to go that connections just closed have left: about a second."""
_PROCESS_PAGE_KEY = secrets.token_bytes(32)
_CLOSE_PATIENCE = 10.0
"""Seconds that running statements may take to end when a handle is closed."""


class Pool:
    """What is known of a handle's connections."""

    def __init__(self, database: SyncDatabase) -> None:
        self._database = database

    def stats(self) -> PoolStats:
        """Connections open, idle, lent, and callers waiting."""
        return PoolStats(**self._database.engine.pool_statistics())


class Breaker:
    """The handle's circuit breaker."""

    def __init__(self, database: SyncDatabase) -> None:
        self._database = database

    @property
    def state(self) -> str:
        """`closed`, `open`, `half_open` or `disabled`."""
        return self._database.engine.breaker_state


class _Tries:
    """How often one function may still run, and how long it waits before it does."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._pause = _FIRST_PAUSE

    def allow_another(self, error: BridgeError) -> bool:
        """Whether to try again after one that failed."""
        self._left -= 1
        return error.is_retryable and self._left > 0

    def next_pause(self) -> float:
        """Seconds; longer each time, and by lot."""
        longest = self._pause
        self._pause = min(longest * 2, _LONGEST_PAUSE)
        return random.uniform(0, longest)  # noqa: S311 - jitter, not a secret


class SyncDatabase(Versioning, Verbs):
    """A database and its pool of connections: `with Database(url) as db`. Belongs to the loop that
    connected it.
    """

    def __init__(  # noqa: PLR0913 - options by name
        self,
        url: str,
        *,
        pool: PoolOptions | None = None,
        breaker: BreakerOptions | None = None,
        slow_query: float | None = None,
        strict_loading: bool = False,
        page_key: bytes | None = None,
    ) -> None:
        if not isinstance(url, str):
            raise ConfigurationError(f"a database URL is text, not {type(url).__name__}")
        self._url = url
        self._settings: dict[str, Any] = {
            "pool": pool,
            "breaker": breaker,
            "slow_query": slow_query,
            "strict_loading": strict_loading,
            "page_key": page_key,
        }
        self._options = engine_options(pool or PoolOptions(), breaker or BreakerOptions())
        self._gate = EventGate(slow_query)
        self._strict_loading = strict_loading
        if page_key is not None and (type(page_key) is not bytes or len(page_key) < _SHORTEST_PAGE_KEY):
            raise ConfigurationError(f"page_key is at least {_SHORTEST_PAGE_KEY} random bytes")
        self._page_key = page_key or _PROCESS_PAGE_KEY
        self._redacted_url = self._checked()
        self._engine: Engine | None = None
        self._host: Host | None = None
        self.surroundings = ThreadSurroundings()
        self.load_watch = LoadWatch("off")
        self.pool = Pool(self)
        self.breaker = Breaker(self)
        self._branches = Branches(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._redacted_url}>"

    def _checked(self) -> str:
        """The URL without secrets. ConfigurationError for a URL or options no engine takes."""
        host = Host(None)
        try:
            engine = Engine(self._url, host, self._options, None)
            redacted = engine.redacted_url
            engine.close_now()
        finally:
            host.close()
        return redacted

    # --- opening and closing ---

    def connect(self) -> None:
        """Opens the handle and proves that the database can be reached."""
        if self._engine is not None:
            raise ConfigurationError("this handle is open already")
        host = self.surroundings.host()
        engine = Engine(self._url, host, self._options, self._gate)
        self._gate.connect(engine)
        try:
            pending = engine.connect(None)
            pending.wait()
        except BaseException:
            engine.close_now()
            host.close()
            raise
        self._host, self._engine = host, engine
        database_opened(self)

    def close(self) -> None:
        """Lets running statements end, then closes every connection. Closing twice is harmless."""
        engine, host = self._engine, self._host
        if engine is None or host is None:
            return
        database_closed(self)
        self._branches.close_with(self)
        self._engine = self._host = None
        try:
            pending = engine.close(_CLOSE_PATIENCE)
            pending.wait()
        finally:
            engine.close_now()
            host.close()

    def __enter__(self) -> Self:
        self.connect()
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    @property
    def engine(self) -> Engine:
        """The native engine. PoolClosedError while the handle is not open; ConfigurationError in a
        foreign thread. A foreign loop is refused when a statement is to run.
        """
        engine, host = self._engine, self._host
        if engine is None or host is None:
            raise PoolClosedError("this handle is not open: `async with` it, or connect() first")
        if not host.is_in_place:
            raise ConfigurationError("a handle is used in the loop, thread and process that connected it")
        self._gate.refresh()  # the level of the log may have changed
        return engine

    def watch(self, callback: Callback) -> Callable[[], None]:
        """`telemetry.on_query` for this handle only. The returned function ends that."""
        return self._gate.watch(callback)

    def has_capability(self, name: str) -> bool:
        """Whether the database can do what the engine calls by this name, as `row_locks`."""
        return self.engine.has_capability(name)

    def signer(self, purpose: str) -> Callable[[bytes], bytes]:
        """Signs for one purpose with the handle's `page_key`, or with one that ends with the process."""
        key = hmac.digest(self._page_key, purpose.encode(), "sha256")
        return lambda content: hmac.digest(key, content, "sha256")

    # --- verbs ---

    def _call(self) -> Call:
        scope = scope_of(self)
        block = scope if isinstance(scope, Block) else None
        return Call(self, block, self.surroundings.belongings().identity_map)

    @property
    def loads_on_access(self) -> bool:
        return self.surroundings.loads_on_access and not self._strict_loading

    @property
    def wants_origin(self) -> bool:
        """Whether it must be known which line a statement comes from."""
        return self._gate.wants_origin

    # --- blocks ---

    @property
    def streams_alone(self) -> bool:
        """Whether a stream leaves no connection for anything else."""
        return self._options["max_size"] == 1 and self.engine.do_streams_hold_connections

    def transaction(
        self, *, isolation: Isolation = "default", readonly: bool = False, deferrable: bool = False
    ) -> SyncTransaction:
        """`with db.transaction() as tx`: all of it or nothing. Inside another one, a savepoint."""
        return SyncTransaction(self, isolation, readonly=readonly, deferrable=deferrable)

    def session(self) -> SyncSession:
        """`with db.session() as s`: collects changes and writes them in one transaction."""
        return SyncSession(self)

    def run_transaction(self, work: Callable[..., Outcome], *arguments: Any, attempts: int = 5) -> Outcome:
        """Calls `work` inside a transaction, and again where the database says that may help."""
        if attempts < 1:
            raise ConfigurationError("attempts is at least 1")
        is_nested = scope_of(self) is not None
        tries = _Tries(1 if is_nested else attempts)
        while True:
            try:
                with self.transaction() as transaction:
                    if is_nested or not self.engine.restart_savepoint:
                        return work(*arguments)
                    return self._run_restarting(transaction, tries, lambda: work(*arguments))
            except BridgeError as error:
                if not tries.allow_another(error):
                    raise
            self.surroundings.sleep(tries.next_pause())

    def _run_restarting(
        self, transaction: SyncTransaction, tries: _Tries, work: Callable[[], Outcome]
    ) -> Outcome:
        """Runs it again from a savepoint after a conflict: the transaction keeps its place among others."""
        savepoint = self.engine.restart_savepoint
        transaction.set_restart_point(savepoint)
        while True:
            try:
                outcome = work()
                transaction.release_restart_point(savepoint)
            except SerializationFailureError as error:
                if not tries.allow_another(error):
                    raise
            else:
                return outcome
            transaction.restart(savepoint)
            self.surroundings.sleep(tries.next_pause())

    # --- branches ---

    def branch(self, name: str) -> Branch:
        """`with db.branch("feature") as feature`: a handle on a branch of versioned data, with
        connections of its own. UnsupportedFeatureError on databases without branches.
        """
        return Branch(self._branches, name)

    def on_branch(self, name: str) -> SyncDatabase:
        """A closed handle with the same settings, for one branch. Called by `branch`."""
        made = type(self)(url_of_branch(self._url, name), **self._settings)
        made._branches = self._branches  # noqa: SLF001 - of the same class
        made.load_watch = self.load_watch
        return made

    def delete_branch(self, name: str, *, force: bool = False) -> list[Any]:
        """Removes a branch and closes its connections; StatementError where it was not merged, unless `force`
        is said.
        """
        return self._delete_branch(name, force=force)

    def _delete_branch(self, name: str, *, force: bool) -> list[Any]:
        self._branches.forget(name)
        tries = _Tries(_DELETION_TRIES)
        while True:
            try:
                return super().delete_branch(name, force=force)
            except LockTimeoutError as error:  # the server has not yet noticed who left it
                if not tries.allow_another(error):
                    raise
            self.surroundings.sleep(tries.next_pause())

    # --- limits ---

    def budget(
        self, *, queries: int | None = None, rows: int | None = None, seconds: float | None = None
    ) -> AbstractContextManager[Budget]:
        """`with db.budget(queries=5)`: BudgetExceededError beyond that."""
        return budget(queries=queries, rows=rows, seconds=seconds)

    def timeout(self, seconds: float) -> AbstractContextManager[None]:
        """`with db.timeout(0.5)`: DeadlineExceededError for what is not done by then."""
        return timeout(seconds)

    def n_plus_one(self, reaction: Literal["raise", "warn", "off"]) -> None:
        """What happens when one relation is lazily loaded again and again from one place."""
        checked: Reaction = reaction
        self.load_watch = LoadWatch(checked)
