"""The unit of work: objects are changed in memory and written together."""

from __future__ import annotations

from collections.abc import Coroutine
from contextvars import Token
from typing import TYPE_CHECKING, Any, Self, TypeVar

from bridgeorm import _engine
from bridgeorm._engine import Instance
from bridgeorm.circles import empty_references
from bridgeorm.context import Scope, enter, leave, scope_of
from bridgeorm.errors import QueryError
from bridgeorm.inserting import insert_objects
from bridgeorm.model import Model
from bridgeorm.narrowing import parts_of
from bridgeorm.operations import delete_in_order, link_all, update_objects, write_changes
from bridgeorm.ordering import WritingOrder, deletion_order, insertion_order, with_parents
from bridgeorm.pending import Pending
from bridgeorm.running import Block, Call, Memory
from bridgeorm.settling import database_of, foreign_columns_of, join_relations
from bridgeorm.staging import Staged
from bridgeorm.transaction import Ending, Transaction
from bridgeorm.verbs import Verbs
from bridgeorm.writing import unsaved_parents

if TYPE_CHECKING:
    from bridgeorm.database import Database

Object = TypeVar("Object", bound=Model)
Change = tuple[str, list[Any]]


class Session(Verbs, Block):
    """`async with db.session() as s`: `s.add`, `s.delete`, and changes found by themselves, written at
    the end or at `s.flush()`.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.is_open = False
        self.outer: Scope | None = None
        self._transaction: Transaction | None = None
        self._beginning: Any = None
        self.memory = Memory()
        self._new: dict[int, Instance] = {}
        self._seen: dict[int, Instance] = {}
        self._rows: list[Any] = []
        self._gone: dict[int, Instance] = {}
        self._links: list[tuple[Any, Instance, Change]] = []
        self._token: Token[Scope | None] | None = None
        self._is_flushing = False
        self._has_failed = False
        self._ended: Transaction | None = None

    # --- the block ---

    async def __aenter__(self) -> Self:
        if self._token is not None:
            raise QueryError("a session is entered once: ask the database for a new one")
        self.outer = scope_of(self.database)
        self.is_open = True
        self._token = enter(self)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_failure: object) -> None:
        try:
            if kind is None:
                await self._finish()
            else:
                await self._abandon()
        finally:
            self.is_open = False
            if self._token is not None:
                leave(self._token)

    async def _finish(self) -> None:
        self._refuse_failed()
        await self.flush()
        if self._transaction is not None:
            try:
                await self._transaction.commit()
            except BaseException:
                self._restore()
                raise
        if isinstance(self.outer, Block):
            self.outer.inherit(self.memory)
        self.memory.forget()

    async def _abandon(self) -> None:
        """Rolls everything back; a second time does nothing."""
        self._restore()
        transaction, self._transaction = self._transaction, None
        if transaction is not None:
            await transaction.roll_back()

    async def native(self) -> _engine.Transaction:
        self._refuse_failed()
        while self._beginning is not None:
            await self._beginning.wait()
        if self._transaction is None:
            self._beginning = self.database.surroundings.flight()
            try:
                transaction = Transaction(self.database, "default", readonly=False, deferrable=False)
                await transaction.begin(self.outer)
                self._transaction = self._ended = transaction
            finally:
                self._beginning.set()
                self._beginning = None
        return await self._transaction.native()

    def next_savepoint(self) -> int:
        return self._begun.next_savepoint()

    def _restore(self) -> None:
        self.memory.restore()

    def saw(self, rows: list[Any]) -> None:
        self._rows += rows

    @property
    def ending(self) -> Ending:
        """How its transaction ended; "open" where it never needed one."""
        return "open" if self._ended is None else self._ended.ending

    @property
    def _begun(self) -> Transaction:
        if self._transaction is None:
            raise QueryError("this session has sent nothing yet")
        return self._transaction

    async def settle(self) -> None:
        await self.flush()

    def discard(self) -> None:
        self._new.clear()
        self._gone.clear()
        self._links.clear()

    def _call(self) -> Call:
        """In the innermost block opened inside the session, which may be a savepoint."""
        identity_map = self.database.surroundings.belongings().identity_map
        return Call(self.database, self.block_around(scope_of(self.database)), identity_map)

    def transaction(self) -> Transaction:
        """A savepoint inside this session. What was collected before is flushed first, what is collected in
        it at its end.
        """
        return Transaction(self.database, "default", readonly=False, deferrable=False)

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
            self._refuse_foreign(instance)
            self._gone.pop(id(instance), None)
            known = self._seen if _engine.is_persistent(instance) else self._new
            known[id(instance)] = instance

    def delete(self, instance: Object) -> Staged[Object]:  # type: ignore[override]  # staged, so it need not be awaited
        """Deletes the object's row when flushing."""
        self._refuse_ended()
        self._refuse_foreign(instance)
        if self._new.pop(id(instance), None) is None:
            if not _engine.is_persistent(instance):
                raise QueryError(f"{instance!r} is not in the database")
            self._gone[id(instance)] = instance
        return Staged(instance)

    def flush(self) -> Coroutine[Any, Any, None]:
        """Writes everything collected so far, in the order foreign keys need."""
        self._refuse_ended()
        self._refuse_failed()
        return Pending(self._flush(self._call()))

    def stage(self, relation: Any, owner: Instance, change: tuple[str, list[Any]]) -> bool:
        self._links.append((relation, owner, change))
        return True

    async def _flush(self, call: Call) -> None:
        if self._is_flushing:
            raise QueryError("this session is being flushed already, by another task or from a hook")
        self._is_flushing = True
        try:
            await self._write(call)
        except BaseException:
            if call.block is self:  # a savepoint inside it rolls itself back, and the session goes on
                self._has_failed = True
                await self._abandon()
            raise
        finally:
            self._is_flushing = False

    async def _write(self, call: Call) -> None:
        """Everything collected. What cannot be ordered is refused before anything is sent."""
        new = with_parents([*self._new.values(), *self._unsaved_linked(), *self._unsaved_parents()])
        gone = list(self._gone.values())
        insertions, deletions = insertion_order(new), deletion_order(gone)
        if not (new or gone or self._links or self._changed()):
            return
        await self.native()
        await self._insert(call, insertions)
        changed = self._changed()
        moved = [
            each for each in changed if not foreign_columns_of(each).isdisjoint(_engine.changed_columns(each))
        ]
        await update_objects(call, changed)
        join_relations(call, [*new, *moved])
        links, self._links = self._links, []
        await link_all(call, links)
        self._gone.clear()
        await delete_in_order(call, deletions)

    async def _insert(self, call: Call, order: WritingOrder) -> None:
        emptied = empty_references(call, order.postponed)
        for wave in order.waves:
            await insert_objects(call, wave)
            self._seen.update((id(instance), instance) for instance in wave)
        self._new.clear()
        await write_changes(call, emptied.fill())

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

    def _refuse_foreign(self, instance: Instance) -> None:
        database = database_of(instance)
        if database is not None and database is not self.database and _engine.is_persistent(instance):
            raise QueryError(f"{instance!r} came from another database than this session's")

    def _refuse_failed(self) -> None:
        if self._has_failed:
            raise QueryError("this session was rolled back when its flush failed: begin another one")

    def _refuse_ended(self) -> None:
        if not self.is_open:
            raise QueryError("this session has ended")
