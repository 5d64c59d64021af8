"""Refuses includes and imports to the right: rooms use only rooms to their left, as layers.toml says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from tools.checks.cpp_text import line_of, without_comments
from tools.checks.source_tree import Finding, SourceFile, SourceTree, read_settings, string_list, table

RULE = "layers"
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
_PARENT = re.compile(r"\bPARENT\s+(\w+)")
_PACKAGE = "python/bridgeorm"


def check(tree: SourceTree) -> Iterator[Finding]:
    settings = read_settings("layers.toml")
    parents = _declared_parents(tree)
    for file in tree.cpp("engine", "bindings"):
        yield from _check_includes(file, settings, parents)
    order = string_list(table(settings, "python"), "order")
    for file in tree.python(_PACKAGE):
        if file.suffix == ".py":
            yield from _check_imports(file, order)


def room_of(path: str, rooms: Mapping[str, object]) -> str | None:
    """The room a path belongs to: the longest listed folder or file that contains it."""
    holding = [room for room in rooms if path == room or path.startswith(f"{room}/")]
    return max(holding, key=len, default=None)


def reachable(room: str, rooms: Mapping[str, object]) -> set[str]:
    """All rooms that a room may use, through others too."""
    found: set[str] = set()
    waiting = string_list(rooms, room)
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting.extend(string_list(rooms, current))
    return found


def _declared_parents(tree: SourceTree) -> dict[str, str]:
    """Flavour to parent, as each flavour's CMakeLists.txt declares it."""
    parents: dict[str, str] = {}
    for file in tree:
        if file.is_below("engine/databases") and file.name == "CMakeLists.txt":
            declared = _PARENT.search(file.text)
            if declared:
                parents[_database_of(file.path)] = declared.group(1)
    return parents


def _database_of(path: str) -> str:
    parts = PurePosixPath(path).parts
    return parts[2] if parts[:2] == ("engine", "databases") and len(parts) > 3 else ""


def _check_includes(
    file: SourceFile, settings: Mapping[str, object], parents: Mapping[str, str]
) -> Iterator[Finding]:
    rooms = table(settings, "cpp")
    room = room_of(file.path, rooms)
    if room is None:
        yield Finding(file.path, 1, RULE, "belongs to no room of layers.toml")
        return
    text = without_comments(file.text)
    for match in _INCLUDE.finditer(text):
        bracket, target = match.groups()
        line = line_of(text, match.start())
        if bracket == "<":
            reason = _refused_foreign(file, target, table(settings, "foreign"))
        else:
            reason = _refused_own(file, room, target, rooms) or _refused_database(file, target, parents)
        if reason:
            yield Finding(file.path, line, RULE, reason)


def _refused_own(file: SourceFile, room: str, target: str, rooms: Mapping[str, object]) -> str:
    target_room = room_of(target, rooms)
    if target_room is None:
        return f'"{target}" is not a path from the root into a listed room'
    if target_room != room and target_room not in reachable(room, rooms):
        return f"{room} may not use {target_room}"
    if "/testing/" in target and not file.is_test:
        return f"{target} is for tests only"
    if "/wire/" in file.path and target_room == "engine/net":
        return "wire/ speaks of bytes and may not use engine/net"
    return ""


def _refused_database(file: SourceFile, target: str, parents: Mapping[str, str]) -> str:
    own, other = _database_of(file.path), _database_of(target)
    if not other or own == other or parents.get(own) == other:
        return ""
    return f"only the folder of {other} and flavours that declare it as parent may use {target}"


def _refused_foreign(file: SourceFile, header: str, foreign: Mapping[str, object]) -> str:
    is_standard = "/" not in header and not header.endswith(".h")
    if is_standard or (file.is_test and header.startswith(tuple(string_list(foreign, "tests")))):
        return ""
    stem = file.path.rsplit(".", 1)[0]
    for room in foreign:
        owns = file.path.startswith(f"{room}/") or stem in {room, f"{room}_test"}
        if owns and header.startswith(tuple(string_list(foreign, room))) and "/wire/" not in file.path:
            return ""
    return f"<{header}> is foreign to this room"


def _check_imports(file: SourceFile, order: list[str]) -> Iterator[Finding]:
    relative = PurePosixPath(file.path).relative_to(_PACKAGE)
    room = relative.parts[0].removesuffix(".py")
    if room == "__init__":
        return
    if room not in order:
        yield Finding(file.path, 1, RULE, f"module {room} is not in the order of layers.toml")
        return
    parsed = ast.parse(file.text)
    for node, in_function in _run_time_imports(parsed):
        if in_function and not _has_reason(file, node.lineno):
            yield Finding(
                file.path, node.lineno, RULE, "an import inside a function needs a reason beside it"
            )
        for target in _imported_rooms(node, relative):
            if target in order and order.index(target) > order.index(room):
                yield Finding(
                    file.path, node.lineno, RULE, f"{room} may not import {target}, which is to its right"
                )


def _has_reason(file: SourceFile, line: int) -> bool:
    own, above = file.lines[line - 1], file.lines[line - 2].strip()
    return "#" in own or above.startswith("#")


def _run_time_imports(module: ast.Module) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """Imports that happen, and whether they stand in a function."""
    waiting: list[tuple[ast.AST, bool]] = [(module, False)]
    while waiting:
        node, in_function = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, in_function
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            waiting.extend((child, in_function) for child in node.orelse)
        else:
            inside = in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            waiting.extend((child, inside) for child in ast.iter_child_nodes(node))


def _imported_rooms(node: ast.Import | ast.ImportFrom, importer: PurePosixPath) -> Iterator[str]:
    """First module below the package that an import names."""
    if isinstance(node, ast.Import):
        paths = [alias.name.split(".") for alias in node.names]
    elif node.level:
        package = ("bridgeorm", *importer.parts[: len(importer.parts) - node.level])
        base = [*package, *(node.module.split(".") if node.module else [])]
        paths = [[*base, alias.name] for alias in node.names]
    else:
        paths = [[*(node.module or "").split("."), alias.name] for alias in node.names]
    for path in paths:
        if path[0] == "bridgeorm" and len(path) > 1:
            yield path[1]
