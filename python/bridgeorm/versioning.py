"""Making states of versioned data and moving between them: commits, branches, merges, tags."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from bridgeorm import _engine
from bridgeorm.errors import MergeConflictError, QueryError
from bridgeorm.model import Model
from bridgeorm.model_schema import schema_of
from bridgeorm.pending import Pending
from bridgeorm.query import Query
from bridgeorm.results import ConflictCounts
from bridgeorm.running import Call
from bridgeorm.versions import (
    BranchTip,
    Conflicts,
    Differences,
    Log,
    Merge,
    Tag,
    branch_tips,
    conflict_counts,
    tags,
)

Object = TypeVar("Object", bound=Model)
Words = list[tuple[str, str | None]]
_MERGE_COLUMNS = 4
"""What a merge answers: the new commit, whether it was fast forward, conflicts, a sentence."""


async def change(call: Call, action: Any, words: Words) -> list[Any]:
    """Makes or removes a state, outside transactions: some of it would end them."""
    _refuse_block(call, action)
    outcome = await call.execute(_engine.version_change(action, words))
    return outcome.rows


def _refuse_block(call: Call, action: str) -> None:
    if call.block is not None:
        raise QueryError(
            f"{action} of versions is not part of a transaction or session: say it when that has ended"
        )


async def commit(call: Call, words: Words) -> str:
    """The new commit's hash."""
    rows = await change(call, "commit", words)
    return str(rows[0][0])


async def merge(call: Call, branch: str, words: Words) -> Merge:
    """Merges in a transaction of its own, so that conflicts leave everything as it was."""
    _refuse_block(call, "merge")
    statement = _engine.version_change("merge", words)
    transaction = call.database.transaction()
    await transaction.begin(None)
    is_done = False
    try:
        outcome = await call.within(transaction).execute(statement)
        commit_hash, is_fast_forward, conflicts, message = outcome.rows[0][:_MERGE_COLUMNS]
        is_done = not conflicts
    finally:
        if not is_done:
            await transaction.roll_back()
    if not is_done:
        raise await _conflict(call, branch)
    await transaction.commit()
    return Merge(str(commit_hash or ""), bool(is_fast_forward), str(message))


async def _conflict(call: Call, branch: str) -> MergeConflictError:
    """Tells what is in the way; the commits are named, so that it can be read however branches move on."""
    ours = await call.rows(Log(None).limit(1))
    theirs = await call.rows(Log(branch).limit(1))
    found = await call.rows(conflict_counts(ours[0].hash, theirs[0].hash))
    error = MergeConflictError(
        f"{branch} was not merged, as both branches changed the same rows or definitions of "
        + ", ".join(table for table, _rows, _definitions in found)
        + ": read them with conflicts(Model, error.ours, error.theirs), and change one of the branches"
    )
    error.tables = {table: ConflictCounts(rows, definitions) for table, rows, definitions in found}
    error.ours, error.theirs = ours[0].hash, theirs[0].hash
    error.was_sent, error.operation = True, "version"
    return error


