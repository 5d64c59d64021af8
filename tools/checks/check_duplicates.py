"""Refuses eight equal lines of code in two places, and files of two databases that share half their lines."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from tools.checks.check_sizes import code_lines
from tools.checks.source_tree import Finding, SourceFile, SourceTree

RULE = "duplicates"
EQUAL_LINES = 8
# Below this a file is a declaration or two, which two databases may well spell alike.
_SHORTEST_COMPARED_FILE = 20
_MOST_SHARED = 0.5
_SETTING_THE_SCENE = (
    "#include",
    "#pragma",
    "import ",
    "from ",
    "using ",
    "namespace ",
    "}",
    ")",
    "]",
    "{",
    "(",
)
# Two implementations of one interface declare the same methods.
_IMPLEMENTING = ("override;", "override {")
_PLACES = ("engine", "bindings", "python", "tools", "benchmarks", "examples", "tests")


@dataclass(frozen=True)
class _Line:
    number: int
    text: str


def check(tree: SourceTree) -> Iterator[Finding]:
    files = [
        (file, _significant_lines(file))
        for file in tree
        if (file.is_cpp or file.suffix == ".py") and file.is_below(*_PLACES) and not file.is_generated
    ]
    yield from _equal_runs(files)
    yield from _shared_halves(files)


def _significant_lines(file: SourceFile) -> list[_Line]:
    alike_by_nature = _overload_lines(file) if file.is_python else set[int]()
    numbers = [number for number in code_lines(file) if number not in alike_by_nature]
    lines = ((number, " ".join(file.lines[number - 1].split())) for number in numbers)
    return [
        _Line(number, text)
        for number, text in lines
        if not text.startswith(_SETTING_THE_SCENE) and not text.endswith(_IMPLEMENTING)
    ]


def _overload_lines(file: SourceFile) -> set[int]:
    """Lines of typing overloads, which repeat one signature for each number of arguments."""
    lines: set[int] = set()
    for node in ast.walk(ast.parse(file.text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = {ast.unparse(decorator).split(".")[-1] for decorator in node.decorator_list}
            if "overload" in names:
                lines.update(range(node.decorator_list[0].lineno, (node.end_lineno or node.lineno) + 1))
    return lines


def _equal_runs(files: list[tuple[SourceFile, list[_Line]]]) -> Iterator[Finding]:
    """One finding for each maximal run that stood somewhere before."""
    first_seen: dict[int, tuple[str, int]] = {}
    for file, lines in files:
        inside_run = False
        for start in range(len(lines) - EQUAL_LINES + 1):
            window = lines[start : start + EQUAL_LINES]
            key = hash(tuple(line.text for line in window))
            seen = first_seen.setdefault(key, (file.path, window[0].number))
            is_repeat = seen != (file.path, window[0].number)
            if is_repeat and not inside_run:
                message = f"{EQUAL_LINES} equal lines stand at {seen[0]}:{seen[1]} already"
                yield Finding(file.path, window[0].number, RULE, message)
            inside_run = is_repeat


def _shared_halves(files: list[tuple[SourceFile, list[_Line]]]) -> Iterator[Finding]:
    by_name: dict[str, list[tuple[SourceFile, set[str]]]] = defaultdict(list)
    for file, lines in files:
        if file.is_below("engine/databases") and len(lines) >= _SHORTEST_COMPARED_FILE:
            by_name[file.name].append((file, {line.text for line in lines}))
    for twins in by_name.values():
        for (one, one_lines), (other, other_lines) in combinations(twins, 2):
            shared = len(one_lines & other_lines) / min(len(one_lines), len(other_lines))
            if shared > _MOST_SHARED:
                yield Finding(one.path, 1, RULE, f"shares {shared:.0%} of its lines with {other.path}")
