"""Fills the database: modules through a session, everything below them in bulk, all in one transaction."""

from __future__ import annotations

import platform
import time
from collections.abc import Sequence
from typing import TypeVar

from bridgeorm import Database, Model
from library_explorer.models import (
    TABLES,
    ClassDefinition,
    Function,
    IndexRun,
    Inheritance,
    Module,
    ModuleImport,
    Parameter,
    RaiseStatement,
)
from library_explorer.parsing import (
    BUILTINS,
    FunctionFacts,
    ModuleFacts,
    library_files,
    read_builtins,
    read_modules,
)
from library_explorer.progress import ProgressBar

ROWS_PER_STEP = 5_000

AnyModel = TypeVar("AnyModel", bound=Model)


async def find_finished_run(db: Database) -> IndexRun | None:
    """The run that filled this database for this very Python, if there is one."""
    return await db.first(IndexRun.where(IndexRun.python_version == platform.python_version()))


async def build_index(db: Database) -> IndexRun:
    """Indexes the standard library from nothing. On failure or interruption the database stays as it was;
    where definitions cannot be undone, it is left without a finished run."""
    began = time.perf_counter()
    files = library_files()
    found = [read_builtins()]
    with ProgressBar("reading source files", len(files)) as progress:
        for facts in read_modules(files):
            if facts:
                found.append(facts)
            progress.advance()
    is_undone = db.has_capability("transactional_ddl")  # elsewhere a table once dropped stays dropped
    if not is_undone:
        await _empty(db)
    async with db.transaction():
        if is_undone:
            await _empty(db)
        index = _Index(db, found)
        await index.write()
        run = IndexRun(
            python_version=platform.python_version(),
            row_count=index.row_count,
            seconds=time.perf_counter() - began,
        )
        return await db.insert(run)


async def _empty(db: Database) -> None:
    await db.drop_tables(*TABLES)
    await db.create_tables(*TABLES)


class _Index:
    """One indexing run: the facts, the objects made of them, and what names mean."""

    def __init__(self, db: Database, found: list[ModuleFacts]) -> None:
        self._db = db
        self._found = found
        self._modules: dict[str, Module] = {}
        self._classes: dict[str, ClassDefinition] = {}  # by qualified name
        self.row_count = 0

    async def write(self) -> None:
        """Writes every table, parents before children."""
        await self._write_modules()
        classes = await self._write_classes()
        functions = await self._write_functions(classes)
        links: list[tuple[str, Sequence[Model]]] = [
            ("imports", self._imports()),
            ("inheritance", self._inheritance()),
            ("raise statements", self._raise_statements(functions)),
            ("parameters", self._parameters(functions)),
        ]
        for title, rows in links:
            await self._insert(title, rows)

    async def _write_modules(self) -> None:
        """A session finds the order by itself: packages before the modules that name them as parent."""
        async with self._db.session() as session:
            for facts in self._found:
                module = Module(
                    name=facts.name,
                    path=facts.path,
                    is_package=facts.is_package,
                    line_count=facts.line_count,
                    documentation=facts.documentation,
                    parent=self._modules.get(facts.name.rpartition(".")[0]),
                )
                self._modules[facts.name] = module
                session.add(module)
        self.row_count += len(self._modules)

    async def _write_classes(self) -> dict[str, list[ClassDefinition]]:
        written: dict[str, list[ClassDefinition]] = {}
        for facts in self._found:
            module_id = self._modules[facts.name].id
            written[facts.name] = [
                ClassDefinition(
                    module_id=module_id,
                    name=definition.name,
                    qualified_name=definition.qualified_name,
                    line=definition.line,
                    is_public=not definition.name.startswith("_"),
                    documentation=definition.documentation,
                )
                for definition in facts.classes
            ]
        everything = [definition for definitions in written.values() for definition in definitions]
        await self._insert("classes", everything)
        self._classes = {definition.qualified_name: definition for definition in everything}
        return written

    async def _write_functions(
        self, classes: dict[str, list[ClassDefinition]]
    ) -> list[tuple[ModuleFacts, FunctionFacts, Function]]:
        written: list[tuple[ModuleFacts, FunctionFacts, Function]] = []
        for facts in self._found:
            module_id = self._modules[facts.name].id
            for definition in facts.functions:
                owner = None if definition.owner is None else classes[facts.name][definition.owner].id
                function = Function(
                    module_id=module_id,
                    owner_id=owner,
                    name=definition.name,
                    qualified_name=definition.qualified_name,
                    line=definition.line,
                    length=definition.length,
                    is_public=not definition.name.startswith("_"),
                    is_async=definition.is_async,
                    documentation=definition.documentation,
                )
                written.append((facts, definition, function))
        await self._insert("functions", [function for _, _, function in written])
        return written

    def _imports(self) -> list[ModuleImport]:
        rows: list[ModuleImport] = []
        for facts in self._found:
            importer = self._modules[facts.name]
            for name, is_lazy in facts.imports.items():
                imported = self._modules.get(name)
                if imported is not None and imported is not importer:
                    rows.append(
                        ModuleImport(importer_id=importer.id, imported_id=imported.id, is_lazy=is_lazy)
                    )
        return rows

    def _inheritance(self) -> list[Inheritance]:
        rows: list[Inheritance] = []
        for facts in self._found:
            for definition in facts.classes:
                subclass = self._classes[definition.qualified_name]
                bases = [self._resolve(facts, name) for name in definition.base_names]
                known = dict.fromkeys(base for base in bases if base is not None and base is not subclass)
                rows += [
                    Inheritance(subclass_id=subclass.id, base_id=base.id, position=position)
                    for position, base in enumerate(known)
                ]
        return list({(row.subclass_id, row.base_id): row for row in rows}.values())

    def _raise_statements(
        self, functions: list[tuple[ModuleFacts, FunctionFacts, Function]]
    ) -> list[RaiseStatement]:
        rows: list[RaiseStatement] = []
        for facts, definition, function in functions:
            raised = {self._resolve(facts, name) for name in definition.raised_names}
            rows += [
                RaiseStatement(function_id=function.id, class_id=each.id)
                for each in raised
                if each is not None
            ]
        return rows

    def _parameters(self, functions: list[tuple[ModuleFacts, FunctionFacts, Function]]) -> list[Parameter]:
        return [
            Parameter(
                function_id=function.id,
                position=position,
                name=parameter.name,
                kind=parameter.kind,
                annotation=parameter.annotation,
                default_text=parameter.default_text,
            )
            for _, definition, function in functions
            for position, parameter in enumerate(definition.parameters)
        ]

    def _resolve(self, facts: ModuleFacts, name: str) -> ClassDefinition | None:
        """The class that a name in a module means: its own, an imported one, or one of the interpreter."""
        first, dot, rest = name.partition(".")
        imported = facts.aliases.get(first)
        candidates = [f"{facts.name}.{name}", f"{BUILTINS}.{name}"]
        if imported:
            candidates.insert(0, imported + dot + rest)
        return next((self._classes[each] for each in candidates if each in self._classes), None)

    async def _insert(self, title: str, rows: Sequence[AnyModel]) -> None:
        with ProgressBar(f"writing {title}", len(rows)) as progress:
            for start in range(0, len(rows), ROWS_PER_STEP):
                step = rows[start : start + ROWS_PER_STEP]
                await self._db.insert_many(step)
                progress.advance(len(step))
        self.row_count += len(rows)
