"""The native engine as Python sees it. Private: users import from `bridgeorm`. Verified against the module
by a test.

Every callable here goes through the guard: failures raise the classes handed to `register_errors`, never
anything else, and the process lives.
Nodes, tables and statements are immutable and may be shared between threads; everything else belongs to the
thread of its loop.
"""

from asyncio import AbstractEventLoop
from collections.abc import Callable, Coroutine, Generator, Iterable, Sequence
from typing import Any, Generic, Literal, Self, TypeVar, final

_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)

# --- errors ---

def register_errors(classes: dict[str, type[Exception]]) -> None:
    """Names the class raised for each error code. Each class is called as `cls(message)` and gets the
    attributes `code`, `is_retryable`, `was_sent`
    (True, False or None for unknown), `operation`, and for database errors `sqlstate constraint table
    column detail`, for open circuits `retry_after` (seconds).
    """

def error_codes() -> list[tuple[str, bool]]:
    """Every code the engine knows, and whether it is retryable."""

# --- types, nodes, tables ---

@final
class ColumnType:
    """A storage type with its bounds. `storage` is a name from engine/types/storage_type.h."""

    def __init__(
        self,
        storage: str,
        *,
        element: str | None = None,
        nullable: bool = False,
        precision: int = 0,
        scale: int = 0,
        max_length: int = 0,
    ) -> None: ...
    storage: str
    element: str | None
    nullable: bool
    precision: int
    scale: int
    max_length: int

@final
class Node:
    """An expression. `type` is what it yields."""

    @property
    def type(self) -> ColumnType: ...
    @property
    def is_truth_value(self) -> bool:
        """Whether it is true, false or NULL, as conditions are."""

    @property
    def has_aggregate(self) -> bool: ...
    @property
    def hash(self) -> int: ...
    def says_the_same(self, other: Node) -> bool:
        """Whether both say the same about the same sources, whatever their values."""

@final
class Table:
    """A table as `make_table` checked it."""

    @property
    def name(self) -> str: ...
    @property
    def column_names(self) -> list[str]: ...

@final
class Source:
    """One use of a table in a statement. `Source(table)` is the plain use, `Source(table, aliased=True)` a
    further copy.
    """

    def __init__(self, table: Table, *, aliased: bool = False) -> None: ...
    def column(self, index: int) -> Node: ...
    def copy(self) -> Source:
        """A further use of the same rows."""
    @property
    def width(self) -> int:
        """How many columns it has."""
    @property
    def is_derived(self) -> bool:
        """Whether the statement itself makes its rows."""

def make_table(
    name: str,
    schema: str | None,
    columns: Sequence[tuple[str, ColumnType, bool, str, Node | None, Sequence[str]]],
    foreign_keys: Sequence[tuple[str | None, Sequence[int], str | None, str, Sequence[str], str, str, bool]],
    uniques: Sequence[tuple[str | None, Sequence[int], bool]],
) -> Table:
    """Columns: (name, type, is primary key, generation "none"|"identity"|"expression", default, labels).
    Foreign keys: (name, column indices, target schema, target
    table, target columns, on delete, on update, whether checked at commit) with actions
    "no_action"|"restrict"|"cascade"|"set_null"|"set_default". Uniques: (name, column indices, whether
    checked at commit).
    """

def with_checks(
    table: Table,
    checks: Sequence[tuple[str | None, Callable[[Source], Node]]],
    indexes: Sequence[tuple[str | None, Sequence[Node], bool]],
    text_indexes: Sequence[tuple[str | None, Sequence[int], str]] = (),
) -> Table:
    """The table with more constraints. Text indexes: (name, column indices, language)."""

def parameter(value: object, column_type: ColumnType, context: str) -> Node:
    """A bound value, checked strictly against the type. `context` (as "Book.price") is named in the
    ValidationError, the value never.
    """

def infer_parameter(value: object) -> Node:
    """A bound value whose type follows from its exact Python class: int, bool, float, Decimal, str, bytes,
    date, time, datetime, timedelta, UUID, dict/list (JSON), IP addresses.
    """

