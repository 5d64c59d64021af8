"""References that must be empty while the rows of a circle are written, and are filled afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from bridgeorm import _engine
from bridgeorm._engine import Instance
from bridgeorm.ordering import Reference
from bridgeorm.running import Call
from bridgeorm.settling import remember


class EmptiedReferences:
    """References taken out of objects, with what else those knew through them."""

    def __init__(self, references: Sequence[Reference]) -> None:
        self._references = references
        self._known: list[tuple[Instance, dict[int, object], dict[str, object]]] = []
        for each in references:
            store = _engine.existing_extension(each.instance) or {}
            slots = {own: _engine.peek(each.instance, own) for own in each.key.clearable}
            self._known.append((each.instance, slots, dict(store)))
        for each in references:
            for own in each.key.clearable:
                _engine.poke(each.instance, own, None, True)

    def fill(self) -> list[Instance]:
        """Refers again, now that what is referred to has keys; the objects that changed by it."""
        for each in self._references:
            for own, value in zip(
                (own for own, _far in each.key.pairs), each.key.named_by(each.parent), strict=True
            ):
                _engine.poke(each.instance, own, value, True)
        self._remind()
        return list({id(each.instance): each.instance for each in self._references}.values())

    def put_back(self) -> None:
        """Makes the objects look as before, as rows that are gone need no references."""
        for instance, slots, _store in self._known:
            for own, value in slots.items():
                _engine.poke(instance, own, value, False)
        self._remind()

    def _remind(self) -> None:
        """Assigning keys made objects forget what was loaded through them."""
        for instance, _slots, known in self._known:
            store = _engine.extension(instance)
            for name, value in known.items():
                store.setdefault(name, value)


def empty_references(call: Call, references: Sequence[Reference]) -> EmptiedReferences:
    """Takes references out of objects."""
    remember(call, [each.instance for each in references])
    return EmptiedReferences(references)
