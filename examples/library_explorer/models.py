"""What the explorer knows of a Python library: what it is made of and what refers to what."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from bridgeorm import Column, Many, Model, One, column, foreign_key, func, many, one, primary_key, unique

NAME_LENGTH = 200
PATH_LENGTH = 400


class ParameterKind(Enum):
    """How a parameter takes its argument."""

    POSITIONAL_ONLY = "positional only"
    POSITIONAL = "positional"
    KEYWORD_ONLY = "keyword only"
    VARIADIC_POSITIONAL = "variadic positional"
    VARIADIC_KEYWORD = "variadic keyword"


class Module(Model, table="modules"):
    """A module or package; packages are the parents of what they contain."""

    id: Column[int] = primary_key()
    name: Column[str] = column(max_length=NAME_LENGTH, unique=True)
    path: Column[str] = column(max_length=PATH_LENGTH)
    is_package: Column[bool] = column()
    line_count: Column[int] = column()
    documentation: Column[str | None] = column(default=None)
    is_deprecated: Column[bool] = column(default=False)
    parent_id: Column[int | None] = foreign_key("Module.id", on_delete="cascade", index=True)
    parent: One[Module | None] = one(parent_id)
    children: Many[Module] = many(back="parent")
    classes: Many[ClassDefinition] = many(back="module")
    functions: Many[Function] = many(back="module")
    imports: Many[ModuleImport] = many(back="importer")
    imported_by: Many[ModuleImport] = many(back="imported")


class ModuleImport(Model, table="module_imports"):
    """One module imports another."""

    importer_id: Column[int] = foreign_key(Module.id, on_delete="cascade", primary_key=True)
    imported_id: Column[int] = foreign_key(Module.id, on_delete="cascade", primary_key=True, index=True)
    is_lazy: Column[bool] = column()
    importer: One[Module] = one(importer_id)
    imported: One[Module] = one(imported_id)


class ClassDefinition(Model, table="classes"):
    """A class, nested ones included."""

    id: Column[int] = primary_key()
    module_id: Column[int] = foreign_key(Module.id, on_delete="cascade", index=True)
    name: Column[str] = column(max_length=NAME_LENGTH, index=True)
    qualified_name: Column[str] = column(max_length=PATH_LENGTH)
    line: Column[int] = column()
    is_public: Column[bool] = column()
    documentation: Column[str | None] = column(default=None)
    module: One[Module] = one(module_id)
    methods: Many[Function] = many(back="owner")
    bases: Many[Inheritance] = many(back="subclass")
    subclasses: Many[Inheritance] = many(back="base")
    raised_by: Many[Function] = many(through="RaiseStatement")


class Inheritance(Model, table="inheritance"):
    """A class names another as its base, at a position of its list of bases."""

    subclass_id: Column[int] = foreign_key(ClassDefinition.id, on_delete="cascade", primary_key=True)
    base_id: Column[int] = foreign_key(ClassDefinition.id, on_delete="cascade", primary_key=True, index=True)
    position: Column[int] = column(bits=16)
    subclass: One[ClassDefinition] = one(subclass_id)
    base: One[ClassDefinition] = one(base_id)


class Function(Model, table="functions"):
    """A function, or a method where `owner` is a class."""

    id: Column[int] = primary_key()
    module_id: Column[int] = foreign_key(Module.id, on_delete="cascade", index=True)
    owner_id: Column[int | None] = foreign_key(ClassDefinition.id, on_delete="cascade", index=True)
    name: Column[str] = column(max_length=NAME_LENGTH, index=True)
    qualified_name: Column[str] = column(max_length=PATH_LENGTH)
    line: Column[int] = column()
    length: Column[int] = column()
    is_public: Column[bool] = column()
    is_async: Column[bool] = column()
    documentation: Column[str | None] = column(default=None)
    module: One[Module] = one(module_id)
    owner: One[ClassDefinition | None] = one(owner_id)
    parameters: Many[Parameter] = many(back="function")
    raises: Many[ClassDefinition] = many(through="RaiseStatement")


class Parameter(Model, table="parameters"):
    """A parameter of a function, in the order of its signature."""

    id: Column[int] = primary_key()
    function_id: Column[int] = foreign_key(Function.id, on_delete="cascade", index=True)
    position: Column[int] = column(bits=16)
    name: Column[str] = column(max_length=NAME_LENGTH, index=True)
    kind: Column[ParameterKind] = column()
    annotation: Column[str | None] = column(default=None)
    default_text: Column[str | None] = column(default=None)
    function: One[Function] = one(function_id)
    constraints = (unique(function_id, position),)


class RaiseStatement(Model, table="raise_statements"):
    """A function raises an exception class: the link between the two."""

    function_id: Column[int] = foreign_key(Function.id, on_delete="cascade", primary_key=True)
    class_id: Column[int] = foreign_key(ClassDefinition.id, on_delete="cascade", primary_key=True, index=True)
    function: One[Function] = one(function_id)
    raised: One[ClassDefinition] = one(class_id)


class IndexRun(Model, table="index_runs"):
    """A finished indexing run; its row says that the tables are complete."""

    id: Column[int] = primary_key()
    python_version: Column[str] = column(max_length=NAME_LENGTH)
    row_count: Column[int] = column()
    seconds: Column[float] = column()
    finished_at: Column[datetime] = column(default=func.now())


TABLES = (
    Module,
    ModuleImport,
    ClassDefinition,
    Inheritance,
    Function,
    Parameter,
    RaiseStatement,
    IndexRun,
)
