"""Reads Python source files into plain facts; knows nothing of databases."""

from __future__ import annotations

import ast
import builtins
import multiprocessing
import sysconfig
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from library_explorer.models import ParameterKind

# Folders that hold tests, data or other people's packages.
LEFT_OUT = frozenset(
    {"site-packages", "dist-packages", "test", "tests", "idlelib", "lib2to3", "turtledemo", "__pycache__"}
)
BUILTINS = "builtins"
FILES_PER_TURN = 16
STATEMENT_PARTS = ("body", "orelse", "finalbody", "handlers", "cases")

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class ParameterFacts:
    """A parameter as it is written."""

    name: str
    kind: ParameterKind
    annotation: str | None = None
    default_text: str | None = None


@dataclass(frozen=True)
class FunctionFacts:
    """A function, with the index of its class in the module's list, or None."""

    name: str
    qualified_name: str
    owner: int | None
    line: int
    length: int
    is_async: bool
    documentation: str | None
    parameters: list[ParameterFacts]
    raised_names: list[str]


@dataclass(frozen=True)
class ClassFacts:
    """A class and the names of its bases."""

    name: str
    qualified_name: str
    line: int
    documentation: str | None
    base_names: list[str]


@dataclass
class ModuleFacts:
    """Everything found in one file."""

    name: str
    path: str
    is_package: bool
    line_count: int = 0
    documentation: str | None = None
    classes: list[ClassFacts] = field(default_factory=list[ClassFacts])
    functions: list[FunctionFacts] = field(default_factory=list[FunctionFacts])
    imports: dict[str, bool] = field(default_factory=dict[str, bool])  # name -> only inside functions
    aliases: dict[str, str] = field(default_factory=dict[str, str])  # local name -> full name

    @property
    def package(self) -> str:
        """The package that relative imports start from."""
        return self.name if self.is_package else self.name.rpartition(".")[0]


def library_files() -> list[tuple[Path, Path]]:
    """The root of the standard library and each of its source files, parents before what they contain."""
    root = Path(sysconfig.get_path("stdlib"))
    files = [path for path in root.rglob("*.py") if not _is_left_out(path.relative_to(root))]
    return [(root, path) for path in sorted(files, key=lambda path: _module_name(root, path))]


def _is_left_out(relative: Path) -> bool:
    """Whether a file is left out above, or lies below a folder whose name cannot be imported."""
    return any(part in LEFT_OUT or not part.isidentifier() for part in relative.parts[:-1])