def binary(operator: str, left: Node, right: Node) -> Node:
    """Operators: eq ne lt le gt ge add subtract multiply divide modulo concatenate and or like not_like
    ilike not_ilike is_distinct_from is_not_distinct_from.
    """

def compare(operator: str, left: Node, value: object, column_type: ColumnType, context: str) -> Node:
    """`binary` with a bound value, which is checked as `parameter` does."""

def unary(operator: Literal["not", "negate", "is_null", "is_not_null"], operand: Node) -> Node: ...
def function(
    name: str, arguments: Sequence[Node], result: ColumnType, distinct: bool, condition: Node | None
) -> Node: ...
def function_traits(name: str) -> tuple[bool, str] | None:
    """(is aggregate, result rule) of a known function; rules: "argument", "nullable_argument", "int64",
    "decimal_average", "sum", "text", "float64", "timestamp_utc", "bool", ...
    """

def star() -> Node: ...
def in_list(left: Node, values: Sequence[object], negated: bool, context: str) -> Node: ...
def in_subquery(left: Node, query: Statement, negated: bool) -> Node: ...
def between(operand: Node, low: Node, high: Node, negated: bool) -> Node: ...
def case(branches: Sequence[tuple[Node, Node]], otherwise: Node | None) -> Node: ...
def cast(operand: Node, target: ColumnType) -> Node: ...
def exists(query: Statement) -> Node: ...
def scalar_subquery(query: Statement) -> Node: ...
def row(members: Sequence[Node]) -> Node: ...
def ordering(operand: Node, descending: bool, nulls: Literal["default", "first", "last"]) -> Node: ...
def label(operand: Node, name: str) -> Node: ...
def excluded(table: Table, column: int) -> Node: ...
def window(
    call: Node,
    partition_by: Sequence[Node],
    order_by: Sequence[Node],
    frame: tuple[Literal["rows", "range", "groups"], tuple[str, Node | None], tuple[str, Node | None], str]
    | None = None,
    name: str | None = None,
) -> Node:
    """`call OVER (...)`; `call` is a function call. A frame is (unit, start, end, exclusion); bounds are
    ("unbounded_preceding" | "preceding" | "current_row" | "following" | "unbounded_following", distance);
    exclusions "no_others" | "current_row" | "group" | "ties".
    """

def aggregate(
    name: str,
    arguments: Sequence[Node],
    result: ColumnType,
    clauses: tuple[bool, Sequence[Node], bool, Node | None],
) -> Node:
    """A call of an aggregate; its clauses are (distinct, order, whether within a group, filter)."""

def text_search(
    function: Literal["text_matches", "text_rank", "text_highlight", "text_snippet"],
    language: str,
    arguments: Sequence[Node],
) -> Node:
    """A search for words. Arguments: the query, the texts, and for the last two both marks; a snippet has a
    number of words behind them.
    """

def grouping_sets(kind: Literal["rollup", "cube", "sets"], sets: Sequence[Sequence[Node]]) -> Node:
    """Several groupings at once, for group_by."""

def subquery_source(name: str, query: Statement, lateral: bool) -> Source:
    """The rows of a query as a source; a lateral one may speak of the sources before it."""

def with_source(name: str, body: Statement, materialized: bool | None) -> Source:
    """A common table expression over a query, or a write that returns rows."""

def recursion_source(name: str, anchor: Statement) -> Source:
    """The rows so far of a recursive common table that begins with `anchor`."""

def recursive_source(
    recursion: Source, anchor: Statement, recursive_part: Statement, materialized: bool | None
) -> Source: ...
def raw_source(name: str, columns: Sequence[tuple[str, ColumnType]], raw: Statement) -> Source:
    """The rows of raw text, which gives columns of these names."""

def values_source(
    name: str, columns: Sequence[tuple[str, ColumnType]], rows: Sequence[Sequence[Node]]
) -> Source: ...
def instance_rows(source: Source, name: str, instances: list[Instance], columns: Sequence[int]) -> Source:
    """These columns of objects of the source's model, a row for each, as a source to match rows with. Where
    lists are bound row by row, the last row may stand there more than once.
    """

