"""Code of the user's own that runs before and after objects are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from bridgeorm.errors import ConfigurationError
from bridgeorm.model_schema import ModelSchema, schema_of

Event = Literal["insert", "update", "delete"]
Hook = TypeVar("Hook", bound=Callable[[Any], Any])
_EVENTS = ("insert", "update", "delete")


def before(model: type[Any], event: Event) -> Callable[[Hook], Hook]:
    """Calls the decorated function with each object before it is written: `@before(Author, "insert")`.
    Raising HookAbortedError stops that. ConfigurationError for an event that is none.
    """
    return _register("before", model, event)


def after(model: type[Any], event: Event) -> Callable[[Hook], Hook]:
    """Calls the decorated function with each object once it has been written: `@after(Author, "update")`."""
    return _register("after", model, event)


def _register(moment: str, model: type[Any], event: str) -> Callable[[Hook], Hook]:
    if event not in _EVENTS:
        raise ConfigurationError(f"a hook stands at {', '.join(_EVENTS)}, not {event!r}")
    schema = schema_of(model)

    def register(hook: Hook) -> Hook:
        schema.hooks.setdefault((moment, event), []).append(hook)
        return hook

    return register


def hooks_for(schema: ModelSchema, moment: str, event: str) -> list[Callable[[Any], Any]]:
    """The functions to call, in the order they were registered."""
    return schema.hooks.get((moment, event), [])
