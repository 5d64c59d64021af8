"""Questions about the standard library, each a typed query that shows one thing the ORM can do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from bridgeorm import BridgeError, Database, aliased, exists, func, optional, select, update
from library_explorer.models import (
    ClassDefinition,
    Function,
    Inheritance,
    Module,
    ModuleImport,
    Parameter,
    ParameterKind,
    RaiseStatement,
)

FEW = 6
LARGE_PACKAGE = 5
MANY_SUBCLASSES = 10


@dataclass(frozen=True)
class Answer:
    """What a question found, ready to print."""

    headers: Sequence[str]
    rows: Sequence[Sequence[object]] = field(default_factory=list[Sequence[object]])


@dataclass(frozen=True)
class Question:
    """A question, what it shows, and how it is asked."""

    title: str
    shows: str
    ask: Callable[[Database], Awaitable[Answer]]


@dataclass(frozen=True)
class PackageSize:
    """One row of the first question; the names are those of the query's labels."""

    package: str
    modules: int
    lines: int | None


async def largest_packages(db: Database) -> Answer:
    package = aliased(Module)
    modules = func.count(Module.id).label("modules")
    lines = func.sum(Module.line_count).label("lines")
    query = (
        select(package.name.label("package"), modules, lines)
        .join(Module.parent, package)
        .group_by(package.name)
        .having(func.count(Module.id) >= LARGE_PACKAGE)
        .order_by(func.sum(Module.line_count).desc())
        .limit(FEW)
        .into(PackageSize)
    )
    sizes = await db.all(query)
    return Answer(
        ["package", "modules", "lines"], [(size.package, size.modules, size.lines) for size in sizes]
    )


async def package_tree(db: Database) -> Answer:
    root = await db.one(Module.where(Module.name == "importlib"))
    rows: list[Sequence[object]] = []

    async def walk(module: Module, depth: int) -> None:
        rows.append(("    " * depth + "· " + module.name.rpartition(".")[2], module.line_count))
        # The first await loads the children of all siblings with one statement; the others find them there.
        for child in sorted(await module.children, key=lambda child: child.name):
            await walk(child, depth + 1)

    await walk(root, 0)
    return Answer(["importlib, by its tree", "lines"], rows)


async def most_imported(db: Database) -> Answer:
    query = (
        select(Module.name, func.count(ModuleImport.importer_id).label("imported_by"))
        .join(Module.imported_by)
        .where(~ModuleImport.is_lazy)
        .group_by(Module.name)
        .order_by(func.count(ModuleImport.importer_id).desc(), Module.name)
        .limit(FEW)
    )
    return Answer(["module", "imported by"], await db.all(query))


async def importers_of_ssl(db: Database) -> Answer:
    imported = aliased(Module)
    query = (
        Module.where(imported.name == "ssl")
        .join(Module.imports)
        .join(ModuleImport.imported, imported)
        .prefetch(Module.classes.where(ClassDefinition.is_public).order_by(ClassDefinition.name).limit(3))
        .order_by(Module.name)
        .limit(FEW)
    )
    modules = await db.all(query)
    rows = [(module.name, ", ".join(each.name for each in module.classes)) for module in modules]
    return Answer(["imports ssl", "its first public classes"], rows)


async def most_raised(db: Database) -> Answer:
    raising = func.count(RaiseStatement.function_id).label("functions")
    query = (
        select(ClassDefinition.name, Module.name, raising)
        .join(ClassDefinition.module)
        .join(RaiseStatement, on=RaiseStatement.class_id == ClassDefinition.id)
        .group_by(ClassDefinition.id, ClassDefinition.name, Module.name)
        .order_by(func.count(RaiseStatement.function_id).desc())
        .limit(FEW)
    )
    return Answer(["exception", "defined in", "raised by functions"], await db.all(query))


async def careful_functions(db: Database) -> Answer:
    query = (
        select(Function)
        .where(Function.raises.any(ClassDefinition.name == "NotImplementedError"), Function.is_async)
        .prefetch(Function.raises, Function.module)
        .order_by(Function.qualified_name)
        .limit(FEW)
    )
    rows: list[Sequence[object]] = []
    for function in await db.all(query):
        module = await function.module
        rows.append((function.name, module.name, ", ".join(sorted(each.name for each in function.raises))))
    return Answer(["async function", "module", "raises"], rows)


async def longest_signatures(db: Database) -> Answer:
    keyword_only = func.count(Parameter.id).filter(Parameter.kind == ParameterKind.KEYWORD_ONLY)
    query = (
        select(
            Function.qualified_name,
            func.count(Parameter.id).label("parameters"),
            keyword_only.label("keyword_only"),
        )
        .join(Function.parameters)
        .where(Function.is_public)
        .group_by(Function.id, Function.qualified_name)
        .order_by(func.count(Parameter.id).desc(), Function.qualified_name)
        .limit(FEW)
    )
    return Answer(["function", "parameters", "keyword only"], await db.all(query))


