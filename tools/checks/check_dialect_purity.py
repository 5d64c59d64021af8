"""Refuses names and SQL of databases outside their folders: the core asks a dialect, Python writes no SQL."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tools.checks.check_names import words_of
from tools.checks.cpp_text import code_only, strings
from tools.checks.source_tree import Finding, SourceFile, SourceTree, read_settings, string_list, table

RULE = "dialect_purity"
# Not the letters of a hexadecimal number.
_WORD = re.compile(r"(?<![\w'])[A-Za-z_][A-Za-z0-9_]*")
# A statement or clause as SQL writes it: capital keywords, several or followed by what they govern.
_SQL = re.compile(
    r"\b(SELECT\s+(\*|[A-Z\"{]|\w+)|INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|CREATE\s+(TEMP|TABLE|INDEX|UNIQUE)"
    r"|DROP\s+(TABLE|INDEX)|ALTER\s+TABLE|GROUP\s+BY|ORDER\s+BY|LEFT\s+JOIN|INNER\s+JOIN|ON\s+CONFLICT|FOR\s+UPDATE"
    r"|IS\s+(NOT\s+)?NULL|BEGIN\s+TRANSACTION|ROLLBACK\s+TO|RELEASE\s+SAVEPOINT)\b|^\s*(COMMIT|ROLLBACK|SAVEPOINT)\b"
)
# The generic compiler writes standard SQL; databases write their own.
_SQL_HOMES = ("engine/sql", "engine/databases")


def check(tree: SourceTree) -> Iterator[Finding]:
    settings = read_settings("purity.toml")
    # A folder's name says which database it is for: one that was laid out since counts without being listed.
    folders = {file.path.split("/")[2] for file in tree if file.is_below("engine/databases")}
    names = frozenset(string_list(settings, "database_names")) | folders
    vendor = re.compile(r"\b(" + "|".join(map(re.escape, string_list(settings, "vendor_keywords"))) + r")\b")
    allowed = tuple(table(settings, "allowed"))
    for file in tree:
        if file.is_test or file.is_generated or file.path.startswith(allowed):
            continue
        if file.is_cpp and file.is_below("engine", "bindings") and not file.is_below("engine/databases"):
            yield from _check_cpp(file, names, vendor)
        elif file.is_python and file.is_below("python/bridgeorm"):
            yield from _check_python(file, names, vendor)


def _check_cpp(file: SourceFile, names: frozenset[str], vendor: re.Pattern[str]) -> Iterator[Finding]:
    for number, line in enumerate(code_only(file.text).splitlines(), 1):
        for word in _WORD.findall(line):
            yield from _refuse_names(file, number, word, names)
    for token in strings(file.text):
        yield from _refuse_names(file, token.line, token.text, names)
        if not file.is_below(*_SQL_HOMES):
            yield from _refuse_sql(file, token.line, token.text)
        yield from _refuse_vendor_words(file, token.line, token.text, vendor)


def _check_python(file: SourceFile, names: frozenset[str], vendor: re.Pattern[str]) -> Iterator[Finding]:
    module = ast.parse(file.text)
    documentation = {
        id(node.value)
        for node in ast.walk(module)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield from _refuse_names(file, node.lineno, node.value, names)
            yield from _refuse_sql(file, node.lineno, node.value)
            yield from _refuse_vendor_words(file, node.lineno, node.value, vendor)
        elif isinstance(node, ast.Name):
            yield from _refuse_names(file, node.lineno, node.id, names)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _refuse_names(file, node.lineno, node.name, names)


def _refuse_names(file: SourceFile, line: int, text: str, names: frozenset[str]) -> Iterator[Finding]:
    # Both spellings: `postgres_url` falls into words, "SQLite" only counts as a whole.
    words = {*words_of(text), *(word.lower() for word in _WORD.findall(text))}
    for word in sorted(words & names):
        yield Finding(
            file.path, line, RULE, f"'{word}' is the name of a database: ask its dialect or capabilities"
        )


def _refuse_sql(file: SourceFile, line: int, text: str) -> Iterator[Finding]:
    match = _SQL.search(text.strip('"'))
    if match:
        yield Finding(
            file.path, line, RULE, f"SQL text '{match.group()}' outside the compiler and the databases"
        )


def _refuse_vendor_words(
    file: SourceFile, line: int, text: str, vendor: re.Pattern[str]
) -> Iterator[Finding]:
    match = vendor.search(text)
    if match:
        yield Finding(
            file.path, line, RULE, f"'{match.group()}' is not standard SQL: it belongs to a database's folder"
        )
