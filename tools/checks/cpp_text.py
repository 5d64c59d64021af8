"""C++ source cut into code, comments and literals: enough for rules that read, not for a compiler."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(
    r"""
    (?P<comment>//[^\n]*|/\*.*?\*/)
  | (?P<raw>R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)")
  | (?P<string>"(?:[^"\\\n]|\\.)*")
  | (?P<character>(?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+')
    """,
    re.DOTALL | re.VERBOSE,
)
_NOT_NEWLINE = re.compile(r"[^\n]")
_CACHED_FILES = 2048  # every check reads the same files; more than the tree holds


@dataclass(frozen=True)
class Token:
    """A comment or literal with the line it begins in, counted from 1."""

    kind: str
    text: str
    line: int


@lru_cache(maxsize=_CACHED_FILES)
def tokens(text: str) -> tuple[Token, ...]:
    """Comments, strings and characters in order."""
    found: list[Token] = []
    line, position = 1, 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", position, match.start())
        position = match.start()
        found.append(Token(match.lastgroup or "raw", match.group(), line))
    return tuple(found)


def comments(text: str) -> Iterator[Token]:
    return (token for token in tokens(text) if token.kind == "comment")


def strings(text: str) -> Iterator[Token]:
    """String literals, without those of #include lines."""
    lines = text.splitlines()
    for token in tokens(text):
        is_include = lines[token.line - 1].lstrip().startswith("#include")
        if token.kind in {"string", "raw", "mark"} and not is_include:
            yield token


def _blank(text: str) -> str:
    return _NOT_NEWLINE.sub(" ", text)


@lru_cache(maxsize=_CACHED_FILES)
def without_comments(text: str) -> str:
    """The text with comments blanked; lines and columns stay where they were."""
    return _TOKEN.sub(lambda match: _blank(match.group()) if match.group("comment") else match.group(), text)


@lru_cache(maxsize=_CACHED_FILES)
def code_only(text: str) -> str:
    """The text with comments and the insides of literals blanked; lines and columns stay where they were."""

    def replace(match: re.Match[str]) -> str:
        found = match.group()
        return _blank(found) if match.group("comment") else found[0] + _blank(found[1:-1]) + found[-1]

    return _TOKEN.sub(replace, text)


def line_of(text: str, position: int) -> int:
    """The line of a position, counted from 1."""
    return text.count("\n", 0, position) + 1


@dataclass(frozen=True)
class Function:
    """A function body by its first and last line."""

    head: str
    first_line: int
    last_line: int


_CONTAINER = re.compile(r"\b(namespace|class|struct|union|enum)\b")
_INITIALISER = re.compile(r"=\s*$|\breturn\s*$|^[\s,]*$")


@lru_cache(maxsize=_CACHED_FILES)
def functions(text: str) -> tuple[Function, ...]:
    """Bodies of functions that stand in namespaces or classes; lambdas count into their function."""
    code = _without_preprocessor(code_only(text))
    found: list[Function] = []
    open_blocks: list[tuple[str, str, int]] = []
    head_begin = 0
    for match in re.finditer(r"[{};]", code):
        mark, position = match.group(), match.start()
        if mark == "{":
            head = code[head_begin:position].strip()
            inside = any(kind == "function" for kind, _, _ in open_blocks)
            open_blocks.append(("inner" if inside else _block_kind(head), head, position))
        elif mark == "}" and open_blocks:
            kind, head, begin = open_blocks.pop()
            if kind == "function":
                found.append(Function(head, line_of(code, begin), line_of(code, position)))
        head_begin = match.end()
    return tuple(found)


def _without_preprocessor(code: str) -> str:
    return re.sub(
        r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", lambda match: _blank(match.group()), code, flags=re.MULTILINE
    )


def _block_kind(head: str) -> str:
    before_parenthesis = head.split("(", maxsplit=1)[0]
    if _CONTAINER.search(re.sub(r"template\s*<[^{]*?>", "", before_parenthesis)) or head.startswith("extern"):
        return "container"
    if _INITIALISER.search(head) and "(" not in head:
        return "function" if not head else "initialiser"
    return "function" if "(" in head else "initialiser"
