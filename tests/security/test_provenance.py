"""Text that was not written in the source: whoever hands it over, it is refused before it reaches a
connection.
"""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from bridgeorm import Database, UnparameterizedSqlError, sql

from .conftest import OpenTarget
from .corpus import load_module, provenance_attempts, written_texts

PAYLOAD = "DELETE FROM security_canaries"
FEWEST_ATTEMPTS = 500


async def test_no_text_of_run_time_passes_any_door(open_target: OpenTarget, tmp_path: Path) -> None:
    attempts = provenance_attempts(tmp_path)
    assert len(attempts) >= FEWEST_ATTEMPTS
    async with open_target() as db:
        sent = list[str]()
        remove = db.watch(lambda event: sent.append(event.statement))
        for name, attempt in attempts:
            with pytest.raises(UnparameterizedSqlError) as caught:
                attempt(sql, db, PAYLOAD)
            assert "provenance_attempts.py:" in str(caught.value), name
            assert PAYLOAD not in str(caught.value), name
        remove()
        assert sent == []


async def test_texts_that_databases_read_differently_are_refused(
    open_target: OpenTarget, tmp_path: Path, database_url: str
) -> None:
    dialect = database_url.partition(":")[0]
    async with open_target() as db:
        for entry, build in written_texts(tmp_path):
            values = {"x": 1} if "{x}" in entry["text"] else {}
            if entry["dialect"] in {"any", dialect}:
                with pytest.raises(UnparameterizedSqlError, match=r"written_texts\.py:\d+") as caught:
                    await db.execute_raw(build(sql, **values))
                assert entry["problem"] in str(caught.value), entry


SEALED = """
import copy, pickle
def make(sql): return sql("SELECT 1 AS one WHERE 1 = {x}", x=1)
def construct(raw, text): return type(raw)(text, {})
def construct_bare(raw, text): return type(raw)(text)
def subclass(raw, text): return type("Raw", (type(raw),), {})
def assign(raw, text): raw._pieces = (text,)
def remove(raw, text): del raw._pieces
def pickled(raw, text): return pickle.dumps(raw)
def initialise(raw, text): raw.__init__(text, {})
def state(raw, text): raw.__setstate__({"_pieces": (text,)})
def replace(raw, text): raw.__dict__["_pieces"] = (text,)
"""


async def test_raw_sql_is_sealed(open_target: OpenTarget, tmp_path: Path) -> None:
    module = load_module(SEALED, tmp_path, "sealed")
    async with open_target() as db:
        raw = module.make(sql)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name != "make":
                with pytest.raises((UnparameterizedSqlError, TypeError, AttributeError)):
                    function(raw, PAYLOAD)
        raw.pieces.append(PAYLOAD)
        raw.parts.clear()
        assert await db.all(raw) == [(1,)]
        assert module.copy.deepcopy(raw) is raw


EVALUATED = """
def run(sql, payload):
    return eval(f"sql({payload!r})")
def execute(sql, payload):
    exec(f"text = sql({payload!r})", scope := {"sql": sql})
    return scope["text"]
def define(sql, payload):
    exec(f"def ask(sql): return sql({payload!r})", scope := {})
    return scope["ask"](sql)
"""


def test_code_of_run_time_is_no_source(tmp_path: Path) -> None:
    module = load_module(EVALUATED, tmp_path, "evaluated")
    for function in (module.run, module.execute, module.define):
        with pytest.raises(UnparameterizedSqlError, match="code that was itself put together"):
            function(sql, PAYLOAD)


PROGRAMS = """
import types
def ask(sql): return sql("SELECT 'written'")
def compiled(sql, text):
    return eval(compile(f"sql({text!r})", "generated_queries.py", "eval"))
def replaced(sql, text):
    old = ask.__code__.co_consts
    constants = tuple(text if constant == "SELECT 'written'" else constant for constant in old)
    return types.FunctionType(ask.__code__.replace(co_consts=constants), {})(sql)
"""


def test_programs_that_write_programs_are_programmers(tmp_path: Path) -> None:
    """The border of the promise, as docs/how_to/raw_sql.md draws it: who makes code makes source."""
    module = load_module(PROGRAMS, tmp_path, "programs")
    for function in (module.compiled, module.replaced):
        assert function(sql, "SELECT 'made'").pieces == ["SELECT 'made'"]


WRITTEN = """
import functools
PLAIN = "SELECT 1 AS one"
def literal(sql): return sql("SELECT 1 AS one")
def folded(sql): return sql("SELECT 1 " + "AS one")
def adjacent(sql): return sql("SELECT 1 " "AS one")
def empty_f_string(sql): return sql(f"SELECT 1 AS one")
def local(sql):
    text = "SELECT 1 AS one"
    return sql(text)
def chosen(sql): return sql("SELECT 1 AS one" if sql else "SELECT 2 AS two")
def listed(sql):
    for text in ("SELECT 1 AS one", "SELECT 2 AS two", "SELECT 3"):
        return sql(text)
def spread(sql): return sql(*["SELECT 1 AS one"])
def in_lambda(sql): return (lambda: sql("SELECT 1 AS one"))()
def in_class(sql):
    class Queries:
        one = sql("SELECT 1 AS one")
    return Queries.one
def generated(sql): return next(sql("SELECT 1 AS one") for _ in [1])
def decorated(sql): return functools.cache(lambda: sql("SELECT 1 AS one"))()
def annotated(sql) -> "SELECT": return sql('''SELECT 1 AS one''')
"""


async def test_what_is_written_is_taken(open_target: OpenTarget, tmp_path: Path) -> None:
    module = load_module(WRITTEN, tmp_path, "written")
    functions = [function for _name, function in inspect.getmembers(module, inspect.isfunction)]
    assert len(functions) == 13
    async with open_target() as db:
        for function in functions:
            assert await db.all(function(sql)) == [(1,)]


async def test_a_refused_statement_never_asks_for_a_connection(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    with pytest.raises(UnparameterizedSqlError):
        await db.execute_raw("".join(["SELECT ", "1"]))
