"""Writes the reference of the public API: each exported name with its signatures and its docstring."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache

from tools.generators.public_api import (
    Definition,
    definitions_of,
    exported_names,
    find_definition,
    module_tree,
    names_of,
    own_bases,
    signature_of,
)

_PAGE = "docs/reference/api.md"
_PACKAGE = "bridgeorm"
_ERRORS = "bridgeorm.errors"
_TELEMETRY = "bridgeorm.telemetry"
_TESTING = "bridgeorm.testing.counting"
# What is public without standing in `bridgeorm.__all__` itself.
_FURTHER = {
    "bridgeorm.functions": ("Functions",),
    _TELEMETRY: ("on_query",),
    _TESTING: ("QueryCount", "count_queries"),
}
# Where a module's names are shown at work, below docs.
_EXAMPLES = {
    "columns": "how_to/models.md",
    "constraints": "how_to/models.md",
    "database": "how_to/connections.md",
    "derived": "how_to/query_language.md",
    "documents": "how_to/query_language.md",
    "entities": "how_to/queries.md",
    "expressions": "how_to/queries.md",
    "fields.custom": "reference/field_types.md",
    "functions": "how_to/query_language.md",
    "queries": "how_to/queries.md",
    "searches": "how_to/text_search.md",
    "texts": "how_to/query_language.md",
    "hooks": "how_to/guards.md",
    "model": "how_to/models.md",
    "options": "how_to/connections.md",
    "paging": "how_to/streams_and_pages.md",
    "query": "how_to/queries.md",
    "raw_sql": "how_to/raw_sql.md",
    "rows": "how_to/query_language.md",
    "session": "how_to/transactions_and_sessions.md",
    "statements": "how_to/writing.md",
    "telemetry": "how_to/telemetry.md",
    "testing.counting": "how_to/testing.md",
    "transaction": "how_to/transactions_and_sessions.md",
    "verbs": "how_to/queries.md",
    "windows": "how_to/query_language.md",
}
_WIDTH = 110
_HEAD = """# The public API

<!-- GENERATED from python/bridgeorm by tools/generators/api_reference.py: do not edit -->

Every name that `import bridgeorm` gives, with its signatures, by the module that defines it. Errors have
[a page of their own](errors.md); `SyncDatabase` and what it opens have the verbs of `Database`, without
`await`.

"""


def outputs() -> dict[str, str]:
    return {_PAGE: _HEAD + "\n".join(_sections())}


def _sections() -> Iterator[str]:
    by_module = _names_by_module()
    for module, names in by_module.items():
        yield f"## {module}\n\n{_as_text(ast.get_docstring(module_tree(module)))}{_example_of(module)}\n"
        for name in names:
            yield _entry(module, name)


def _example_of(module: str) -> str:
    name = module.removeprefix(f"{_PACKAGE}.")
    page = "how_to/relations.md" if name.startswith("relations") else _EXAMPLES.get(name)
    return f" Examples: [{page}](../{page})." if page else ""


def _names_by_module() -> dict[str, list[str]]:
    """Exported names and the bases of ours they have, by module, in the order of `__init__`'s imports."""
    by_module: dict[str, list[str]] = {}
    places = [find_definition(_PACKAGE, name) for name in exported_names()]
    waiting = [place for place in places if place is not None]
    waiting += [(module, name) for module, names in _FURTHER.items() for name in names]
    while waiting:
        module, name = waiting.pop(0)
        names = by_module.setdefault(module, [])
        if name in names or not _is_shown(module):
            continue
        names.append(name)
        waiting += own_bases(module, name)
    return {module: sorted(by_module[module]) for module in sorted(by_module) if _is_shown(module)}


@cache
def _exported_as() -> dict[tuple[str, str], str]:
    """The name by which `bridgeorm` exports what another module defines."""
    places = {name: find_definition(_PACKAGE, name) for name in exported_names()}
    return {place: name for name, place in places.items() if place is not None}


def _is_shown(module: str) -> bool:
    """Errors are listed elsewhere, the sync face mirrors the async one, the native module is no Python."""
    return module not in {_ERRORS, "bridgeorm._engine"} and not module.startswith("bridgeorm.sync.")


def _entry(module: str, name: str) -> str:
    nodes = definitions_of(module_tree(module).body, name)
    words = _docstring(module_tree(module).body, name)
    if not words:
        raise ValueError(f"{module}.{name} is public and has no docstring")
    title = _exported_as().get((module, name), name)
    signatures = "\n".join(_wrapped(_plain(node, title)) for node in nodes)
    parts = [f"### {title}", f"```text\n{signatures}\n```", words]
    parts += [_members(node) for node in nodes if isinstance(node, ast.ClassDef)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _plain(node: Definition, name: str) -> str:
    if isinstance(node, ast.ClassDef):
        bases = [ast.unparse(base) for base in node.bases]
        return f"class {name}({', '.join(bases)})" if bases else f"class {name}"
    return re.sub(r"  @\S+$", "", signature_of(node, name)).replace("def ", "", 1)


def _wrapped(signature: str) -> str:
    """A signature that fits, its parameters below each other where they do not."""
    if len(signature) <= _WIDTH or "(" not in signature:
        return signature
    head, parameters = signature.split("(", 1)
    depth, pieces, piece = 0, list[str](), ""
    for letter in parameters:
        depth += (letter in "([{") - (letter in ")]}")
        piece += letter
        if letter == "," and depth == 0:
            pieces.append(piece.strip())
            piece = ""
    return "\n    ".join([f"{head}(", *pieces, piece.strip()])


def _members(node: ast.ClassDef) -> str:
    """A list of what a class offers: methods, properties and attributes that say something of themselves."""
    lines: list[str] = []
    for name in dict.fromkeys(name for member in node.body for name in names_of(member)):
        words = "" if name.startswith("_") else _docstring(node.body, name)
        if words:
            lines.append(f"- `{_short(node.body, name)}`: {' '.join(words.split())}")
    return "\n".join(lines)


def _short(body: list[ast.stmt], name: str) -> str:
    """A member as it is written where it is used: names of parameters, no types."""
    member = [node for node in body if name in names_of(node)][-1]
    if not isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) or _is_property(member):
        return name
    arguments = member.args
    given = [argument.arg for argument in [*arguments.posonlyargs, *arguments.args]][1:]
    given += [f"*{arguments.vararg.arg}"] if arguments.vararg else []
    given += [f"{argument.arg}=" for argument in arguments.kwonlyargs]
    given += [f"**{arguments.kwarg.arg}"] if arguments.kwarg else []
    return f"{name}({', '.join(given)})"


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(ast.unparse(mark) == "property" for mark in node.decorator_list)


def _docstring(body: list[ast.stmt], name: str) -> str:
    """What the last definition of a name says of itself; of an attribute, the text below it."""
    found = ""
    for node, below in zip(body, [*body[1:], None], strict=True):
        if name not in names_of(node):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found = _as_text(ast.get_docstring(node)) or found
        elif isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            found = _as_text(str(below.value.value))
    return found


def _as_text(docstring: str | None) -> str:
    return inspect.cleandoc(docstring) if docstring else ""