def _module_name(root: Path, path: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def read_modules(files: list[tuple[Path, Path]]) -> Iterator[ModuleFacts | None]:
    """The facts of each file in order, read on all cores: parsing is most of the work of indexing."""
    # Children start afresh: a process that holds database connections must not be forked.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(mp_context=context) as readers:
        yield from readers.map(read_module, *zip(*files, strict=True), chunksize=FILES_PER_TURN)


def read_module(root: Path, path: Path) -> ModuleFacts | None:
    """The facts of one file, or None where it is no Python this interpreter can read."""
    try:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
    except (SyntaxError, UnicodeDecodeError):
        return None
    module = ModuleFacts(
        _module_name(root, path), path.relative_to(root).as_posix(), path.name == "__init__.py"
    )
    module.line_count = text.count("\n") + 1
    module.documentation = ast.get_docstring(tree)
    _ModuleReader(module).visit(tree)
    return module


def read_builtins() -> ModuleFacts:
    """The classes of the interpreter itself, which no source file defines but every library uses."""
    module = ModuleFacts(BUILTINS, "(interpreter)", is_package=False, documentation=builtins.__doc__)
    for name, value in vars(builtins).items():
        if isinstance(value, type) and value.__name__ == name:
            bases = [base.__name__ for base in value.__bases__]
            module.classes.append(ClassFacts(name, f"{BUILTINS}.{name}", 0, value.__doc__, bases))
    return module


class _ModuleReader(ast.NodeVisitor):
    """Walks one module, keeping the classes and functions it is inside of."""

    def __init__(self, module: ModuleFacts) -> None:
        self._module = module
        self._scope: list[str] = []
        self._owners: list[int | None] = [None]
        self._raised: list[set[str]] = []

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        bases = [name for base in node.bases if (name := dotted_name(base))]
        facts = ClassFacts(node.name, self._qualify(node.name), node.lineno, ast.get_docstring(node), bases)
        self._module.classes.append(facts)
        self._inside(node, len(self._module.classes) - 1)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._read_function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._read_function(node)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._note_import(alias.name)
            self._module.aliases[alias.asname or alias.name.partition(".")[0]] = (
                alias.name if alias.asname else alias.name.partition(".")[0]
            )

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        source = self._absolute(node.module or "", node.level)
        self._note_import(source)
        for alias in node.names:
            self._note_import(f"{source}.{alias.name}")
            self._module.aliases[alias.asname or alias.name] = f"{source}.{alias.name}"

    def visit_Raise(self, node: ast.Raise) -> None:
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        name = dotted_name(raised)
        if name and self._raised:
            self._raised[-1].add(name)

    def generic_visit(self, node: ast.AST) -> None:
        """Walks statements only: nothing looked for hides in expressions, which are most of a tree."""
        for part in STATEMENT_PARTS:
            for statement in getattr(node, part, ()):
                self.visit(statement)

    def _read_function(self, node: FunctionNode) -> None:
        owner = self._owners[-1]
        qualified_name = self._qualify(node.name)
        self._raised.append(set())
        self._inside(node, None)
        facts = FunctionFacts(
            name=node.name,
            qualified_name=qualified_name,
            owner=owner,
            line=node.lineno,
            length=(node.end_lineno or node.lineno) - node.lineno + 1,
            is_async=isinstance(node, ast.AsyncFunctionDef),
            documentation=ast.get_docstring(node),
            parameters=list(read_parameters(node.args)),
            raised_names=sorted(self._raised.pop()),
        )
        self._module.functions.append(facts)

    def _inside(self, node: ast.ClassDef | FunctionNode, owner: int | None) -> None:
        self._scope.append(node.name)
        self._owners.append(owner)
        self.generic_visit(node)
        self._owners.pop()
        self._scope.pop()

    def _qualify(self, name: str) -> str:
        return ".".join([self._module.name, *self._scope, name])

    def _absolute(self, name: str, level: int) -> str:
        if level == 0:
            return name
        parts = self._module.package.split(".")
        parents = parts[: len(parts) - level + 1]
        return ".".join([*parents, name] if name else parents)

    def _note_import(self, name: str) -> None:
        is_lazy = bool(self._raised)
        self._module.imports[name] = self._module.imports.get(name, True) and is_lazy


def dotted_name(node: ast.expr | None) -> str | None:
    """`a.b.c` of an expression made of names alone."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted_name(node.value)
        return f"{before}.{node.attr}" if before else None
    return None


def read_parameters(arguments: ast.arguments) -> Iterator[ParameterFacts]:
    """The parameters of a signature in its order."""
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults)) + list(
        arguments.defaults
    )
    for index, (argument, default) in enumerate(zip(positional, defaults, strict=True)):
        is_only = index < len(arguments.posonlyargs)
        kind = ParameterKind.POSITIONAL_ONLY if is_only else ParameterKind.POSITIONAL
        yield _parameter(argument, kind, default)
    if arguments.vararg:
        yield _parameter(arguments.vararg, ParameterKind.VARIADIC_POSITIONAL, None)
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield _parameter(argument, ParameterKind.KEYWORD_ONLY, default)
    if arguments.kwarg:
        yield _parameter(arguments.kwarg, ParameterKind.VARIADIC_KEYWORD, None)


def _parameter(argument: ast.arg, kind: ParameterKind, default: ast.expr | None) -> ParameterFacts:
    annotation = ast.unparse(argument.annotation) if argument.annotation else None
    return ParameterFacts(argument.arg, kind, annotation, ast.unparse(default) if default else None)
