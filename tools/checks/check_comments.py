"""Refuses files without purpose, types without contract, silenced linters without reason, and dead code."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from tools.checks.cpp_text import code_only, comments
from tools.checks.source_tree import Finding, SourceFile, SourceTree

RULE = "comments"
_FOLDERS = ("engine", "bindings", "python", "tools", "tests", "benchmarks", "examples", "cmake")
_SILENCERS = re.compile(
    r"NOLINT(?:NEXTLINE|BEGIN|END)?(?:\([^)]*\))?|noqa(?::\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*)?"
    r"|(?:type|pyright):\s*ignore(?:\[[^\]]*\])?|clang-format off|fmt:\s*off"
)
_WORD = re.compile(r"[A-Za-z]{2,}")
_WORDS_IN_A_REASON = 2
_DEAD_CODE = re.compile(
    r"^//\s*(?:[\w:.<>*&\[\]-]+\s*(?:\(.*\)|=\s*\S.*);|(?:if|for|while)\s*\(.*\)\s*\{|return\b.*;|#include.*|\})\s*$"
)
_UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
_NEEDS_SAFETY = re.compile(r"\b(reinterpret_cast|const_cast)\s*<|\b(Py_X?(?:INCREF|DECREF)|Py_X?NewRef)\b")
_LINES_ABOVE_FOR_SAFETY = 4
_HEADER_TYPE = re.compile(r"^(?:class|struct|enum class)\s+(\w+)[^;]*$")
# A test's name and body are its explanation.
_SAYS_ITS_PURPOSE = re.compile(r"^(//|/\*|#|\"\"\"|r\"\"\")\s*\S")


def check(tree: SourceTree) -> Iterator[Finding]:
    for file in tree:
        if not (file.is_cpp or file.is_python) or not file.is_below(*_FOLDERS) or not file.text.strip():
            continue
        yield from _check_purpose(file)
        lines = _cpp_comments(file) if file.is_cpp else _python_comments(file)
        for line, comment in lines:
            yield from _check_comment(file, line, comment)
        if file.is_cpp:
            yield from _check_safety(file)
        if file.suffix == ".h" and file.is_below("engine") and not file.is_test:
            yield from _check_contracts(file)


def _check_purpose(file: SourceFile) -> Iterator[Finding]:
    if file.is_python:
        says = bool(ast.get_docstring(ast.parse(file.text)))
    else:
        says = bool(_SAYS_ITS_PURPOSE.match(file.lines[0]))
    if not says:
        yield Finding(file.path, 1, RULE, "the file does not open with what it is for")


def _cpp_comments(file: SourceFile) -> Iterator[tuple[int, str]]:
    return ((token.line, token.text) for token in comments(file.text))


def _python_comments(file: SourceFile) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(file.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def _check_comment(file: SourceFile, line: int, comment: str) -> Iterator[Finding]:
    silencer = _SILENCERS.search(comment)
    if silencer:
        rest = _SILENCERS.sub("", comment)
        if len(_WORD.findall(rest)) < _WORDS_IN_A_REASON:
            yield Finding(file.path, line, RULE, f"{silencer.group()} without a reason on its line")
    if file.is_cpp and _DEAD_CODE.match(comment):
        yield Finding(file.path, line, RULE, "code that is commented out")
    if _UNFINISHED.search(comment):
        yield Finding(file.path, line, RULE, "an unfinished thing: finish it or file it")


def _check_safety(file: SourceFile) -> Iterator[Finding]:
    for number, line in enumerate(code_only(file.text).splitlines(), 1):
        match = _NEEDS_SAFETY.search(line)
        if match and not file.is_test:
            above = file.lines[max(0, number - 1 - _LINES_ABOVE_FOR_SAFETY) : number]
            if not any("SAFETY:" in candidate for candidate in above):
                found = match.group(1) or match.group(2)
                yield Finding(file.path, number, RULE, f"{found} without a // SAFETY: comment")


def _check_contracts(file: SourceFile) -> Iterator[Finding]:
    for number, line in enumerate(file.lines, 1):
        match = _HEADER_TYPE.match(line)
        above = file.lines[number - 2].strip() if number > 1 else ""
        if match and not above.startswith(("///", "template", "//")) and "///" not in line:
            yield Finding(file.path, number, RULE, f"type {match.group(1)} has no /// contract")