def set_operation(operator: str, queries: Sequence[Statement]) -> Statement:
    """Operators: union union_all intersect intersect_all except except_all. QueryError when the queries do
    not fit together.
    """

def output_types(statement: Statement) -> list[ColumnType]:
    """What the columns of a statement's rows hold."""

def table_name(table: Table) -> Node:
    """A table's name, for a place in raw text."""

def spliced_query(query: Statement) -> Node:
    """A query in parentheses, for a place in raw text."""

def raw_fragment(pieces: Sequence[str], parts: Sequence[Node], result: ColumnType) -> Node:
    """SQL written by the application inside an expression; one piece of text more than parts."""

def function_result(name: str, argument: ColumnType) -> ColumnType:
    """The type a known function gives for a first argument of that type."""

# --- statements ---

@final
class Statement:
    """An immutable statement."""

    @property
    def hash(self) -> int: ...
    @property
    def kind(self) -> str: ...

# A selection is a Source (all its columns), a part of one (source, first column, number), or a Node.
def select(
    selections: Sequence[Source | Node | tuple[Source, int, int]], from_: Sequence[Source]
) -> Statement: ...
def select_by_key(source: Source, key: Sequence[int]) -> Statement:
    """The row of a table by these columns, with nothing bound: for `Engine.look_up`."""

def select_with(
    query: Statement,
    joins: Sequence[tuple[Literal["inner", "left", "right", "full", "cross"], Source, Node | None]] = (),
    where: Sequence[Node] = (),
    group_by: Sequence[Node] = (),
    having: Sequence[Node] = (),
    order_by: Sequence[Node] = (),
    distinct: bool | None = None,
    distinct_on: Sequence[Node] = (),
    limit: int | None = None,
    offset: int | None = None,
    lock: tuple[Literal["share", "update"], bool, bool, Sequence[Source]] | None = None,
    selections: Sequence[Source | Node | tuple[Source, int, int]] | None = None,
    clear_order: bool = False,
) -> Statement:
    """A copy with clauses added (joins, where, ... are appended; the others replaced)."""

def check_query(query: Statement) -> None:
    """QueryError, naming the column or clause, for a query that no database could answer."""

def check_distinct(
    selections: Sequence[Source | Node | tuple[Source, int, int]],
    distinct_on: Sequence[Node],
    order_by: Sequence[Node],
) -> None:
    """QueryError for an order that does not go with DISTINCT over what is selected, or over these columns."""

def check_conditions(conditions: Sequence[Node], clause: str) -> None:
    """QueryError when a condition holds what cannot stand in this clause: an aggregate, a window."""

def check_group_key(key: Node) -> None:
    """QueryError when rows cannot be grouped by this."""

def insert(
    source: Source,
    columns: Sequence[int],
    rows: Sequence[Sequence[Node | None]],
    returning: Sequence[Source | Node | tuple[Source, int, int]] = (),
    on_conflict: tuple[Sequence[int], Literal["ignore", "update"], Sequence[tuple[int, Node]], Node | None]
    | None = None,
) -> Statement:
    """None in a row stands for DEFAULT."""

def insert_select(
    source: Source,
    columns: Sequence[int],
    query: Statement,
    returning: Sequence[Source | Node | tuple[Source, int, int]] = (),
    on_conflict: tuple[Sequence[int], Literal["ignore", "update"], Sequence[tuple[int, Node]], Node | None]
    | None = None,
) -> Statement: ...
def update(
    source: Source,
    assignments: Sequence[tuple[int, Node]],
    where: Sequence[Node],
    everywhere: bool,
    returning: Sequence[Source | Node | tuple[Source, int, int]] = (),
    from_: Sequence[Source] = (),
) -> Statement: ...
def delete(
    source: Source,
    where: Sequence[Node],
    everywhere: bool,
    returning: Sequence[Source | Node | tuple[Source, int, int]] = (),
    from_: Sequence[Source] = (),
) -> Statement: ...
def check_assignments(table: Table, assignments: Sequence[tuple[int, Node]]) -> None:
    """QueryError, naming the column, for a value that it cannot take."""

def plan_create(tables: Sequence[Table]) -> list[Statement]:
    """CREATE TABLE, indexes and late foreign keys in dependency order; ModelError for a circle of required
    keys.
    """

