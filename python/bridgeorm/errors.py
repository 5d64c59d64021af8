"""Everything that can go wrong, as one tree of exceptions.

BridgeError
├── ConfigurationError
├── ModelError
├── ValidationError
├── QueryError
│   ├── MisusedExpressionError
│   ├── InvalidIdentifierError
│   ├── UnsupportedFeatureError
│   ├── UnparameterizedSqlError
│   ├── BudgetExceededError
│   └── RepeatedLoadError
├── NotLoadedError
├── ConnectivityError
│   ├── ConnectFailedError
│   ├── AuthenticationError
│   ├── TlsError
│   ├── ConnectionLostError
│   └── CommitOutcomeUnknownError
├── AvailabilityError
│   ├── PoolTimeoutError
│   ├── PoolClosedError
│   └── CircuitOpenError
├── DeadlineExceededError
├── OperationCancelledError
├── DatabaseError
│   ├── IntegrityError
│   │   ├── UniqueViolationError
│   │   ├── ForeignKeyViolationError
│   │   ├── NotNullViolationError
│   │   └── CheckViolationError
│   ├── ConcurrencyError
│   │   ├── SerializationFailureError
│   │   ├── DeadlockError
│   │   └── LockTimeoutError
│   ├── MergeConflictError
│   ├── StatementError
│   ├── DataError
│   └── PrivilegeError
├── ResultError
│   ├── NoRowFoundError
│   ├── MultipleRowsFoundError
│   ├── DecodeError
│   └── StaleRowError
├── HookAbortedError
├── MigrationError
└── InternalError
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridgeorm.results import ConflictCounts

__all__ = [
    "AuthenticationError",
    "AvailabilityError",
    "BridgeError",
    "BudgetExceededError",
    "CheckViolationError",
    "CircuitOpenError",
    "CommitOutcomeUnknownError",
    "ConcurrencyError",
    "ConfigurationError",
    "ConnectFailedError",
    "ConnectionLostError",
    "ConnectivityError",
    "DataError",
    "DatabaseError",
    "DeadlineExceededError",
    "DeadlockError",
    "DecodeError",
    "ForeignKeyViolationError",
    "HookAbortedError",
    "IntegrityError",
    "InternalError",
    "InvalidIdentifierError",
    "LockTimeoutError",
    "MergeConflictError",
    "MigrationError",
    "MisusedExpressionError",
    "ModelError",
    "MultipleRowsFoundError",
    "NoRowFoundError",
    "NotLoadedError",
    "NotNullViolationError",
    "OperationCancelledError",
    "PoolClosedError",
    "PoolTimeoutError",
    "PrivilegeError",
    "QueryError",
    "RepeatedLoadError",
    "ResultError",
    "SerializationFailureError",
    "StaleRowError",
    "StatementError",
    "TlsError",
    "UniqueViolationError",
    "UnparameterizedSqlError",
    "UnsupportedFeatureError",
    "ValidationError",
]


class BridgeError(Exception):
    """The root. What is known about a failure stands in its attributes."""

    code: str = "bridge"
    """Stable snake_case name of the failure."""
    is_retryable: bool = False
    """Whether the same operation, as a whole transaction where it was in one, may succeed if repeated."""
    was_sent: bool | None = False
    """Whether the statement reached the server; None where nobody can know."""
    operation: str | None = None
    """The operation that failed, where there was one."""


class ConfigurationError(BridgeError):
    """A handle, URL or option that cannot be used, or used here."""

    code = "configuration"


class ModelError(BridgeError):
    """A model that cannot be built from what its class body says."""

    code = "model"


class ValidationError(BridgeError):
    """A value that does not fit its column. Names model, column and types, never the value."""

    code = "validation"


class QueryError(BridgeError):
    """A query that cannot be built or run as it was written."""

    code = "query"


class MisusedExpressionError(QueryError, TypeError):
    """An expression where Python wants a truth value or a sequence, or the other way round."""

    code = "misused_expression"


class InvalidIdentifierError(QueryError):
    """A name that cannot name a table, column or constraint."""

    code = "invalid_identifier"


class UnsupportedFeatureError(QueryError):
    """A construct that this database does not have."""

    code = "unsupported_feature"


class UnparameterizedSqlError(QueryError):
    """SQL text that was not provably written in the source."""

    code = "unparameterized_sql"


class BudgetExceededError(QueryError):
    """More statements, rows or seconds than `db.budget` allowed."""

    code = "budget_exceeded"


class RepeatedLoadError(QueryError):
    """One relation lazily loaded again and again from one place, which `db.n_plus_one("raise")` refuses."""

    code = "repeated_load"


class NotLoadedError(BridgeError):
    """A column or relation whose value is not in memory. No AttributeError: `getattr` with a default
    never hides it.
    """

    code = "not_loaded"


class ConnectivityError(BridgeError):
    """The way to the server is broken."""

    code = "connectivity"


class ConnectFailedError(ConnectivityError):
    """No connection could be made."""

    code = "connect_failed"
    is_retryable = True


class AuthenticationError(ConnectivityError):
    """The server refused the login."""

    code = "authentication"


class TlsError(ConnectivityError):
    """An encrypted connection was asked for and could not be made."""

    code = "tls"


class ConnectionLostError(ConnectivityError):
    """An established connection ended."""

    code = "connection_lost"
    is_retryable = True


class CommitOutcomeUnknownError(ConnectivityError):
    """The connection ended between a COMMIT and its answer: the work may stand or not."""

    code = "commit_outcome_unknown"


class AvailabilityError(BridgeError):
    """The statement was refused before it reached the network."""

    code = "availability"


class PoolTimeoutError(AvailabilityError):
    """No connection became free in time."""

    code = "pool_timeout"
    is_retryable = True


class PoolClosedError(AvailabilityError):
    """The handle is closed, or was never opened."""

    code = "pool_closed"


class CircuitOpenError(AvailabilityError):
    """The circuit breaker is open: the database is known to fail."""

    code = "circuit_open"
    is_retryable = True
    retry_after: float = 0.0
    """Seconds until the breaker lets a probe through."""


class DeadlineExceededError(BridgeError):
    """The time allowed for an operation is over."""

    code = "deadline_exceeded"


class OperationCancelledError(BridgeError):
    """The operation was cancelled before it ended."""

    code = "cancelled"


class DatabaseError(BridgeError):
    """The server refused the statement."""

    code = "database"
    sqlstate: str | None = None
    constraint: str | None = None
    table: str | None = None
    column: str | None = None
    detail: str | None = None


class IntegrityError(DatabaseError):
    """The statement would break a constraint."""

    code = "integrity"


class UniqueViolationError(IntegrityError):
    """A row with this key exists."""

    code = "unique_violation"


class ForeignKeyViolationError(IntegrityError):
    """The row referred to does not exist, or rows still refer to this one."""

    code = "foreign_key_violation"


class NotNullViolationError(IntegrityError):
    """A column that may not be NULL was."""

    code = "not_null_violation"


class CheckViolationError(IntegrityError):
    """A check constraint refused the row."""

    code = "check_violation"


class ConcurrencyError(DatabaseError):
    """Another transaction was in the way; the whole transaction may be tried again."""

    code = "concurrency"
    is_retryable = True


class SerializationFailureError(ConcurrencyError):
    """The transaction could not be placed in a serial order."""

    code = "serialization_failure"


class DeadlockError(ConcurrencyError):
    """Transactions waited for each other and this one was chosen to end."""

    code = "deadlock"


class LockTimeoutError(ConcurrencyError):
    """A lock was not granted in time."""

    code = "lock_timeout"


class MergeConflictError(DatabaseError):
    """Two branches changed the same rows, each otherwise; nothing was merged."""

    code = "merge_conflict"
    tables: Mapping[str, "ConflictCounts"] = {}
    """What is in the way, by table."""
    ours: str = ""
    """The commit of the branch that was to take in the other."""
    theirs: str = ""
    """The commit of the other."""


class StatementError(DatabaseError):
    """The server does not understand the statement, or a table or column does not exist."""

    code = "statement"


class DataError(DatabaseError):
    """The server refused a value."""

    code = "data"


class PrivilegeError(DatabaseError):
    """The login may not do this."""

    code = "privilege"


class ResultError(BridgeError):
    """The rows were not what was asked for."""

    code = "result"
    was_sent = True


class NoRowFoundError(ResultError):
    """A row was asked for and there is none."""

    code = "no_row_found"


class MultipleRowsFoundError(ResultError):
    """One row was asked for and there are more."""

    code = "multiple_rows_found"


class DecodeError(ResultError):
    """A row in the database does not fit the model."""

    code = "decode"


class StaleRowError(ResultError):
    """The row was changed by somebody else since it was read."""

    code = "stale_row"
    objects: Sequence[object] = ()
    """The objects whose rows were not written."""


class HookAbortedError(BridgeError):
    """Raised by a hook to stop the operation it stands before."""

    code = "hook_aborted"


class MigrationError(BridgeError):
    """A migration that cannot be made, ordered or run."""

    code = "migration"


class InternalError(BridgeError):
    """A defect of the library, caught at the border between Python and C++."""

    code = "internal"


def classes_by_code() -> dict[str, type[Exception]]:
    """The class raised for each code of the engine's closed list."""
    classes: dict[str, type[Exception]] = {}
    waiting: list[type[BridgeError]] = [BridgeError]
    while waiting:
        cls = waiting.pop()
        classes[cls.code] = cls
        waiting.extend(cls.__subclasses__())
    # Two codes say why, not what: their causes are told apart by `code` alone.
    classes["server_failure"] = DatabaseError
    classes["statement_cache_stale"] = StatementError
    return classes
