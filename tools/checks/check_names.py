"""Refuses names of banned words, abbreviations, single letters and numbers, as names.toml lists them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tools.checks.cpp_text import code_only, line_of
from tools.checks.source_tree import Finding, SourceFile, SourceTree, read_settings, string_list

RULE = "names"
_TYPE = re.compile(
    r"\b(?:class|struct|enum(?:\s+class|\s+struct)?|concept)\s+(?:\[\[\w+\]\]\s*)?(\w+)\s*(?:final\s*)?[:{;=]"
)
_ALIAS = re.compile(r"\busing\s+(\w+)\s*=")
_FUNCTION = re.compile(r"(?:[\w>]|[&*])\s+[&*]*(?:\w+::)*(\w+)\s*\([^;{}]*\)[^;{}()]*[{;]")
_VARIABLE = re.compile(r"([\w>\]]+)(?:[ \t]*[&*]+[ \t]*|[ \t]+)(\w+)[ \t]*(?:[,)=;{\[]|:[^:])")
_NOT_A_TYPE = frozenset(
    {
        "return",
        "throw",
        "else",
        "case",
        "goto",
        "new",
        "delete",
        "using",
        "namespace",
        "typename",
        "operator",
        "co_return",
        "co_await",
        "co_yield",
        "public",
        "private",
        "protected",
        "default",
        "sizeof",
        "not",
        "and",
        "or",
        "in",
        "virtual",
        "define",
        "ifdef",
        "ifndef",
        "if",
        "elif",
        "endif",
        "undef",
        "class",
        "struct",
        "enum",
    }
)
_WORD = re.compile(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+")
_PLACES_FOR_NAMES = ("engine", "bindings", "python", "tools", "benchmarks", "examples")


@dataclass(frozen=True)
class Name:
    """A declared name: what it names, and where."""

    text: str
    kind: str
    line: int


def words_of(name: str) -> list[str]:
    """The lower-case words of a name in any of the house's spellings, numbers with the word before them."""
    return [word.lower() for word in _WORD.findall(name)]


def check(tree: SourceTree) -> Iterator[Finding]:
    settings = read_settings("names.toml")
    vocabulary = {key: frozenset(string_list(settings, key)) for key in settings}
    for file in tree:
        if file.is_generated or not file.is_below(*_PLACES_FOR_NAMES):
            continue
        names = [Name(file.name.split(".")[0], "file", 1)]
        if file.is_cpp:
            names.extend(_cpp_names(file))
        elif file.suffix == ".py":
            names.extend(_python_names(file))
        for name in names:
            reason = _refuse(name, vocabulary, is_test=file.is_test)
            if reason:
                yield Finding(file.path, name.line, RULE, f"{name.kind} {name.text}: {reason}")


def _refuse(name: Name, vocabulary: Mapping[str, frozenset[str]], *, is_test: bool) -> str:
    """Why a name is refused, or an empty string."""
    given = ("__", *vocabulary["given_prefixes"])
    if name.text in vocabulary["given_names"] or name.text.startswith(given):
        return ""
    words = words_of(name.text.removeprefix("k") if re.match(r"k[A-Z]", name.text) else name.text)
    refused = _first(words, vocabulary["banned"] | vocabulary["abbreviations"])
    if refused:
        return f"'{refused}' " + ("says nothing" if refused in vocabulary["banned"] else "is an abbreviation")
    if len(name.text) == 1 and not name.text.isupper() and name.text not in vocabulary["single_letters"]:
        return "one letter is no name"
    if name.kind == "variable" or is_test:
        return ""
    if name.kind == "function" and _first(words, vocabulary["banned_in_functions"]):
        return "names two things"
    numbered = (word for word in words if any(letter.isdigit() for letter in word))
    return next((f"'{word}' carries a number" for word in numbered if word not in vocabulary["numbered"]), "")


def _first(words: list[str], refused: frozenset[str]) -> str:
    return next((word for word in words if word in refused), "")


def _cpp_names(file: SourceFile) -> Iterator[Name]:
    code = code_only(file.text)
    for pattern, kind in ((_TYPE, "type"), (_ALIAS, "type"), (_FUNCTION, "function")):
        for match in pattern.finditer(code):
            yield Name(match.group(1), kind, line_of(code, match.start(1)))
    for number, line in enumerate(code.splitlines(), 1):
        for match in _VARIABLE.finditer(line):
            before, name = match.groups()
            if before not in _NOT_A_TYPE and not before.isdigit() and not name[0].isdigit():
                yield Name(name, "variable", number)


def _python_names(file: SourceFile) -> Iterator[Name]:
    for node in ast.walk(ast.parse(file.text)):
        if isinstance(node, ast.ClassDef):
            yield Name(node.name, "type", node.lineno)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Name(node.name, "function", node.lineno)
        elif isinstance(node, ast.arg):
            yield Name(node.arg, "variable", node.lineno)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield Name(node.id, "variable", node.lineno)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield Name(node.name, "variable", node.lineno)