def plan_drop(tables: Sequence[Table]) -> list[Statement]: ...
def raw(pieces: Sequence[str], parts: Sequence[Node], result_types: Sequence[ColumnType]) -> Statement: ...
def check_raw(pieces: Sequence[str]) -> None:
    """UnparameterizedSqlError for text no database would take as one statement with its values."""

def explain(query: Statement, analyze: bool) -> Statement: ...

# --- instances ---

class ColumnDescriptor:
    """Base of `Column`: a data descriptor over one slot of an Instance. On a class it yields itself.
    Reading an empty slot raises NotLoadedError; setting checks
    strictly, marks the slot changed and calls the model's `on_change` hook for foreign key columns.
    Deleting is refused.
    """

    def __set_name__(self, owner: type, name: str) -> None: ...

class Instance:
    """Base of `Model`: a fixed number of column slots in one block, with weak references, no __dict__.
    Created through `__new__` with the class's plan;
    compares and hashes by identity. Pickle and copy are the Python side's, through `dump_columns` and
    `load_columns`.
    """

@final
class ModelPlan:
    """How instances of one class are made, checked, written and read. Made once per class, immutable."""

    def __init__(
        self,
        cls: type[Instance],
        table: Table,
        attributes: Sequence[
            tuple[str, ColumnType, Callable[[Any], Any] | None, Callable[[Any], Any] | None]
        ],
        key: Sequence[int],
        *,
        on_change: Callable[[Instance, int], None] | None = None,
        watched: Sequence[int] = (),
        has_relations: bool = False,
    ) -> None:
        """Attributes: (name, type, to_storage, from_storage); the converters of an Enum or custom type run
        in Python around the strict native check. `watched` are columns whose
        assignment calls `on_change(instance, index)`."""

def attach_column(descriptor: ColumnDescriptor, plan: ModelPlan, index: int) -> None: ...
def new_instance(plan: ModelPlan, values: Sequence[object]) -> Instance:
    """Unsaved instance; `UNSET` leaves a slot empty. Values are checked; every set column counts as
    changed.
    """

UNSET: object

def columns_of(instance: Instance) -> tuple[object, ...]:
    """All slots, UNSET where empty; never loads or raises."""

def peek(instance: Instance, index: int) -> object:
    """One slot without checks, UNSET where empty."""

def poke(instance: Instance, index: int, value: object, changed: bool) -> None:
    """Sets a slot (UNSET empties it) after the strict check, saying whether it counts as changed."""

def changed_columns(instance: Instance) -> list[int]:
    """Indices changed since loaded or saved, including JSON and list columns whose content differs from
    when they were loaded.
    """

def mark_clean(instance: Instance) -> None: ...
def is_persistent(instance: Instance) -> bool:
    """Whether a row of it is known to exist."""

def set_persistent(instance: Instance, persistent: bool) -> None: ...
def parameters_of(instance: Instance, indices: Sequence[int]) -> list[Node]:
    """The slots as bound parameters, typed as their columns."""

def key_of(instance: Instance) -> tuple[object, ...] | None:
    """The primary key, or None while a part is missing."""

def extension(instance: Instance) -> dict[str, object]:
    """The instance's side store, made when first asked for: loaded relations and their state. Never created
    by reading a column.
    """

def existing_extension(instance: Instance) -> dict[str, object] | None: ...
def gather(groups: dict[Any, list[Instance]], instances: list[Any], columns: Sequence[int]) -> None:
    """Adds each instance to the list of its key: the value of the only column, of several a tuple, or the
    NULL or UNSET among them.
    """

def gather_linked(groups: dict[Any, list[Instance]], rows: list[Any]) -> None:
    """The same for tuples of an instance and its key."""

def hand_out(owners: dict[Any, list[Instance]], groups: dict[Any, list[Instance]], attribute: str) -> None:
    """Gives each owner a list of its own of what has its key, under a name in its side store."""

def group_apart(instances: list[Instance], origin: int) -> None:
    """Makes these siblings of a group of their own, for relations to be loaded by."""

