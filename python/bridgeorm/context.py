"""Which handle and transaction the running code is in, and which databases are open."""

from __future__ import annotations

from contextvars import ContextVar, Token
from typing import Any, Protocol
from weakref import WeakSet

from bridgeorm.errors import ConfigurationError


class Handle(Protocol):
    """What queries and relations ask of a handle."""

    @property
    def loads_on_access(self) -> bool:
        """Whether reading an unloaded relation loads it."""
        ...

    def all(self, query: Any) -> Any:
        """All rows."""
        ...

    def first(self, query: Any) -> Any:
        """The first row or None."""
        ...

    def one(self, query: Any) -> Any:
        """The only row."""
        ...

    def count(self, query: Any) -> Any:
        """How many rows."""
        ...

    def exists(self, query: Any) -> Any:
        """Whether there is a row."""
        ...

    def load_relation(self, relation: Any, instance: Any) -> Any:
        """The relation's value, loaded for the instance and its siblings."""
        ...

    def link(self, relation: Any, instance: Any, changes: Any) -> Any:
        """Changes which rows a many-to-many relation holds."""
        ...


class Scope:
    """A block that statements run in: a transaction or a session."""

    database: Any
    """The database it belongs to."""
    is_open: bool
    """Whether the block has begun and not ended."""
    outer: Scope | None
    """The block around it."""
    runs_statements = True
    """Whether the handle's statements run inside it; else it only says which handle is meant."""

    @property
    def handle(self) -> Any:
        """What runs a query that names no handle."""
        return self


_current: ContextVar[Scope | None] = ContextVar("bridgeorm_scope", default=None)
_open: WeakSet[Any] = WeakSet()


def enter(scope: Scope) -> Token[Scope | None]:
    """Makes a block the innermost one of this task and of those it starts."""
    return _current.set(scope)


def leave(token: Token[Scope | None]) -> None:
    """Ends what `enter` began."""
    _current.reset(token)


def innermost() -> Scope | None:
    """The innermost block of any database."""
    return _current.get()


def scope_of(database: object) -> Scope | None:
    """The innermost block of this database."""
    scope = _current.get()
    while scope is not None and not (scope.runs_statements and scope.database is database):
        scope = scope.outer
    return scope


def database_opened(database: object) -> None:
    """Counts a database among those a bare query may mean."""
    _open.add(database)


def database_closed(database: object) -> None:
    """The opposite of `database_opened`."""
    _open.discard(database)


def text_of(statement: Any) -> str:
    """The SQL a statement becomes on the current handle; its kind where there is none."""
    scope = _current.get()
    handles = [scope.database] if scope is not None else list(_open)
    if len(handles) == 1:
        return str(handles[0].engine.compiled_text(statement))
    return f"<{statement.kind}>"


def current_handle() -> Any:
    """What a bare query runs on: the innermost block, else the one open database. ConfigurationError
    where that says nothing.
    """
    scope = _current.get()
    if scope is not None:
        return scope.handle
    handles = list(_open)
    if len(handles) == 1:
        return handles[0]
    if not handles:
        raise ConfigurationError("no database is open: `async with Database(url) as db`")
    raise ConfigurationError("several databases are open: say which one, as `db.all(query)`")