class Versioning:
    """What a handle does on a database that keeps its rows under version control. On any other it fails with
    UnsupportedFeatureError. What makes or removes a state is refused inside transactions and sessions.
    """

    def _call(self) -> Call:
        raise NotImplementedError

    # --- making states ---

    def commit(
        self, message: str, *, author: str | None = None, everything: bool = True, allow_empty: bool = False
    ) -> Coroutine[Any, Any, str]:
        """Keeps the rows as they are now as a state of their own, and gives its hash. `author` is written as
        `Ann <ann@example.org>`. With `everything=False` only tables that were staged. StatementError where
        nothing changed.
        """
        words: Words = [("message", message)]
        if author is not None:
            words.append(("author", author))
        if everything:
            words.append(("all", None))
        if allow_empty:
            words.append(("empty", None))
        return Pending(commit(self._call(), words))

    def stage(self, *models: type[Model]) -> Coroutine[Any, Any, list[Any]]:
        """Chooses tables for the next `commit(..., everything=False)`; all of them if none are named."""
        words: Words = [("name", schema_of(model).table_name) for model in models]
        return Pending(change(self._call(), "stage", words or [("all", None)]))

    def reset(self, revision: str | None = None, *, hard: bool = False) -> Coroutine[Any, Any, list[Any]]:
        """Takes back what was staged, and with `hard` every change since the last commit, or since
        `revision`, which the branch then goes back to.
        """
        words: Words = [("hard", None)] if hard else []
        if revision is not None:
            _engine.check_revision(revision)
            words.append(("name", revision))
        return Pending(change(self._call(), "reset", words))

    def merge(
        self,
        branch: str,
        *,
        message: str | None = None,
        squash: bool = False,
        fast_forward: bool = True,
    ) -> Coroutine[Any, Any, Merge]:
        """Brings in what was committed on another branch. MergeConflictError, with everything as it was,
        where both changed the same rows otherwise.
        """
        _engine.check_revision(branch)
        words: Words = [("squash", None)] if squash else []
        if not fast_forward:
            words.append(("no_forward", None))
        if message is not None:
            words.append(("message", message))
        return Pending(merge(self._call(), branch, [*words, ("name", branch)]))

    # --- branches and tags ---

    def create_branch(self, name: str, *, start: str | None = None) -> Coroutine[Any, Any, list[Any]]:
        """Makes a branch where this one is, or at `start`."""
        _engine.check_version_name(name)
        words: Words = [("name", name)]
        if start is not None:
            _engine.check_revision(start)
            words.append(("name", start))
        return Pending(change(self._call(), "branch", words))

    def delete_branch(self, name: str, *, force: bool = False) -> Coroutine[Any, Any, list[Any]]:
        """Removes a branch; StatementError where it was not merged, unless `force` is said."""
        _engine.check_version_name(name)
        words: Words = [("force", None)] if force else []
        return Pending(change(self._call(), "branch", [*words, ("delete", None), ("name", name)]))

    def branches(self) -> Coroutine[Any, Any, Sequence[BranchTip]]:
        """All branches, by name."""
        return Pending(_listed(self._call(), branch_tips()))

    def tag(
        self, name: str, revision: str | None = None, *, message: str | None = None
    ) -> Coroutine[Any, Any, list[Any]]:
        """Gives a commit a name that stays."""
        _engine.check_version_name(name)
        words: Words = [("name", name)]
        if revision is not None:
            _engine.check_revision(revision)
            words.append(("name", revision))
        if message is not None:
            words.append(("message", message))
        return Pending(change(self._call(), "tag", words))

    def delete_tag(self, name: str) -> Coroutine[Any, Any, list[Any]]:
        """Removes a tag."""
        _engine.check_version_name(name)
        return Pending(change(self._call(), "tag", [("delete", None), ("name", name)]))

    def tags(self) -> Coroutine[Any, Any, Sequence[Tag]]:
        """All tags, by name."""
        return Pending(_listed(self._call(), tags()))

    # --- reading ---

    def log(self, revision: str | None = None) -> Log:
        """A query for the commits that lead to a state, by default that of this branch; the latest first."""
        return Log(revision)

    def diff(self, model: type[Object], from_: str, to: str) -> Differences[Object]:
        """A query for the rows of a model that differ between two states; `"WORKING"` is what nobody has
        committed yet.
        """
        return Differences(model, from_, to)

    def conflicts(self, model: type[Object], ours: str, theirs: str) -> Conflicts[Object]:
        """A query for the rows of a model that two branches changed, each otherwise: those in the way of a
        merge, before it or after it failed.
        """
        return Conflicts(model, ours, theirs)


async def _listed(call: Call, query: Query[Any]) -> list[Any]:
    return await call.rows(query)