def load_group(instance: Instance) -> LoadGroup | None: ...
def identity_map_of(instance: Instance) -> IdentityMap | None: ...

@final
class LoadGroup:
    """Siblings that came from one result, held weakly."""

    def members(self) -> list[Instance]:
        """Those still alive, of every class, in order of arrival."""
    @property
    def origin(self) -> int: ...
    handle: Any
    """What relations of the members are loaded by, held weakly; None where nobody said it, or it is gone."""
    state: dict[str, object]

@final
class IdentityMap:
    """Key to live instance, weakly. One per task (thread) and database."""

    def __init__(self) -> None: ...
    def find(self, plan: ModelPlan, key: tuple[object, ...]) -> Instance | None: ...
    def add(self, instance: Instance) -> None: ...
    def remove(self, instance: Instance) -> None: ...
    def members(self, plan: ModelPlan) -> list[Instance]:
        """The live instances of one model, in no order."""
    def __len__(self) -> int: ...

def group_for_insert(
    instances: list[Instance],
) -> tuple[list[tuple[type[Instance], tuple[int, ...], list[Instance]]], list[Instance]]:
    """Objects without rows by class and columns set, each group in the order given; and those of them that
    know relations. QueryError naming the first that is no instance, is in the database or stands there twice.
    """

def adopt_inserted(members: list[Instance], identity_map: IdentityMap, state: dict[str, object]) -> None:
    """Notes that the objects have rows now: clean, persistent, in the identity map. Objects of models with
    relations get the entries of `state` into their side store.
    """

def fill_generated(members: list[Instance], columns: Sequence[int], rows: list[tuple[object, ...]]) -> None:
    """Puts a row's values into the columns of each object, as the database's own."""

def group_changed(
    instances: list[Instance],
) -> list[tuple[type[Instance], tuple[int, ...], list[Instance]]]:
    """Those objects that differ from the database by class and columns changed, each group in the order
    given.
    """

def mark_updated(instances: list[Instance], version: int | None) -> None:
    """Notes that the objects' rows were written, the column `version` of each counting one up."""

@final
class Snapshots:
    """What objects looked like before they were written."""

    def __init__(self) -> None: ...
    def add(self, instances: list[Instance]) -> None:
        """Remembers objects that are not known yet."""
    def inherit(self, other: Snapshots) -> None:
        """Takes over what the other knows and this does not, emptying the other."""
    def restore(self) -> None:
        """Makes all objects look like that again and forgets them. What had no row leaves its identity
        map.
        """
    def forget(self) -> None: ...
    def __len__(self) -> int: ...

@final
class ResultPlan(Generic[_T]):
    """What becomes of the columns of a result. Items: ModelPlan (entity), (ModelPlan, True) (optional
    entity: None when its key is NULL), or
    (ColumnType, from_storage | None, name) for a value. `shape`: "single" (one item yields itself),
    "tuple", "outcome" (only the row count), or a callable taking the items by position.
    """

    def __init__(
        self,
        items: Sequence[
            ModelPlan | tuple[ModelPlan, bool] | tuple[ColumnType, Callable[[Any], Any] | None, str]
        ],
        shape: Literal["single", "tuple"] | Callable[..., _T] = "single",
        *,
        named: bool = False,
    ) -> None:
        """`named`: the columns of the result must be called as the values are."""

# --- running ---

@final
class Pending(Generic[_T]):
    """The result of one operation. `await pending` inside the loop that started it; `pending.wait()` in a
    thread that may block (its own host). Cancelling the
    awaiting task cancels the operation. Awaiting twice gives the same result; nothing but the first await
    suspends.
    """

    def __await__(self) -> Generator[Any, Any, _T]: ...
    def wait(self) -> _T: ...
    @property
    def done(self) -> bool: ...
    def cancel(self) -> None: ...

class PendingCall(Coroutine[Any, Any, _T_co]):
    """A coroutine in a wrapper, whose subclass may say what its truth value is. Whatever a coroutine can be
    asked for the one inside is asked, which warns when it is never awaited.
    """

    def __new__(cls, coroutine: Coroutine[Any, Any, _T_co], /) -> Self: ...
    def __await__(self) -> Generator[Any, Any, _T_co]: ...
    def send(self, value: Any, /) -> Any: ...
    def throw(self, *thrown: Any) -> Any: ...
    def close(self) -> None: ...

