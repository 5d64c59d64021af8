"""Operations: awaited, waited for, cancelled, used from the wrong place, left behind."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import pytest

from bridgeorm import _engine

if TYPE_CHECKING:
    from tests.boundary.conftest import Example

InLoop = Callable[[Callable[[_engine.Engine], Coroutine[Any, Any, None]]], None]


def test_awaiting_twice_gives_the_same(in_loop: InLoop, example: Example) -> None:
    async def body(engine: _engine.Engine) -> None:
        pending = engine.run(example.query, example.result, None, None, None, 0)
        assert await pending is await pending
        with pytest.raises(TypeError):
            bool(pending)

    in_loop(body)


def test_gathered_operations_all_end(in_loop: InLoop, example: Example) -> None:
    async def body(engine: _engine.Engine) -> None:
        async def read() -> list[Any]:
            return await engine.run(example.query, example.result, None, None, None, 0)

        assert await asyncio.gather(*(read() for _ in range(50))) == [[]] * 50

    in_loop(body)


def test_cancelling_at_any_tick_leaves_the_engine_whole(in_loop: InLoop, example: Example) -> None:
    async def body(engine: _engine.Engine) -> None:
        async def write() -> None:
            transaction = await engine.begin("default", False, False, None, 0)
            row = _engine.parameters_of(example.instance(), example.indices)
            await engine.execute(
                _engine.insert(example.source, example.indices, [row]), None, None, transaction, None, 0
            )
            await transaction.rollback(None, 0)

        for ticks in range(25):
            task = asyncio.create_task(write())
            for _ in range(ticks):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            del task
            assert await engine.run(example.query, example.result, None, None, 5.0, 0) == []

    in_loop(body)


def test_exceptions_of_python_code_reach_the_caller(database: _engine.Engine, example: Example) -> None:
    def rows() -> Any:
        yield example.values(1)
        raise LookupError("the caller's own")

    with pytest.raises(LookupError, match="the caller's own"):
        database.insert_rows(example.bulk(rows()), 1_000, None, None, 0).wait()
    assert database.run(example.query, example.result, None, None, None, 0).wait() == []


def test_converter_errors_reach_the_caller(database: _engine.Engine, example: Example) -> None:
    database.insert_rows(example.bulk([example.instance()]), 1_000, None, None, 0).wait()

    def broken(*_items: object) -> object:
        raise LookupError("the row's class")

    plan = _engine.ResultPlan([example.plan], broken)
    with pytest.raises(LookupError, match="the row's class"):
        database.run(example.query, plan, None, None, None, 0).wait()


def test_bad_row_in_bulk_names_its_column(
    database: _engine.Engine, example: Example, error_classes: dict[str, type[Exception]]
) -> None:
    bad = example.values(2) | {"price": 1.5}
    with pytest.raises(error_classes["validation"], match=r"Example\.price"):
        database.insert_rows(example.bulk([example.values(1), bad]), 1_000, None, None, 0).wait()
    assert database.run(example.query, example.result, None, None, None, 0).wait() == []


def test_another_thread_is_refused(
    database: _engine.Engine, example: Example, error_classes: dict[str, type[Exception]]
) -> None:
    caught: list[BaseException] = []

    def use() -> None:
        try:
            database.run(example.query, None, None, None, None, 0)
        except error_classes["configuration"] as error:
            caught.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert len(caught) == 1


def test_another_loop_is_refused(example: Example, error_classes: dict[str, type[Exception]]) -> None:
    async def open_engine() -> tuple[_engine.Host, _engine.Engine]:
        host = _engine.Host(asyncio.get_running_loop())
        return host, _engine.Engine("sqlite://", host, {}, None)

    async def use(engine: _engine.Engine) -> None:
        with pytest.raises(error_classes["configuration"]):
            engine.run(example.query, None, None, None, None, 0)

    host, engine = asyncio.run(open_engine())
    asyncio.run(use(engine))
    assert not host.is_owner


def test_telemetry_callback_cannot_break_anything(host: _engine.Host, example: Example) -> None:
    seen: list[str] = []

    def callback(event: dict[str, object]) -> None:
        seen.append(str(event["operation"]))
        raise RuntimeError("told nobody")

    unraisable: list[object] = []
    former, sys.unraisablehook = sys.unraisablehook, unraisable.append
    try:
        engine = _engine.Engine("sqlite://", host, {}, callback)
        for statement in _engine.plan_create([example.table]):
            engine.run(statement, None, None, None, None, 0).wait()
        engine.close(5.0).wait()
    finally:
        sys.unraisablehook = former
    assert "define" in seen
    assert len(unraisable) == len(seen)


def test_spans_go_to_the_listener_and_to_nobody_without_one(host: _engine.Host, example: Example) -> None:
    first: list[object] = []
    second: list[object] = []
    engine = _engine.Engine("sqlite://", host, {}, lambda event: first.append(event["operation"]))
    for statement in _engine.plan_create([example.table]):
        engine.run(statement, None, None, None, None, 0).wait()
    told_at_first = len(first)
    assert told_at_first > 0
    engine.set_listener(None)
    engine.run(example.query, None, None, None, None, 0).wait()
    engine.set_listener(lambda event: second.append(event["operation"]))
    engine.run(example.query, None, None, None, None, 0).wait()
    with pytest.raises(TypeError, match="listener"):
        engine.set_listener(5)  # type: ignore[arg-type]  # refused at run time too
    engine.close(5.0).wait()
    assert len(first) == told_at_first
    assert second[0] == "select"


PRELUDE = """
import asyncio, os, sys
from bridgeorm import _engine as e
kind = e.ColumnType("int64")
table = e.make_table("t", None, [("id", kind, True, "identity", None, [])], [], [])
source = e.Source(table)
query = e.select([source], [source])
"""


@pytest.mark.parametrize(
    "body",
    [
        # leaves with an operation in flight
        """
        async def main():
            host = e.Host(asyncio.get_running_loop())
            engine = e.Engine("sqlite://", host, {}, None)
            globals()["kept"] = (engine, host, engine.run(query, None, None, None, None, 0))
            sys.exit(0)
        asyncio.run(main())
        """,
        # a transaction is left open
        """
        host = e.Host(None)
        engine = e.Engine("sqlite://", host, {}, print)
        kept = engine.begin("default", False, False, None, 0).wait()
        """,
        # the child of a fork drops everything it inherited; the parent goes on
        """
        host = e.Host(None)
        engine = e.Engine("sqlite://", host, {}, None)
        for statement in e.plan_create([table]):
            engine.run(statement, None, None, None, None, 0).wait()
        child = os.fork()
        if child == 0:
            try:
                engine.run(query, None, None, None, None, 0)
            except Exception:
                engine.close_now()
                del engine, host
                os._exit(0)
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert engine.execute(query, None, None, None, None, 0).wait().rowcount == 0
        """,
        # the engine goes while its last operation is still pending
        """
        async def main():
            host = e.Host(asyncio.get_running_loop())
            engine = e.Engine("sqlite://", host, {}, None)
            pending = engine.connect(None)
            engine.close_now()
            del engine, host
            try:
                await pending
            except Exception:
                pass
        asyncio.run(main())
        """,
    ],
)
def test_process_ends_in_peace(body: str) -> None:
    finished = subprocess.run(
        [sys.executable, "-c", PRELUDE + textwrap.dedent(body)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr[-3000:]
