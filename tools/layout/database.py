"""Lays out the folder of a new database, or of a flavour of one there is."""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from pathlib import Path

from tools.closed_lists import rows_of
from tools.layout.templates import LayoutError, filled_folder, pascal_case, require_name, write_new

DATABASES = Path("engine/databases")
_HIGHEST_PORT = 65_535
# Standard SQL's words; a storage type that is not here begins as text.
_STANDARD_WORDS = {
    "kBool": "BOOLEAN",
    "kInt16": "SMALLINT",
    "kInt32": "INTEGER",
    "kInt64": "BIGINT",
    "kFloat64": "DOUBLE PRECISION",
    "kDecimal": "DECIMAL",
    "kBytes": "BINARY LARGE OBJECT",
    "kDate": "DATE",
    "kTime": "TIME",
    "kTimestamp": "TIMESTAMP",
    "kTimestampUtc": "TIMESTAMP WITH TIME ZONE",
    "kInterval": "INTERVAL DAY TO SECOND",
    "kUuid": "CHARACTER(36)",
}
_TEXT = "CHARACTER LARGE OBJECT"


def lay_out(arguments: argparse.Namespace) -> list[Path]:
    """Writes the folder; the files."""
    name = require_name(arguments.name)
    folder = DATABASES / name
    if folder.exists():
        raise LayoutError(f"{folder} exists already")
    title = arguments.title or name
    scheme = arguments.scheme or name
    if scheme in _taken_schemes():
        raise LayoutError(f"another database has the scheme '{scheme}' already")
    words = {
        "name": name,
        "Name": pascal_case(name),
        "title": title,
        "scheme": scheme,
        "scheme_clause": "" if scheme == name else f" SCHEME {scheme}",
        "type_words": _type_words(),
        "text_words": _TEXT,
    }
    if arguments.parent:
        return write_new(folder, filled_folder("flavour", words | _parent_words(arguments.parent, scheme)))
    files = filled_folder("database", words)
    if arguments.port is not None:
        if not 0 < arguments.port <= _HIGHEST_PORT:
            raise LayoutError(f"{arguments.port} is no port")
        port = f"{arguments.port:_}".replace("_", "'")
        files |= filled_folder("wire", words | {"port": port})
    return write_new(folder, files)


def _taken_schemes() -> set[str]:
    taken: set[str] = set()
    for listing in DATABASES.glob("*/CMakeLists.txt"):
        declared = re.search(r"SCHEME\s+(\S+)", listing.read_text(encoding="utf-8"))
        taken.add(declared[1] if declared else listing.parent.name)
    return taken


def _parent_words(parent: str, scheme: str) -> dict[str, str]:
    """What a flavour takes from its parent, which must offer its driver and dialect to flavours."""
    folder = DATABASES / require_name(parent)
    dialect, driver = folder / "dialect.h", folder / "driver.h"
    if not dialect.exists() or not driver.exists():
        raise LayoutError(f"there is no database {folder} with a dialect and a driver")
    found = re.search(r"class (\w+) : public ", dialect.read_text(encoding="utf-8"))
    if found is None:
        raise LayoutError(f"{dialect} declares no dialect to derive from")
    if "make_flavour_driver" not in driver.read_text(encoding="utf-8"):
        raise LayoutError(f"{driver} offers no make_flavour_driver(url, environment, dialect)")
    claims = tomllib.loads((folder / "conformance.toml").read_text(encoding="utf-8"))
    url = f"{scheme}://{claims['url'].partition('://')[2]}"
    return {"parent": parent, "ParentDialect": found[1], "url": url}


def _type_words() -> str:
    """The cases of a switch over every storage type there is today, those that begin as text last."""
    cases: dict[str, list[str]] = {words: [] for words in (*_STANDARD_WORDS.values(), _TEXT)}
    for enumerator, _ in rows_of("engine/types/storage_type.h", "BRIDGE_STORAGE_TYPES"):
        cases[_STANDARD_WORDS.get(enumerator, _TEXT)].append(f"    case {enumerator}:\n")
    ends = {words: f'      return "{words}";\n' for words in cases} | {_TEXT: "      break;\n"}
    return "".join("".join([*names, ends[words]]) for words, names in cases.items() if names)


def main() -> int:
    """The command line behind tools/new_database."""
    parser = argparse.ArgumentParser(prog="tools/new_database", description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--title", help="the product as messages name it")
    parser.add_argument("--scheme", help="what its URLs begin with")
    parser.add_argument("--parent", help="the database this one is a flavour of")
    parser.add_argument("--port", type=int, help="where its servers listen unless a URL says otherwise")
    try:
        written = lay_out(parser.parse_args())
    except LayoutError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for path in written:
        print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