@final
class Host:
    """One native event loop and who drives it: `Host(loop)` inside an asyncio loop (add_reader, one
    call_later), `Host(None)` in a blocking thread.
    """

    def __init__(self, loop: AbstractEventLoop | None) -> None: ...
    def close(self) -> None: ...
    @property
    def is_owner(self) -> bool:
        """Whether the caller is in the thread, process and (for asyncio) running loop it was made for."""
    @property
    def is_in_place(self) -> bool:
        """The same but for the running loop, which every statement checks and which costs a system call."""

@final
class Outcome:
    """A statement's end: rows that came back (shaped by the plan), and rows matched."""

    @property
    def rowcount(self) -> int: ...
    @property
    def rows(self) -> list[Any]: ...

@final
class Engine:
    """One database: pool, breaker, caches. No I/O until `connect`."""

    def __init__(
        self,
        url: str,
        host: Host,
        options: dict[str, float | int | bool],
        on_event: Callable[[dict[str, object]], None] | None,
    ) -> None:
        """`options`: the fields of PoolOptions and BreakerOptions by name, seconds as float; unknown names
        raise ConfigurationError.
        `on_event` gets one dict per finished span (`operation statement database duration rowcount error
        origin`) or state change (`subject from to database`).
        """
    def connect(self, timeout: float | None) -> Pending[None]: ...
    def close(self, timeout: float | None) -> Pending[None]: ...
    def close_now(self) -> None: ...
    def set_listener(self, listener: Callable[[dict[str, object]], None] | None) -> None:
        """Who gets the dicts of finished spans from now on, in place of `on_event`, which keeps those of
        state changes.
        """
    def run(
        self,
        statement: Statement,
        plan: ResultPlan[_T] | None,
        identity_map: IdentityMap | None,
        transaction: Transaction | None,
        timeout: float | None,
        origin: int,
        limit: tuple[int, BaseException] | None = None,
    ) -> Pending[list[_T]]:
        """Runs a statement; rows in order. Without a plan those of raw SQL are tuples typed by the wire,
        others are dropped. Beyond the rows of `limit` it is stopped and raises what stands there.
        """
    def look_up(
        self,
        statement: Statement,
        plan: ResultPlan[_T],
        key: object,
        identity_map: IdentityMap | None,
        transaction: Transaction | None,
        timeout: float | None,
        origin: int,
        limit: tuple[int, BaseException] | None = None,
    ) -> Pending[list[_T]]:
        """Runs a statement of `select_by_key` with this key: one object, or a tuple of its parts, checked
        against the columns.
        """
    def execute(
        self,
        statement: Statement,
        plan: ResultPlan[_T] | None,
        identity_map: IdentityMap | None,
        transaction: Transaction | None,
        timeout: float | None,
        origin: int,
        limit: tuple[int, BaseException] | None = None,
    ) -> Pending[Outcome]:
        """The same, giving rows and row count. With a raw statement and no plan the rows are tuples typed
        by the wire.
        """
    def insert_rows(
        self,
        rows: BulkRows,
        batch: int,
        transaction: Transaction | None,
        timeout: float | None,
        origin: int,
    ) -> Pending[Outcome]:
        """Bulk insert of the next rows, at most `batch`, by the database's fastest path. Nothing comes back
        but the count.
        """
    def open_stream(
        self,
        statement: Statement,
        plan: ResultPlan[Any] | None,
        identity_map: IdentityMap | None,
        transaction: Transaction | None,
        batch: int,
        origin: int,
    ) -> RowStream:
        """A cursor that has not begun, in batches of so many rows. Without a plan rows are tuples typed by
        the wire.
        """
    def fetch_arrow(
        self,
        statement: Statement,
        names: Sequence[str],
        transaction: Transaction | None,
        timeout: float | None,
        origin: int,
    ) -> Pending[ArrowTable]:
        """All rows as columns with these names; none = as the database names them."""
    def insert_returning(
        self,
        plan: ModelPlan,
        columns: Sequence[int],
        rows: list[Instance],
        returning: Sequence[int],
        result_plan: ResultPlan[Any],
        transaction: Transaction | None,
        timeout: float | None,
        origin: int,
    ) -> Pending[Outcome]:
        """One statement for all rows, whose columns `returning` come back. The database may give them back
        in another order.
        """
    def begin(
        self, isolation: str, readonly: bool, deferrable: bool, timeout: float | None, origin: int
    ) -> Pending[Transaction]: ...
    def compiled_text(self, statement: Statement) -> str:
        """The text with placeholders; for tests, explain and `str(query)`."""
    def has_capability(self, name: str) -> bool: ...
    def pool_statistics(self) -> dict[str, int]: ...
    @property
    def do_streams_hold_connections(self) -> bool:
        """Whether a stream outside a transaction keeps others from its connection until it ends."""
    @property
    def breaker_state(self) -> str: ...
    @property
    def redacted_url(self) -> str: ...
    @property
    def dialect(self) -> str: ...
    @property
    def restart_savepoint(self) -> str:
        """The savepoint that a transaction which may run again begins with; empty where there is none."""

