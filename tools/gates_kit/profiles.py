"""What a profile of callgrind says about one path: instructions, allocations, crossings into the engine.

format: Valgrind manual, "Callgrind Format Specification"
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

MODULE = "/_engine."
ALLOCATORS = frozenset(
    {
        "malloc",
        "calloc",
        "realloc",
        "aligned_alloc",
        "posix_memalign",
        "_PyObject_Malloc",
        "_PyObject_Calloc",
        "_PyObject_Realloc",
    }
)
MARK = "sys_getppid"
_NAMED = re.compile(r"\((\d+)\)(?: (.*))?$")
_SYSTEM_CALL = re.compile(r"SYSCALL\[\d+,\d+\]\(\s*\d+\) (\w+)")


@dataclass
class Counts:
    """What one path cost as a whole."""

    instructions: int = 0
    allocations: int = 0
    crossings: int = 0
    system_calls: int = 0


class _Names:
    """Names are written out once and are numbers afterwards."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def read(self, text: str) -> str:
        found = _NAMED.match(text)
        if found is None:
            return text
        number, name = found.groups()
        if name is not None:
            self._known[number] = name
        return self._known.get(number, "")


def read_profile(path: Path) -> Counts:
    """The totals of one part of a profile. ValueError where it has none."""
    counts = Counts(instructions=-1)
    objects, functions = _Names(), _Names()
    place = called_place = called = ""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        key, _, value = line.partition("=")
        if key == "ob":
            place = called_place = objects.read(value)
        elif key == "cob":
            called_place = objects.read(value)
        elif key == "fn":
            functions.read(value)
        elif key == "cfn":
            called = functions.read(value)
        elif key == "calls":
            count = int(value.split()[0])
            if called.partition("'")[0] in ALLOCATORS:
                counts.allocations += count
            if MODULE in called_place and MODULE not in place:
                counts.crossings += count
            called_place = place  # said anew for each call that leaves the object
        elif line.startswith("totals: "):
            counts.instructions = int(line.split()[1])
    if counts.instructions < 0:
        raise ValueError(f"{path.name} is not a whole profile")
    return counts


def count_system_calls(trace: Path) -> list[int]:
    """How many there were before each mark, since the one before it."""
    counts, since = list[int](), 0
    for name in _SYSTEM_CALL.findall(trace.read_text(encoding="utf-8", errors="replace")):
        if name == MARK:
            counts.append(since)
            since = 0
        else:
            since += 1
    return counts
