"""Run as a program: calls everything the module has in every wrong way; reports what was no typed error."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator

from bridgeorm import _engine, errors

MAX_ARGUMENTS = 8


class Hostile:
    """Raises from every hook the interpreter could call."""

    def _refuse(self, *_arguments: object) -> object:
        message = "hostile"
        raise ZeroDivisionError(message)

    __index__ = __int__ = __float__ = __bool__ = __len__ = __iter__ = __next__ = __getitem__ = _refuse
    __str__ = __repr__ = __hash__ = __eq__ = __contains__ = __fspath__ = __bytes__ = _refuse  # type: ignore[assignment] # wrong on purpose

    def __getattr__(self, name: str) -> object:
        raise ZeroDivisionError(name)


WRONG: list[Callable[[], object]] = [
    lambda: None,
    lambda: 2**70,
    lambda: -1,
    lambda: "\ud800",
    lambda: "nonsense",
    lambda: b"",
    lambda: [Hostile()],
    lambda: (1, 2, 3),
    lambda: {Hostile: 1},
    object,
    lambda: 1.5,
    Hostile,
]
# Raised by a hostile object itself: handed on, or made the cause of a typed error.
ACCEPTED = (TypeError, errors.BridgeError, ZeroDivisionError)


def subjects() -> Iterator[tuple[str, Callable[..., object]]]:
    """Every callable: functions, constructors, and methods of living and of half-made objects."""
    for name, found in vars(_engine).items():
        if name.startswith("__") or not callable(found) or name == "register_errors":
            continue
        yield name, found
        if not isinstance(found, type):
            continue
        for member in vars(found):
            function = getattr(found, member)
            if callable(function) and member not in {
                "__new__",
                "__init_subclass__",
                "__subclasshook__",
                "__class__",
            }:
                yield f"{name}.{member}", function


def living() -> Iterator[tuple[str, Callable[..., object]]]:
    """Bound methods of objects in good health."""
    column_type = _engine.ColumnType("int64")
    table = _engine.make_table("t", None, [("id", column_type, True, "identity", None, [])], [], [])
    source = _engine.Source(table)
    cls = type("T", (_engine.Instance,), {"__slots__": ()})
    plan = _engine.ModelPlan(cls, table, [("id", column_type, None, None)], [0], has_relations=True)
    host = _engine.Host(None)
    engine = _engine.Engine("sqlite://", host, {}, None)
    query = _engine.select([source], [source])
    transaction = engine.begin("default", False, False, None, 0).wait()
    pending: _engine.Pending[list[object]] = engine.run(query, None, None, None, None, 0)
    healthy = [
        column_type,
        table,
        source,
        plan,
        engine,
        query,
        transaction,
        pending,
        engine.open_stream(query, None, None, None, 1, 0),
        _engine.IdentityMap(),
        _engine.ColumnDescriptor(),
    ]
    healthy += [source.column(0), _engine.new_instance(plan, [1]), iter(pending.__await__())]
    skipped = {
        "__class__",
        "__init__",
        "__new__",
        "__init_subclass__",
        "__subclasshook__",
        "__dir__",
        "wait",
        "close",
        "close_now",
    }
    for subject in healthy:
        for member in dir(type(subject)):
            if member not in skipped and callable(getattr(subject, member, None)):
                yield f"<{type(subject).__name__}>.{member}", getattr(subject, member)


def attempts() -> Iterator[tuple[object, ...]]:
    """Argument lists: none, too many, and each wrong value in every number."""
    yield ()
    yield tuple(range(MAX_ARGUMENTS + 1))
    for count, make in itertools.product(range(1, MAX_ARGUMENTS + 1), WRONG):
        yield tuple(make() for _ in range(count))


def main() -> int:
    """Counts calls; prints every one that ended in something untyped."""
    calls = 0
    bad: list[str] = []
    for name, function in itertools.chain(subjects(), living()):
        for arguments in attempts():
            calls += 1
            try:
                function(*arguments)
            except ACCEPTED:
                continue
            except BaseException as error:  # noqa: BLE001 - finding out what comes is the point
                if name.partition(".")[2].startswith("__") or name.startswith("<"):
                    continue  # object's own methods raise what they like; they only have to live
                kind = type(arguments[0]).__name__ if arguments else "nothing"
                bad.append(f"{name} with {len(arguments)} x {kind}: {type(error).__name__}: {error}")
    sys.stdout.write("\n".join([*bad[:40], f"calls {calls} untyped {len(bad)}\n"]))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