@final
class Transaction:
    """An open transaction on one connection. Rolled back when dropped open."""

    def commit(self, timeout: float | None, origin: int) -> Pending[None]: ...
    def rollback(self, timeout: float | None, origin: int) -> Pending[None]: ...
    def savepoint(self, name: str, origin: int) -> Pending[None]: ...
    def release(self, name: str, origin: int) -> Pending[None]: ...
    def rollback_to(self, name: str, origin: int) -> Pending[None]: ...
    @property
    def is_open(self) -> bool: ...

@final
class RowStream:
    """The rows of one statement, a batch at a time. Costs nothing before the first `fetch`; lets go of its
    connection after the last row, any error, `close`, or when dropped.
    """

    def fetch(self, timeout: float | None) -> Pending[list[Any]]:
        """The next batch, one at a time. An empty list, or `has_more` False afterwards, is the end."""
    def close(self) -> None: ...
    @property
    def has_more(self) -> bool:
        """Whether the last batch that has come may be followed by another. False while one is under way."""

@final
class BulkRows:
    """Rows on their way into a table, read once, in order and as needed."""

    def __init__(
        self,
        plan: ModelPlan,
        columns: Sequence[int],
        rows: Iterable[Instance] | Iterable[dict[str, object]],
    ) -> None:
        """Instances or dicts by attribute name; values are checked as they are read."""
    @property
    def columns(self) -> list[int]: ...
    def has_more(self) -> bool:
        """Whether there is another row."""
    def take(self, name: str, most: int, places: Sequence[int], is_bucket: bool) -> Source | None:
        """The next rows as a source, at most so many and none of which agrees with another in all these
        places; with `is_bucket` as many as a power of two. None where there are no more.
        """

@final
class ArrowRows:
    """The rows of something with an Arrow interface, to be inserted once."""

    def __init__(self, source: object) -> None:
        """Asks for the stream and its schema. ValidationError for what is broken or no table."""
    @property
    def names(self) -> list[str]: ...
    def rows_for(
        self,
        plan: ModelPlan,
        columns: Sequence[tuple[int, Sequence[str], str]],
        defaults: Sequence[tuple[int, object, bool]],
    ) -> BulkRows:
        """The rows for a model. Columns come with the closed list their text is from, none = any text, and
        the bracket their JSON begins with; defaults with whether they are called.
        """

@final
class ArrowTable:
    """A whole result as Arrow columns. Every stream starts over and keeps the columns alive."""

    @property
    def row_count(self) -> int: ...
    @property
    def batch_count(self) -> int: ...
    @property
    def column_names(self) -> list[str]: ...
    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """A capsule called "arrow_array_stream". What is requested is advice, which is not taken."""
    def __arrow_c_schema__(self) -> object:
        """A capsule called "arrow_schema": a struct of the columns."""

def compile_offline(statement: Statement, dialect: str) -> str:
    """The text for a dialect named by URL scheme, without a database; for golden files and `bridge check`."""

def decoder_types() -> list[str]:
    """Names of all storage types."""