async def most_extended(db: Database) -> Answer:
    query = (
        select(ClassDefinition, func.count(Inheritance.subclass_id).label("subclasses"))
        .join(ClassDefinition.subclasses)
        .group_by(ClassDefinition.id)
        .having(func.count(Inheritance.subclass_id) >= MANY_SUBCLASSES)
        .order_by(func.count(Inheritance.subclass_id).desc(), ClassDefinition.name)
        .limit(FEW)
    )
    rows: list[Sequence[object]] = []
    for definition, subclasses in await db.all(query):
        module = await definition.module  # lazy, and batched: one statement for all classes of the result
        rows.append((definition.name, module.name, subclasses))
    return Answer(["class", "module", "direct subclasses"], rows)


async def longest_modules_without_classes(db: Database) -> Answer:
    query = (
        select(Module, optional(ClassDefinition))
        .left_join(Module.classes)
        .where(ClassDefinition.id.is_null(), Module.line_count > 0)
        .order_by(Module.line_count.desc())
        .limit(FEW)
    )
    return Answer(
        ["module without a class", "lines", "class"],
        [(module.name, module.line_count, definition) for module, definition in await db.all(query)],
    )


async def undocumented_classes(db: Database) -> Answer:
    has_documented_method = exists(
        select(Function).where(Function.owner_id == ClassDefinition.id, Function.documentation.is_not_null())
    )
    query = (
        select(Module.name, func.count(ClassDefinition.id).label("classes"))
        .join(Module.classes)
        .where(ClassDefinition.is_public, ClassDefinition.documentation.is_null(), ~has_documented_method)
        .group_by(Module.name)
        .order_by(func.count(ClassDefinition.id).desc(), Module.name)
        .limit(FEW)
    )
    return Answer(["module", "public classes without a word"], await db.all(query))


class _UndoneError(Exception):
    """Raised to roll a savepoint back on purpose."""


async def _mark_everything_in_vain(db: Database) -> int:
    """How many modules were marked inside a savepoint that is rolled back."""
    marked = 0
    with suppress(_UndoneError):
        async with db.transaction():
            await db.execute(update(Module).everywhere().set(is_deprecated=True))
            marked = await db.count(Module.where(Module.is_deprecated))
            raise _UndoneError
    return marked


async def mark_deprecated(db: Database) -> Answer:
    async with db.transaction():
        await db.execute(update(Module).everywhere().set(is_deprecated=False))
        mentioned = update(Module).where(Module.documentation.ilike("%deprecated%"))
        marked = await db.execute(mentioned.set(is_deprecated=True))
        in_vain = await _mark_everything_in_vain(db)
        kept = await db.count(Module.where(Module.is_deprecated))
    return Answer(
        ["step", "modules"],
        [
            ("marked by one update", marked.rowcount),
            ("inside a savepoint", in_vain),
            ("after its rollback", kept),
        ],
    )


async def refused_by_the_database(db: Database) -> Answer:
    twin = await db.one(Module.where(Module.name == "json"))
    copy = Module(name=twin.name, path=twin.path, is_package=True, line_count=0)
    try:
        await db.insert(copy)
    except BridgeError as error:
        return Answer(["what happens", "code"], [("a second module named json is refused", error.code)])
    return Answer(["what happens"], [("a second module named json was accepted",)])


QUESTIONS = (
    Question(
        "Which packages are the largest?",
        "self join, aggregates, having, rows of a dataclass",
        largest_packages,
    ),
    Question(
        "What is inside importlib?", "self reference, lazily loaded, one statement per level", package_tree
    ),
    Question("Which modules does the library lean on?", "join through a link model, grouping", most_imported),
    Question(
        "Who imports ssl?", "two joins, prefetch with filter, order and limit per parent", importers_of_ssl
    ),
    Question("Which exceptions are raised most?", "explicit join condition, three tables", most_raised),
    Question(
        "Which coroutines raise NotImplementedError?", "many-to-many: any() and prefetch", careful_functions
    ),
    Question("Which signatures are the longest?", "two aggregates, one filtered", longest_signatures),
    Question(
        "Which classes have most direct subclasses?",
        "objects beside aggregates, batched lazy load",
        most_extended,
    ),
    Question(
        "Long modules without any class?", "left join, optional entity", longest_modules_without_classes
    ),
    Question("Where are public classes without a word?", "correlated exists, negated", undocumented_classes),
    Question("Mark what is deprecated", "update in a transaction, savepoint rolled back", mark_deprecated),
    Question("And a duplicate?", "a typed error, nothing written", refused_by_the_database),
)
