"""Code of the user's own that runs before and after objects are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeVar
from weakref import WeakKeyDictionary

from bridgeorm.errors import ConfigurationError
from bridgeorm.model_schema import ModelSchema, schema_of
from bridgeorm.narrowing import is_a

Event = Literal["insert", "update", "delete"]
Written = TypeVar("Written")
Returned = TypeVar("Returned")
Hooks = dict[tuple[str, str], list[Callable[[Any], Any]]]
_MOMENTS = ("before", "after")
_EVENTS = ("insert", "update", "delete")
_inherited: WeakKeyDictionary[type[Any], Hooks] = WeakKeyDictionary()
"""Those of abstract models, which the models made of them have as well."""


def before(
    model: type[Written], event: Event
) -> Callable[[Callable[[Written], Returned]], Callable[[Written], Returned]]:
    """Calls the decorated function with each object before it is written: `@before(Author, "insert")`.
    Raising HookAbortedError stops
    that. Hooks of an abstract model are those of every model made of it, and come first.
    """
    return _register("before", model, event)


def after(
    model: type[Written], event: Event
) -> Callable[[Callable[[Written], Returned]], Callable[[Written], Returned]]:
    """Calls the decorated function with each object once it has been written: `@after(Author, "update")`.
    What it raises undoes that.
    """
    return _register("after", model, event)


def _register(moment: str, model: type[Any], event: str) -> Callable[[Any], Any]:
    if event not in _EVENTS:
        raise ConfigurationError(f"a hook stands at {', '.join(_EVENTS)}, not {event!r}")
    is_abstract = is_a(model, type) and vars(model).get("__bridge_schema__", model) is None
    hooks = _inherited.setdefault(model, {}) if is_abstract else schema_of(model).hooks

    def register(hook: Any) -> Any:
        hooks.setdefault((moment, event), []).append(hook)
        return hook

    return register


def are_hooked(instances: Iterable[object], event: str) -> bool:
    """Whether any function is to be called when one of these is written. What is no object of a model has
    no hooks: whoever writes it says what is wrong with it.
    """
    for cls in set(map(type, instances)):
        schema = getattr(cls, "__bridge_schema__", None)
        if not isinstance(schema, ModelSchema) or not (schema.hooks or _inherited):
            continue
        if any(hooks_for(schema, moment, event) for moment in _MOMENTS):
            return True
    return False


def hooks_for(schema: ModelSchema, moment: str, event: str) -> list[Callable[[Any], Any]]:
    """The functions to call: those of abstract models, then its own, in the order they were registered."""
    own = schema.hooks.get((moment, event), [])
    if not _inherited:
        return own
    bases = (_inherited.get(base, {}) for base in reversed(schema.cls.__mro__))
    return [hook for hooks in bases for hook in hooks.get((moment, event), [])] + own
