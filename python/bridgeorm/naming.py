"""Names: how a class becomes a table, and how a model or annotation is found by its name."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Any, ForwardRef, Protocol, cast
from weakref import WeakValueDictionary

from bridgeorm.errors import ModelError

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SCOPE = ".<locals>."


def snake_case(name: str) -> str:
    """`OrderLine` as `order_line`."""
    return _WORD_START.sub("_", name).lower()


class Known(Protocol):
    """What the register keeps of a model."""

    cls: type[Any]


_known: WeakValueDictionary[tuple[str, str], Any] = WeakValueDictionary()


def register(schema: Known) -> None:
    """Makes a model findable by name. A class of the same module and place replaces the former one."""
    _known[(schema.cls.__module__, schema.cls.__qualname__)] = schema


def known_models() -> list[Any]:
    """The schemas of all living models, in the order of their making."""
    return list(_known.values())


def find_model(name: str, owner: type[Any]) -> type[Any]:
    """The model called `name`, as `owner` sees it: its module's first, then every known one. ModelError
    unless there is exactly one.
    """
    candidate = vars(sys.modules[owner.__module__]).get(name) if owner.__module__ in sys.modules else None
    if isinstance(candidate, type) and hasattr(candidate, "__bridge_schema__"):
        return cast("type[Any]", candidate)  # pyright: ignore[reportUnnecessaryCast]  # mypy sees a bare type
    named: list[type[Any]] = [schema.cls for schema in _known.values() if schema.cls.__name__ == name]
    beside = [cls for cls in named if _place(cls) == _place(owner)]
    found = beside or named
    if not found:
        raise ModelError(
            f"{owner.__name__} names the model {name}, which does not exist (or is not imported yet)"
        )
    if len(found) > 1:
        places = ", ".join(sorted(f"{cls.__module__}.{cls.__qualname__}" for cls in found))
        raise ModelError(f"{owner.__name__} names the model {name}, which is ambiguous: {places}")
    return found[0]


def _place(cls: type[Any]) -> tuple[str, str]:
    return cls.__module__, cls.__qualname__.rpartition(".")[0]


class _Names(Mapping[str, Any]):
    """What an annotation may name: globals of its module, then known models."""

    def __init__(self, owner: type[Any]) -> None:
        self._owner = owner
        self._globals = vars(sys.modules[owner.__module__]) if owner.__module__ in sys.modules else {}

    def __getitem__(self, name: str) -> Any:
        if name in self._globals:
            return self._globals[name]
        if any(schema.cls.__name__ == name for schema in _known.values()):
            return find_model(name, self._owner)
        raise KeyError(name)

    def __iter__(self) -> Any:
        return iter(self._globals)

    def __len__(self) -> int:
        return len(self._globals)


def evaluate(annotation: Any, owner: type[Any], attribute: str) -> Any:
    """An annotation as an object, wherever its names come from."""
    if isinstance(annotation, ForwardRef):
        annotation = annotation.__forward_arg__
    if not isinstance(annotation, str):
        return annotation
    try:
        return eval(annotation, {}, _Names(owner))  # noqa: S307 - the user's own source
    except NameError as error:
        raise ModelError(
            f"{owner.__name__}.{attribute}: its annotation names {error.name}, which is neither in "
            "the module's globals nor a known model"
        ) from None


def annotations_of(namespace: Mapping[str, Any], cls: type[Any]) -> dict[str, Any]:
    """The annotations written in a class body, unevaluated where Python allows it."""
    if sys.version_info >= (3, 14):
        import annotationlib  # exists from 3.14 on

        return annotationlib.get_annotations(cls, format=annotationlib.Format.STRING)
    return dict(namespace.get("__annotations__", {}))
