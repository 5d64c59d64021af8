"""Lists what `bridgeorm` exports with every signature, read from the source, so that a change is noticed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_PACKAGE = Path("python/bridgeorm")
_LIST = "tests/golden/public_api.txt"
_SAYS_NOTHING_TO_CALLERS = frozenset({"__slots__", "__repr__", "__hash__"})
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.AnnAssign | ast.Assign


def outputs() -> dict[str, str]:
    return {_LIST: "\n".join([*_lines(), ""])}


def _lines() -> Iterator[str]:
    """Every exported name, then the classes of ours that exported ones derive from."""
    waiting = [("bridgeorm", name) for name in exported_names()]
    shown: set[tuple[str, str]] = set()
    is_base = False
    while waiting:
        bases: list[tuple[str, str]] = []
        for module, name in waiting:
            place = find_definition(module, name)
            if place is None:
                yield f"{name}  (module)"
            elif place not in shown:
                shown.add(place)
                heading = f"{'.'.join(place)}" if is_base else name
                yield from _describe(heading, *place)
                bases += own_bases(*place)
        waiting, is_base = sorted(set(bases)), True


def exported_names() -> list[str]:
    """The names of `bridgeorm.__all__`."""
    for node in module_tree("bridgeorm").body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return sorted(ast.literal_eval(node.value))
    raise ValueError("bridgeorm declares no __all__")


def _file_of(module: str) -> Path | None:
    stem = _PACKAGE.parent.joinpath(*module.split("."))
    places = (stem / "__init__.py", stem.with_suffix(".py"), stem.with_suffix(".pyi"))
    return next((path for path in places if path.exists()), None)


@cache
def module_tree(name: str) -> ast.Module:
    path = _file_of(name)
    if path is None:
        raise ValueError(f"there is no module {name}")
    return ast.parse(path.read_text(encoding="utf-8"))


def find_definition(module: str, name: str) -> tuple[str, str] | None:
    """The module and name under which something is defined; None for a module itself."""
    for node in module_tree(module).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bridgeorm"):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    if _is_bare_module(module, str(node.module), alias.name):
                        return None
                    return find_definition(str(node.module), alias.name)
        elif name in names_of(node):
            return module, name
    raise ValueError(f"{module} does not define {name}")


def _is_bare_module(importer: str, package: str, name: str) -> bool:
    """Whether a name is a module, and not also what its package took from that module, as `relations.one`."""
    if _file_of(f"{package}.{name}") is None:
        return False
    says = [] if package == importer else module_tree(package).body
    taken = [
        alias.asname or alias.name
        for node in says
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    return name not in taken


def names_of(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.AnnAssign):
        return [ast.unparse(node.target)]
    if isinstance(node, ast.Assign):
        return [ast.unparse(target) for target in node.targets]
    return []


def definitions_of(body: list[ast.stmt], name: str) -> list[Definition]:
    """Everything a body says under a name; of an overloaded function the overloads alone."""
    found = [node for node in body if isinstance(node, Definition) and name in names_of(node)]
    overloads = [node for node in found if _is_marked(node, "overload")]
    return overloads or found


def _is_marked(node: ast.stmt, decorator: str) -> bool:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return any(ast.unparse(mark).split(".")[-1] == decorator for mark in node.decorator_list)


def _describe(heading: str, module: str, name: str) -> Iterator[str]:
    for node in definitions_of(module_tree(module).body, name):
        if isinstance(node, ast.ClassDef):
            yield from _describe_class(heading, node)
        else:
            yield signature_of(node, heading)


def _describe_class(heading: str, node: ast.ClassDef) -> Iterator[str]:
    arguments = [ast.unparse(base) for base in node.bases]
    arguments += [f"{keyword.arg}={ast.unparse(keyword.value)}" for keyword in node.keywords]
    yield f"class {heading}({', '.join(arguments)}){_marks(node)}"
    names = dict.fromkeys(name for member in node.body for name in names_of(member))
    for name in sorted(names):
        is_private = name.startswith("_") and not (name.startswith("__") and name.endswith("__"))
        if is_private or name in _SAYS_NOTHING_TO_CALLERS:
            continue
        for member in definitions_of(node.body, name):
            yield f"    {signature_of(member, name)}"


def signature_of(node: Definition, name: str) -> str:
    """One line: a function without its body, an attribute with its type or value."""
    if isinstance(node, ast.ClassDef):
        return f"class {name}"
    if isinstance(node, ast.AnnAssign):
        value = f" = {ast.unparse(node.value)}" if node.value else ""
        return f"{name}: {ast.unparse(node.annotation)}{value}"
    if isinstance(node, ast.Assign):
        return f"{name} = {ast.unparse(node.value)}"
    kind = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    answer = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{kind} {name}({ast.unparse(node.args)}){answer}{_marks(node)}"


def _marks(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    return "".join(f"  @{ast.unparse(mark)}" for mark in node.decorator_list)


def own_bases(module: str, name: str) -> Iterator[tuple[str, str]]:
    """Where the bases of a class are defined, as far as they are of this package."""
    for node in definitions_of(module_tree(module).body, name):
        for base in node.bases if isinstance(node, ast.ClassDef) else []:
            plain = ast.unparse(base.value if isinstance(base, ast.Subscript) else base)
            try:
                place = find_definition(module, plain)
            except ValueError:
                continue  # of the standard library, or a name of the native module
            if place is not None:
                yield place
