"""Every house check refuses the bad examples given here, by line, and lets the good ones pass."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field

import pytest
from tools.checks.__main__ import names_of_checks
from tools.checks.source_tree import SourceTree

PURPOSE = "// What this room is for.\n"
DOCSTRING = '"""What this module is for."""\n'
SIGNATURE = "def select(\n" + "".join(f"    {name}: Queried,\n" for name in "abcdefgh") + "): ...\n"
OVERLOADS = f"@overload\n{SIGNATURE}@typing.overload\n{SIGNATURE}"
SHORT_OVERLOADS = "".join(f"@overload\ndef call(it: {kind}): ...\n" for kind in "ABCDEFGHIJ")
RUN = "".join(f"first_{letter} = second_{letter} + third;\n" for letter in "abcdefgh")


@dataclass(frozen=True)
class Example:
    """Files, and the places (path, line) a check must refuse in them; none for good examples."""

    name: str
    check: str
    files: dict[str, str]
    refused: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])


def cpp(check: str, name: str, text: str, *lines: int, path: str = "engine/sql/sample.cpp") -> Example:
    """One C++ file whose given lines are refused, counted after its purpose line."""
    return Example(name, check, {path: PURPOSE + text}, [(path, line + 1) for line in lines])


def python(check: str, name: str, text: str, *lines: int, path: str = "python/bridgeorm/query.py") -> Example:
    """One Python module whose given lines are refused, counted after its docstring."""
    return Example(name, check, {path: DOCSTRING + text}, [(path, line + 1) for line in lines])


LAYERS = [
    cpp("check_layers", "to the right", '#include "engine/driver/driver.h"\n', 1),
    cpp("check_layers", "to the left", '#include "engine/base/result.h"\n#include <vector>\n'),
    cpp("check_layers", "commented out", '// #include "engine/driver/driver.h"\n'),
    cpp("check_layers", "foreign library", "#include <uv.h>\n", 1),
    cpp("check_layers", "Python in the engine", "#include <Python.h>\n", 1),
    cpp("check_layers", "foreign library at home", "#include <uv.h>\n", path="engine/net/event_loop.cpp"),
    cpp("check_layers", "not from the root", '#include "sample.h"\n', 1),
    cpp("check_layers", "a double in shipped code", '#include "engine/sql/testing/plain.h"\n', 1),
    cpp(
        "check_layers",
        "a double in a test",
        '#include "engine/sql/testing/plain.h"\n',
        path="engine/sql/a_test.cpp",
    ),
    cpp(
        "check_layers",
        "another database",
        '#include "engine/databases/sqlite/dialect.h"\n',
        1,
        path="engine/databases/postgres/dialect.cpp",
    ),
    cpp(
        "check_layers",
        "I/O in wire code",
        '#include "engine/net/transport.h"\n',
        1,
        path="engine/databases/postgres/wire/messages.cpp",
    ),
    cpp("check_layers", "a room nobody listed", "", 0, path="engine/attic/old.cpp"),
    Example(
        "a declared parent",
        "check_layers",
        {
            "engine/databases/neon/CMakeLists.txt": "bridge_database(neon PARENT postgres)\n",
            "engine/databases/neon/dialect.cpp": '#include "engine/databases/postgres/dialect.h"\n',
        },
    ),
    python("check_layers", "import to the right", "from bridgeorm.database import Database\n", 1),
    python("check_layers", "import to the left", "from bridgeorm.errors import BridgeError\n"),
    python("check_layers", "relative import to the right", "from .database import Database\n", 1),
    python("check_layers", "name of a module to the right", "from bridgeorm import database\n", 1),
    python(
        "check_layers",
        "import in a function",
        "def build() -> None:\n    from bridgeorm.database import Database  # a reason\n    Database()\n",
        2,
    ),
    python("check_layers", "unexplained import in a function", "def build() -> None:\n    import json\n", 2),
    python(
        "check_layers",
        "types only",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from bridgeorm.database import Database\n",
    ),
]

LONG_BODY = "int sum(int first) {\n" + "  first += first;\n" * 61 + "  return first;\n}\n"
SIZES = [
    cpp("check_sizes", "long function", LONG_BODY, 1),
    cpp("check_sizes", "long function in a class", "class Sum {\n" + LONG_BODY + "};\n", 2),
    cpp(
        "check_sizes",
        "comments are free",
        "int sum(int first) {\n" + "  // why\n" * 99 + "  return first;\n}\n",
    ),
    cpp("check_sizes", "tables are no functions", "enum class Code {\n" + "  kCode,\n" * 99 + "};\n"),
    cpp("check_sizes", "long file", "int first;\n" * 401, 399),
    python(
        "check_sizes",
        "long function",
        "def total() -> int:\n" + "    first = 2\n" * 60 + "    return first\n",
        1,
    ),
    python("check_sizes", "docstrings are free", 'def total() -> None:\n    """' + "line\n" * 99 + '"""\n'),
]

NAMES = [
    cpp("check_names", "banned type", "class PoolManager {};\n", 1),
    cpp("check_names", "banned variable", "int info = 0;\n", 1),
    cpp("check_names", "abbreviation", "int use(int conn);\n", 1),
    cpp("check_names", "one letter", "int use(int q);\n", 1),
    cpp(
        "check_names",
        "loop index and type variable",
        "template <class T> int use(T first) { int i = 0; return i; }\n",
    ),
    cpp("check_names", "numbered type", "class Parser2 {};\n", 1),
    cpp("check_names", "two things", "int parse_and_check(int text);\n", 1),
    cpp("check_names", "standard numbers", "class Sha256 {};\nint read_int16(int bytes);\n"),
    cpp("check_names", "in comments and strings", '// the manager\nauto text = "manager";\n'),
    cpp("check_names", "banned file", "", 0, path="engine/sql/utils.cpp"),
    python("check_names", "banned class", "class QueryHelper:\n    pass\n", 1),
    python("check_names", "one letter", "def use(q: int) -> None:\n    pass\n", 1),
    python("check_names", "exception", "try:\n    pass\nexcept ValueError as e:\n    raise\n", 3),
]

LITERALS = [
    cpp("check_literals", "magic number", "int wait() {\n  return 86400;\n}\n", 2),
    cpp(
        "check_literals",
        "named",
        "constexpr int kSecondsPerDay = 86'400;\nint wait() { return kSecondsPerDay; }\n",
    ),
    cpp("check_literals", "small", "int half(int whole) { return whole / 2; }\n"),
    cpp(
        "check_literals",
        "explained",
        "int days() {\n  // numbers: the Gregorian calendar's own\n  return 365;\n}\n",
    ),
    cpp(
        "check_literals",
        "member default",
        "struct Options {\n  int size = 10;\n};\n",
        path="engine/pool/options.h",
    ),
    cpp("check_literals", "wrapped member default", "struct Options {\n  int size =\n      10;\n};\n"),
    cpp("check_literals", "enumeration", "enum class Kind { kText = 3, kBlob = 4 };\n"),
    cpp(
        "check_literals",
        "size",
        "void f() {\n  std::array<char, 20> a;  // digits\n  std::array<char, 20> b;\n}\n",
        3,
    ),
    cpp("check_literals", "keyword", 'auto all = {"name", "name", "name"};\n'),
    cpp(
        "check_literals",
        "argument names",
        'f(nb::arg("transaction"), nb::arg("transaction"), nb::arg("transaction"));\n',
    ),
    cpp(
        "check_literals",
        "string",
        'auto a = "a long title";\nauto b = "a long title";\nauto c = "a long title";\n',
        3,
    ),
    cpp(
        "check_literals",
        "limit without reason",
        "\ninline constexpr int kMost = 5;\n",
        2,
        path="engine/base/limits.h",
    ),
    cpp(
        "check_literals",
        "limit with reason",
        "\ninline constexpr int kMost = 5;  // five fingers\n",
        path="engine/base/limits.h",
    ),
]

COMMENTS = [
    Example("no purpose", "check_comments", {"engine/sql/a.cpp": "int first;\n"}, [("engine/sql/a.cpp", 1)]),
    Example("no docstring", "check_comments", {"tools/a.py": "import os\n"}, [("tools/a.py", 1)]),
    cpp("check_comments", "silenced", "int first;  // NOLINT(name)\n", 1),
    cpp(
        "check_comments", "silenced with a reason", "int first;  // NOLINT(name): the protocol calls it so\n"
    ),
    cpp("check_comments", "dead code", "// first = second;\n// return first;\n", 1, 2),
    cpp("check_comments", "prose", "// The first is returned; callers own it.\n"),
    cpp("check_comments", "unsafe cast", "auto first = reinterpret_cast<char*>(bytes);\n", 1),
    cpp(
        "check_comments",
        "explained cast",
        "// SAFETY: bytes outlive it\nauto first = reinterpret_cast<char*>(bytes);\n",
    ),
    cpp("check_comments", "no contract", "\nclass Pool {\n};\n", 2, path="engine/pool/pool.h"),
    cpp(
        "check_comments",
        "contract",
        "\n/// Lends connections.\nclass Pool {\n};\n",
        path="engine/pool/pool.h",
    ),
    cpp("check_comments", "forward declaration", "\nclass Pool;\n", path="engine/pool/pool.h"),
    python("check_comments", "silenced", "import os  # noqa: F401\n", 1),
    python("check_comments", "silenced type", "first = second  # type: ignore[misc]\n", 1),
    python(
        "check_comments", "silenced with a reason", "import os  # noqa: F401 - users import it from here\n"
    ),
    python("check_comments", "unfinished", "first = 1  # TO" + "DO later\n", 1),
]

ERRORS = [
    cpp("check_errors", "throw", "void stop() { throw 1; }\n", 1),
    cpp("check_errors", "try", "void stop() {\n  try {\n  } catch (...) {\n  }\n}\n", 2, 3),
    cpp("check_errors", "word in text", '// we never throw\nauto text = "catch (...)";\n'),
    cpp(
        "check_errors",
        "catch-all",
        "void f() {\n  try {\n  } catch (...) {\n  }\n}\n",
        3,
        path="bindings/a.cpp",
    ),
    cpp(
        "check_errors",
        "the guard",
        "void f() {\n  try {\n  } catch (...) {\n  }\n}\n",
        path="bindings/ffi_guard.h",
    ),
    cpp("check_errors", "discarded", "void f() {\n  (void)close(1);\n}\n", 2),
    cpp(
        "check_errors",
        "discarded with a reason",
        "void f() {\n  (void)close(1);  // nothing left to save\n}\n",
    ),
]

GUARD = [
    cpp("check_ffi_guard", "bare def", 'module.def("open", &open);\n', 1, path="bindings/bind_a.cpp"),
    cpp("check_ffi_guard", "bare property", 'type.def_prop_ro("a", &a);\n', 1, path="bindings/bind_a.cpp"),
    cpp(
        "check_ffi_guard", "guarded def", 'def_guarded(module, "open", &open);\n', path="bindings/bind_a.cpp"
    ),
    cpp("check_ffi_guard", "bare slot", "PyType_Slot s[] = {{Py_tp_call, go}};\n", 1, path="bindings/a.cpp"),
    cpp(
        "check_ffi_guard",
        "guarded slot",
        "PyType_Slot s[] = {{Py_tp_call, guarded_slot<go>()}};\n",
        path="bindings/a.cpp",
    ),
    cpp(
        "check_ffi_guard",
        "method entries",
        'PyMethodDef m[] = {\n    {"a", a, METH_O, ""},\n    {"b", guarded_method<b>, METH_O, ""},\n'
        '    {"c", Py_GenericAlias, METH_O, ""},\n};\n',
        2,
        path="bindings/a.cpp",
    ),
    cpp(
        "check_ffi_guard",
        "properties",
        'PyGetSetDef p[] = {\n    {"a", a, nullptr, "", nullptr},\n'
        '    {"b", &GuardedSlot<"b", &b>::call, nullptr, "", nullptr},\n};\n',
        2,
        path="bindings/a.cpp",
    ),
    cpp("check_ffi_guard", "C callback", "auto f = [](uv_handle_t* handle) { use(handle); };\n", 1),
    cpp(
        "check_ffi_guard",
        "noexcept callback",
        "auto f = [](uv_handle_t* handle) noexcept { use(handle); };\n",
    ),
]

PURITY = [
    cpp("check_dialect_purity", "name in code", "bool is_postgres();\n", 1),
    cpp("check_dialect_purity", "name in text", 'auto name = "SQLite";\n', 1),
    Example(
        "name of a folder nobody listed",
        "check_dialect_purity",
        {
            "engine/databases/sampledb/dialect.h": PURPOSE,
            "engine/sql/compiler.h": PURPOSE + "bool is_sampledb();\n",
        },
        [("engine/sql/compiler.h", 2)],
    ),
    cpp("check_dialect_purity", "hexadecimal number", "int seed = 0xff'51d1;\n"),
    cpp("check_dialect_purity", "name in a comment", "// SQLite locks the file\n"),
    cpp(
        "check_dialect_purity",
        "name at home",
        "bool is_postgres();\n",
        path="engine/databases/postgres/a.cpp",
    ),
    cpp("check_dialect_purity", "standard SQL", 'auto text = "ORDER BY ";\n'),
    cpp("check_dialect_purity", "vendor SQL", 'auto text = "PRAGMA x";\n', 1),
    cpp(
        "check_dialect_purity", "SQL elsewhere", 'auto text = "SELECT 1";\n', 1, path="engine/execution/a.cpp"
    ),
    python("check_dialect_purity", "SQL", 'text = "SELECT 1"\n', 1),
    python("check_dialect_purity", "name", 'if dialect == "postgresql":\n    pass\n', 1),
    python("check_dialect_purity", "documentation", 'def f() -> None:\n    """SELECT on PostgreSQL."""\n'),
]

SPANS = [
    cpp(
        "check_spans",
        "I/O without a span",
        "\nclass Connection {\n  virtual void execute(Request request) = 0;\n};\n",
        3,
        path="engine/driver/driver.h",
    ),
    cpp(
        "check_spans",
        "I/O with a span",
        "\nclass Connection {\n  virtual void execute(OperationSpan& span, Request request) = 0;\n};\n",
        path="engine/driver/driver.h",
    ),
    cpp("check_spans", "home-made span", "OperationSpan span(tracer);\n", 1),
    cpp("check_spans", "literal operation", 'auto span = tracer.start("select");\n', 1),
]

DUPLICATES = [
    Example(
        "eight equal lines",
        "check_duplicates",
        {"engine/sql/a.cpp": RUN, "engine/sql/b.cpp": "int before;\n" + RUN},
        [("engine/sql/b.cpp", 2)],
    ),
    Example(
        "seven equal lines",
        "check_duplicates",
        {"engine/sql/a.cpp": RUN, "engine/sql/b.cpp": RUN.split("\n", 1)[1]},
    ),
    Example(
        "overloads",
        "check_duplicates",
        {"python/bridgeorm/a.py": f"{DOCSTRING}{OVERLOADS}def select(): ...\n"},
    ),
    Example(
        "overloads of a line each",
        "check_duplicates",
        {"python/bridgeorm/a.py": f"{DOCSTRING}{SHORT_OVERLOADS}def call(it): ...\n"},
    ),
    Example(
        "twins",
        "check_duplicates",
        {
            f"engine/databases/{database}/driver.cpp": "".join(
                f"line_{number} = {number};\n" + (f"{database}_{number} = 0;\n" if number % 3 == 0 else "")
                for number in range(30)
            )
            for database in ("postgres", "sqlite")
        },
        [("engine/databases/postgres/driver.cpp", 1)],
    ),
]

LEFTOVERS = [
    cpp("check_leftovers", "machine path", 'auto path = "/ro' + 'ot/project";\n', 1),
    cpp("check_leftovers", "merge mark", "<" * 7 + " HEAD\n", 1),
    cpp("check_leftovers", "key", "-----BEGIN RSA PRIVATE KEY" + "-----\n", 1),
    cpp("check_leftovers", "a system path", 'auto path = "/usr/lib";\n'),
]

EXAMPLES = [
    *LAYERS,
    *SIZES,
    *NAMES,
    *LITERALS,
    *COMMENTS,
    *ERRORS,
    *GUARD,
    *PURITY,
    *SPANS,
    *DUPLICATES,
    *LEFTOVERS,
]  # fmt: skip - one line says that all are here


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.check}-{example.name}")
def test_refuses_exactly_the_bad_lines(example: Example) -> None:
    check = importlib.import_module(f"tools.checks.{example.check}").check
    found = sorted({(finding.path, finding.line) for finding in check(SourceTree(example.files))})
    assert found == sorted(example.refused)


def test_every_check_has_bad_and_good_examples() -> None:
    bad = {example.check for example in EXAMPLES if example.refused}
    good = {example.check for example in EXAMPLES if not example.refused}
    assert bad == good == set(names_of_checks())
