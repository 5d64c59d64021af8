"""Adds a row to the closed list of storage types and lays out its conversion; says who must know it, too."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.closed_lists import rows_of
from tools.layout.templates import LayoutError, filled_folder, pascal_case, require_name, write_new

LIST = Path("engine/types/storage_type.h")
CONVERSIONS = Path("bindings/convert")
# The array stands last in the list and in what follows it: a new type goes in front of it.
_ROW = '  X(kArray, "array")'
_SWITCH = re.compile(r"^[ \t]*case (?:types::)?(?:StorageType::)?kArray:", re.MULTILINE)
# What no compiler sees; the tests of the laid-out lists refuse a type that is missing there.
_DEMANDS_OF_TESTS = (
    "python/bridgeorm/fields: the Python class whose columns have it",
    "tests/conformance/models.py: a column of it in Everything, with a value in the exam",
    "engine/databases/*/README.md: how it is stored",
)


def lay_out(name: str) -> list[Path]:
    """Writes the row and the conversion; the files touched."""
    if name in {row[1] for row in rows_of(str(LIST), "BRIDGE_STORAGE_TYPES")}:
        raise LayoutError(f"there is a storage type '{name}' already")
    pascal = pascal_case(require_name(name))
    files = {
        Path(f"{name}.cpp"): text
        for text in filled_folder("storage_type", {"name": name, "Name": pascal}).values()
    }
    written = write_new(CONVERSIONS, files)
    _insert(LIST, _ROW, f'  X(k{pascal}, "{name}") \\\n')
    declaration = "extern const Conversion kArrayConversion;"
    _insert(CONVERSIONS / "conversions.h", declaration, f"extern const Conversion k{pascal}Conversion;\n")
    case = f"    case StorageType::k{pascal}:\n      return k{pascal}Conversion;\n"
    _insert(
        CONVERSIONS / "convert.cpp", "    case StorageType::kArray:\n      return kArrayConversion;", case
    )
    return [*written, LIST, CONVERSIONS / "conversions.h", CONVERSIONS / "convert.cpp"]


def _insert(path: Path, in_front_of: str, text: str) -> None:
    before = path.read_text(encoding="utf-8")
    if before.count(in_front_of) != 1:
        raise LayoutError(f"{path} holds no single place in front of: {in_front_of.strip()}")
    path.write_text(before.replace(in_front_of, text + in_front_of), encoding="utf-8")


def demands(name: str) -> Iterator[str]:
    """Every switch over storage types that the compiler refuses until the new one has its case."""
    own_case = f"k{pascal_case(name)}:"
    for folder in ("engine", "bindings"):
        for path in sorted(Path(folder).rglob("*.cpp")):
            text = path.read_text(encoding="utf-8")
            for match in _SWITCH.finditer(text if own_case not in text else ""):
                yield f"{path}:{text.count(chr(10), 0, match.start()) + 1}: a switch over storage types"
    yield from _DEMANDS_OF_TESTS


def main() -> int:
    """The command line behind tools/new_storage_type."""
    parser = argparse.ArgumentParser(prog="tools/new_storage_type", description=__doc__)
    parser.add_argument("name")
    name: str = parser.parse_args().name
    try:
        touched = lay_out(name)
    except LayoutError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for path in touched:
        print(f"wrote {path}")
    print("now demanded, by the compiler and by tests:")
    for demand in demands(name):
        print(f"  {demand}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
