"""Refuses files and functions with more lines of code than limits.toml allows; comments are free."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.checks.cpp_text import functions, without_comments
from tools.checks.source_tree import Finding, SourceFile, SourceTree, read_settings

RULE = "sizes"


def check(tree: SourceTree) -> Iterator[Finding]:
    settings = read_settings("limits.toml")
    file_limit = _limit(settings, "file_code_lines")
    function_limit = _limit(settings, "function_code_lines")
    for file in tree:
        if file.is_generated or not (file.is_cpp or file.is_python):
            continue
        code = code_lines(file)
        if len(code) > file_limit:
            message = f"{len(code)} lines of code in a file, at most {file_limit}"
            yield Finding(file.path, file_limit, RULE, message)
        for name, first, last in _functions(file):
            length = sum(first <= line <= last for line in code)
            if length > function_limit:
                message = f"{name} has {length} lines of code, at most {function_limit}"
                yield Finding(file.path, first, RULE, message)


def _limit(settings: dict[str, object], name: str) -> int:
    limit = settings[name]
    if not isinstance(limit, int):
        raise TypeError(f"{name} must be a whole number")
    return limit


def code_lines(file: SourceFile) -> list[int]:
    """Numbers of the lines that hold code."""
    if file.is_cpp:
        lines = without_comments(file.text).splitlines()
        return [number for number, line in enumerate(lines, 1) if line.strip()]
    documentation = _docstring_lines(ast.parse(file.text))
    return [
        number
        for number, line in enumerate(file.lines, 1)
        if line.strip() and not line.lstrip().startswith("#") and number not in documentation
    ]


def _docstring_lines(module: ast.Module) -> set[int]:
    lines: set[int] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


def _functions(file: SourceFile) -> Iterator[tuple[str, int, int]]:
    if file.is_cpp:
        for function in functions(file.text):
            words = function.head.split("(")[0].split()
            yield words[-1] if words else "a function", function.first_line, function.last_line
        return
    for node in ast.walk(ast.parse(file.text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno, node.end_lineno or node.lineno
