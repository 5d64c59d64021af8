# GENERATED from bridgeorm/session.py by tools/generate: edit that file instead.
"""The unit of work: objects are changed in memory and written together."""

from __future__ import annotations

from contextvars import Token
from typing import TYPE_CHECKING, Any, Self, TypeVar

from bridgeorm import _engine
from bridgeorm._engine import Instance, Snapshots
from bridgeorm.context import Scope, enter, leave, scope_of
from bridgeorm.errors import QueryError
from bridgeorm.model import Model
from bridgeorm.narrowing import parts_of
from bridgeorm.ordering import deletion_waves, waves, with_parents
from bridgeorm.staging import Staged
from bridgeorm.sync.inserting import insert_objects
from bridgeorm.sync.operations import delete_objects, link_all, update_objects
from bridgeorm.sync.running import Block, Call
from bridgeorm.sync.transaction import SyncTransaction
from bridgeorm.sync.verbs import Verbs
from bridgeorm.writing import unsaved_parents

if TYPE_CHECKING:
    from bridgeorm.sync.database import SyncDatabase

Object = TypeVar("Object", bound=Model)
Change = tuple[str, list[Any]]


class SyncSession(Verbs, Block):
    """`with db.session() as s`: `s.add`, `s.delete`, and changes found by themselves, written at
    the end or at `s.flush()`.
    """

    def __init__(self, database: SyncDatabase) -> None:
        self.database = database
        self.is_open = False
        self.outer: Scope | None = None
        self._transaction: SyncTransaction | None = None
        self._beginning: Any = None
        self._snapshots = Snapshots()
        self._new: dict[int, Instance] = {}
        self._seen: dict[int, Instance] = {}
        self._rows: list[Any] = []
        self._gone: dict[int, Instance] = {}
        self._links: list[tuple[Any, Instance, Change]] = []
        self._token: Token[Scope | None] | None = None

    # --- the block ---

    def __enter__(self) -> Self:
        if self._token is not None:
            raise QueryError("a session is entered once: ask the database for a new one")
        self.outer = scope_of(self.database)
        self.is_open = True
        self._token = enter(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_failure: object) -> None:
        try:
            if kind is None:
                self._finish()
            else:
                self._abandon()
        finally:
            self.is_open = False
            if self._token is not None:
                leave(self._token)

    def _finish(self) -> None:
        try:
            self.flush()
        except BaseException:
            self._abandon()
            raise
        if self._transaction is not None:
            try:
                self._transaction.commit()
            except BaseException:
                self._restore()
                raise
        if isinstance(self.outer, Block):
            self.outer.inherit(self._snapshots)
        self._snapshots.forget()

    def _abandon(self) -> None:
        self._restore()
        if self._transaction is not None:
            self._transaction.roll_back()

    def native(self) -> _engine.Transaction:
        while self._beginning is not None:
            self._beginning.wait()
        if self._transaction is None:
            self._beginning = self.database.surroundings.flight()
            try:
                transaction = SyncTransaction(self.database, "default", readonly=False, deferrable=False)
                transaction.begin(self.outer)
                self._transaction = transaction
            finally:
                self._beginning.set()
                self._beginning = None
        return self._transaction.native()

    def next_savepoint(self) -> int:
        return self._begun.next_savepoint()

    def inherit(self, snapshots: Snapshots) -> None:
        self._snapshots.inherit(snapshots)

    def _restore(self) -> None:
        self._snapshots.restore()

    def remember(self, instances: list[Instance]) -> None:
        self._snapshots.add(instances)

    def saw(self, rows: list[Any]) -> None:
        self._rows += rows

    @property
    def _begun(self) -> SyncTransaction:
        if self._transaction is None:
            raise QueryError("this session has sent nothing yet")
        return self._transaction

    def _call(self) -> Call:
        identity_map = self.database.surroundings.belongings().identity_map
        return Call(self.database, self, identity_map)

    @property
    def loads_on_access(self) -> bool:
        return self.database.loads_on_access

    # --- the unit of work ---

    def add(self, *instances: Model) -> None:
        """Inserts new objects when flushing; for objects of the database, has their changes written."""
        self._refuse_ended()
        for instance in instances:
            if not isinstance(instance, Model):
                raise QueryError(f"add() takes objects of models, not {type(instance).__name__}")
            self._gone.pop(id(instance), None)
            known = self._seen if _engine.is_persistent(instance) else self._new
            known[id(instance)] = instance

    def delete(self, instance: Object) -> Staged[Object]:  # type: ignore[override]  # staged, so it need not be awaited
        """Deletes the object's row when flushing."""
        self._refuse_ended()
        if self._new.pop(id(instance), None) is None:
            self._gone[id(instance)] = instance
        return Staged(instance)

    def flush(self) -> None:
        """Writes everything collected so far, in the order foreign keys need."""
        self._refuse_ended()
        return self._flush(self._call())

    def stage(self, relation: Any, owner: Instance, change: tuple[str, list[Any]]) -> bool:
        self._links.append((relation, owner, change))
        return True

    def _flush(self, call: Call) -> None:
        new = with_parents([*self._new.values(), *self._unsaved_linked(), *self._unsaved_parents()])
        changed = self._changed()
        if new or changed or self._gone or self._links:
            self.native()
        for wave in waves(new):
            insert_objects(call, wave)
        self._seen.update((id(instance), instance) for instance in new)
        self._new.clear()
        update_objects(call, changed)
        links, self._links = self._links, []
        link_all(call, links)
        gone, self._gone = list(self._gone.values()), {}
        for wave in deletion_waves(gone):
            for instance in wave:
                self._seen.pop(id(instance), None)
            delete_objects(call, wave)

    def _unsaved_linked(self) -> list[Instance]:
        listed = [thing for _relation, owner, change in self._links for thing in (owner, *change[1])]
        return [thing for thing in listed if not _engine.is_persistent(thing)]

    def _unsaved_parents(self) -> list[Instance]:
        """New objects that known ones were told to refer to."""
        return [parent for instance in self._known() for parent in unsaved_parents(instance)]

    def _known(self) -> list[Instance]:
        """Objects of the database that this session has seen."""
        for row in self._rows:
            for thing in parts_of(row):
                if isinstance(thing, Instance):
                    self._seen[id(thing)] = thing
        self._rows.clear()
        return [
            instance
            for identity, instance in self._seen.items()
            if identity not in self._gone and _engine.is_persistent(instance)
        ]

    def _changed(self) -> list[Instance]:
        return [
            instance
            for instance in self._known()
            if _engine.changed_columns(instance) or unsaved_parents(instance)
        ]

    def _refuse_ended(self) -> None:
        if not self.is_open:
            raise QueryError("this session has ended")
