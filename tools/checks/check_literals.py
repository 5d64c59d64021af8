"""Refuses magic numbers, and strings written more than twice in a C++ file; ruff does so for Python."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from tools.checks.cpp_text import code_only, comments, functions, strings
from tools.checks.source_tree import Finding, SourceFile, SourceTree

RULE = "literals"
_NUMBER = re.compile(
    r"(?<![\w.])(0[xX][0-9a-fA-F']+|0[bB][01']+|\d[\d']*(?:\.\d+)?(?:[eE][+-]?\d+)?)[uUlLzZfF]*(?![\w.])"
)
# Zero, one and two count, halve and double; anything else deserves a name.
_SMALL = frozenset({"0", "1", "2", "0x0", "0x1", "0.0", "1.0", "2.0"})
_NAMED_ON_LINE = re.compile(
    r"\bconstexpr\b|\bconsteval\b|^\s*#|^\s*k[A-Z]\w*\s*=|\bstatic_assert\b|^\s*X\(|:\s*\d+;$"
)
# `std::chrono::seconds idle_timeout{600};` in a class: the member names the number.
_NAMED_BY_MEMBER = re.compile(r"^\s+[\w:<>, ]+\s\w+\s*[={][^;]*;")
# `kText = 3` within an enumeration.
_ENUMERATOR = re.compile(r"\bk[A-Z]\w*\s*=\s*[\w']+")
# The size of a buffer is named by the buffer, and explained by a comment on its line.
_SIZE = re.compile(r"\bstd::array<[^;]*,\s*\d+>\s+\w+|\b\w+\[\d+\]")
# `// numbers: <reason>` inside a function says that its numbers are the algorithm's own.
_EXPLANATION = re.compile(r"//+\s*numbers:\s*\w+")
_HOMES = ("limits.h", "constants.h")
# A keyword or key may return a few times, a message or a phrase only once more.
_LONGEST_KEYWORD = 9
_MOST_REPEATED_KEYWORD = 5
_MOST_REPEATED_PHRASE = 2
# Names of arguments, as Python sees them, belong to each function anew.
_ARGUMENT_NAME = re.compile(r"nb::arg\(\s*$")


def check(tree: SourceTree) -> Iterator[Finding]:
    for file in tree.cpp("engine", "bindings"):
        if file.is_test or file.is_generated:
            continue
        yield from _check_numbers(file)
        yield from _check_strings(file)
        if file.name in _HOMES:
            yield from _check_reasons(file)


def _check_numbers(file: SourceFile) -> Iterator[Finding]:
    if file.name in _HOMES:
        return
    exempt = _explained_lines(file)
    in_functions = _function_lines(file)
    in_table = False
    line_before = ""
    for number, line in enumerate(code_only(file.text).splitlines(), 1):
        # A constant table names its numbers by its own name, up to the brace that closes it.
        in_table = in_table or bool(re.search(r"\bconstexpr\b.*\{[^}]*$", line))
        is_member_default = number not in in_functions and (
            _NAMED_BY_MEMBER.search(line) or line_before.rstrip().endswith("=")
        )
        is_explained_size = _SIZE.search(line) and "//" in file.lines[number - 1]
        is_named = in_table or number in exempt or is_member_default or is_explained_size
        if not is_named and not _NAMED_ON_LINE.search(line):
            for match in _NUMBER.finditer(_ENUMERATOR.sub("", line)):
                if match.group(1).replace("'", "").lower() not in _SMALL:
                    yield Finding(file.path, number, RULE, f"magic number {match.group()}: name it")
        in_table = in_table and "}" not in line
        line_before = line


def _function_lines(file: SourceFile) -> set[int]:
    return {
        line
        for function in functions(file.text)
        for line in range(function.first_line, function.last_line + 1)
    }


def _explained_lines(file: SourceFile) -> set[int]:
    """Lines that carry an explanation, and those of functions that contain one."""
    explained = {token.line for token in comments(file.text) if _EXPLANATION.match(token.text)}
    lines = set(explained)
    for function in functions(file.text):
        body = range(function.first_line, function.last_line + 1)
        if explained.intersection(body):
            lines.update(body)
    return lines


def _check_strings(file: SourceFile) -> Iterator[Finding]:
    lines: dict[str, list[int]] = defaultdict(list)
    for token in strings(file.text):
        before, _, after = file.lines[token.line - 1].partition(token.text)
        if not _ARGUMENT_NAME.search(before) and not after.startswith("_a"):
            lines[token.text].append(token.line)
    for text, places in lines.items():
        is_phrase = len(text) - len('""') > _LONGEST_KEYWORD
        most = _MOST_REPEATED_PHRASE if is_phrase else _MOST_REPEATED_KEYWORD
        if len(places) > most and any(letter.isalpha() for letter in text):
            yield Finding(file.path, places[most], RULE, f"{text} is written {len(places)} times: name it")


def _check_reasons(file: SourceFile) -> Iterator[Finding]:
    """Each constant of a home has a comment on its line or above its block."""
    above_has_comment = False
    for number, line in enumerate(file.lines, 1):
        text = line.strip()
        if re.match(r"(inline |static )?constexpr ", text) and "//" not in text and not above_has_comment:
            yield Finding(file.path, number, RULE, "a constant without its reason")
        # A comment speaks for the lines below it up to the next blank one.
        above_has_comment = bool(text) and (text.startswith("//") or above_has_comment)
