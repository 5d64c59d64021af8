"""Refuses exceptions in the engine, catch-alls outside the guard, and results discarded unexplained."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.checks.cpp_text import code_only, line_of
from tools.checks.source_tree import Finding, SourceTree

RULE = "errors"
_GUARD = "bindings/ffi_guard"
_EXCEPTIONS = re.compile(r"\b(throw|try|catch)\b")
_CATCH_ALL = re.compile(r"\bcatch\s*\(\s*(?:\.\.\.|(?:const\s+)?std::exception\b[^)]*)\)")
_DISCARDED = re.compile(r"\(void\)\s*[\w:.>-]+\(|\bstd::ignore\s*=")


def check(tree: SourceTree) -> Iterator[Finding]:
    for file in tree.cpp("engine", "bindings"):
        code = code_only(file.text)
        is_engine = file.is_below("engine")
        if is_engine:
            for match in _EXCEPTIONS.finditer(code):
                message = f"'{match.group()}': the engine returns Result and throws nothing"
                yield Finding(file.path, line_of(code, match.start()), RULE, message)
        elif not file.path.startswith(_GUARD):
            for match in _CATCH_ALL.finditer(code):
                yield Finding(
                    file.path, line_of(code, match.start()), RULE, "only the guard catches everything"
                )
        for match in _DISCARDED.finditer(code):
            line = line_of(code, match.start())
            if not file.is_test and "//" not in file.lines[line - 1]:
                yield Finding(file.path, line, RULE, "a discarded result needs its reason on the line")
