# GENERATED from bridgeorm/branches.py by tools/generate: edit that file instead.
"""Branches as handles: each has connections of its own, so that none ever comes back on another branch."""

from __future__ import annotations

from contextvars import Token
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from bridgeorm import _engine
from bridgeorm.context import Scope, database_closed, enter, leave
from bridgeorm.errors import ConfigurationError, QueryError, UnsupportedFeatureError

if TYPE_CHECKING:
    from bridgeorm.sync.database import SyncDatabase

_MOST_UNUSED = 8
"""Branches whose connections are kept for the next block; those not used for longest go first."""


def url_of_branch(url: str, name: str) -> str:
    """The same database, on a branch. QueryError for what cannot name one."""
    _engine.check_version_name(name)
    parts = urlsplit(url)
    database = parts.path.strip("/").partition("/")[0]
    if not database:
        raise ConfigurationError("a branch belongs to a database: the URL of this handle names none")
    return urlunsplit(parts._replace(path=f"/{database}/{name}"))


class Branches:
    """The open branches of one handle."""

    def __init__(self, database: SyncDatabase) -> None:
        self._database = database
        self._handles: dict[str, SyncDatabase] = {}
        self._users: dict[str, int] = {}

    def take(self, name: str) -> SyncDatabase:
        """The handle of a branch, opened if need be; `give_back` follows."""
        self._users[name] = self._users.get(name, 0) + 1
        try:
            return self._opened(name)
        except BaseException:
            self.give_back(name)
            raise

    def _opened(self, name: str) -> SyncDatabase:
        known = self._handles.get(name)
        if known is not None:
            return known
        engine = self._database.engine
        if not engine.has_capability("version_control"):
            raise UnsupportedFeatureError(f"{engine.dialect} has no branches of its data")
        handle = self._database.on_branch(name)
        handle.connect()
        database_closed(handle)  # a query that says no handle never means a branch by chance
        known = self._handles.get(name)
        if known is not None:  # another task was faster
            handle.close()
            return known
        self._handles[name] = handle
        return handle

    def give_back(self, name: str) -> None:
        """The opposite of `take`. Connections of branches that were not used for long are closed."""
        users = self._users[name] = self._users[name] - 1
        if users > 0:
            return
        del self._users[name]
        if name in self._handles:
            self._handles[name] = self._handles.pop(name)  # the latest stands last
        unused = [each for each in self._handles if each not in self._users]
        for each in unused[: max(0, len(unused) - _MOST_UNUSED)]:
            self._handles.pop(each).close()

    def forget(self, name: str) -> None:
        """Closes the connections of a branch that is to go. QueryError while a block is on it."""
        if name in self._users:
            raise QueryError(f"branch {name} is in use: leave its blocks before it is deleted")
        handle = self._handles.pop(name, None)
        if handle is not None:
            handle.close()

    def close_with(self, database: SyncDatabase) -> None:
        """Closes all of them with the handle they belong to; a branch that closes takes no other with it."""
        if database is not self._database:
            return
        handles = list(self._handles.values())
        self._handles.clear()
        for handle in handles:
            handle.close()


class Branch(Scope):
    """`with db.branch("feature") as feature`: a handle whose statements are on that branch. Inside the
    block it is also what queries run on that name no handle.
    """

    runs_statements = False

    def __init__(self, branches: Branches, name: str) -> None:
        _engine.check_version_name(name)
        self._branches = branches
        self._name = name
        self._token: Token[Scope | None] | None = None
        self.is_open = False
        self.outer: Scope | None = None

    @property
    def handle(self) -> Any:
        return self.database

    def __enter__(self) -> SyncDatabase:
        if self._token is not None:
            raise QueryError("a branch is entered once: ask the database for it again")
        handle = self._branches.take(self._name)
        self.database = handle
        self.is_open = True
        self._token = enter(self)
        return handle

    def __exit__(self, *_failure: object) -> None:
        self.is_open = False
        if self._token is not None:
            leave(self._token)
        self._branches.give_back(self._name)
