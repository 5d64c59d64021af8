"""Draws the layers of layers.toml into ARCHITECTURE.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from tools.checks.check_layers import reachable
from tools.checks.source_tree import read_settings, string_list, table

_PAGE = "ARCHITECTURE.md"
_BEGIN = "<!-- GENERATED from tools/checks/layers.toml by tools/generate: begin -->\n"
_END = "<!-- GENERATED: end -->"
_LINE_WIDTH = 100


def outputs() -> dict[str, str]:
    page = Path(_PAGE).read_text(encoding="utf-8")
    before, rest = page.split(_BEGIN)
    after = rest.split(_END)[1]
    return {_PAGE: f"{before}{_BEGIN}{picture()}{_END}{after}"}


def picture() -> str:
    """The rooms bottom up, one level a line, and the modules of the Python package from left to right."""
    settings = read_settings("layers.toml")
    rooms = {
        room: _built(string_list(table(settings, "cpp"), room)) for room in _built(table(settings, "cpp"))
    }
    levels: dict[int, list[str]] = {}
    for room in rooms:
        levels.setdefault(_level(room, rooms), []).append(room)
    rows = [
        f"L{level}  " + "   ".join(_with_uses(room, rooms) for room in levels[level])
        for level in sorted(levels, reverse=True)
    ]
    package = "python/bridgeorm"
    modules = string_list(table(settings, "python"), "order")
    order = [
        name
        for name in modules
        if any(Path(package, f"{name}{ending}").exists() for ending in ("", ".py", ".pyi"))
    ]
    return "\n".join(["```", *rows, "", *_wrapped(f"{package}: ", order), "```", ""])


def _built(rooms: Iterable[str]) -> list[str]:
    """The rooms of the plan that stand already."""
    return [room for room in rooms if Path(room).exists()]


def _level(room: str, rooms: Mapping[str, object]) -> int:
    return max((1 + _level(used, rooms) for used in string_list(rooms, room)), default=0)


def _with_uses(room: str, rooms: Mapping[str, object]) -> str:
    if not reachable(room, rooms):
        return room
    return f"{room} -> {', '.join(used.removeprefix('engine/') for used in string_list(rooms, room))}"


def _wrapped(head: str, names: list[str]) -> list[str]:
    lines = [head]
    for position, name in enumerate(names):
        piece = name if position == 0 else f" <- {name}"
        if len(lines[-1]) + len(piece) > _LINE_WIDTH:
            lines.append("   ")
        lines[-1] += piece
    return lines
