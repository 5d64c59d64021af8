"""Lays out docs/databases.md: what the exam proved on each database, on what, and where it cannot hold."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

_PAGE = "docs/databases.md"
_DATABASES = Path("engine/databases")
_HEAD = """\
# What was proved on which database

<!-- GENERATED from engine/databases/*/conformance.toml and proved.toml by tools/generate; do not edit -->

The exam (`tests/conformance`) asks every database the same questions. These tables say what it was really
taken on: `BRIDGE_RECORD_PROOF=1 pytest tests/conformance` writes the record of each server that runs, after
a run without a failure. A test that cannot hold somewhere is an exception with a reason, and must fail there.

- **real server**: the product itself
- **vendor engine**: the engine the product is made of, run by us under the product's documented rules
- **emulated**: another product behind a front or with functions of ours; not yet run against the product
"""
_EXACTNESS_HEAD = """
## Exactness of values

`kept`: the very value comes back and is found by itself. Whatever a database cannot keep is refused by name,
never changed.
"""
_EXCEPTIONS_HEAD = """
## Where the exam cannot hold

A flavour has its parent's exceptions as well.
"""
_NEVER_RUN = "no record yet"


@dataclass(frozen=True)
class Folder:
    """What one database's folder says of itself."""

    title: str
    parent: str
    evidence: str
    exceptions: dict[str, str]
    servers: dict[str, dict[str, Any]]


def outputs() -> dict[str, str]:
    folders = {path.parent.name: _read(path.parent) for path in sorted(_DATABASES.glob("*/conformance.toml"))}
    parts = [_HEAD, _proof_table(folders), _EXACTNESS_HEAD, _exactness_table(folders), _EXCEPTIONS_HEAD]
    parts += [_exceptions(folder, folders) for folder in folders.values() if folder.exceptions]
    return {_PAGE: "".join(parts)}


def _read(folder: Path) -> Folder:
    said: dict[str, Any] = tomllib.loads((folder / "conformance.toml").read_text(encoding="utf-8"))
    record = folder / "proved.toml"
    servers: dict[str, dict[str, Any]] = (
        tomllib.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    )
    title = (folder / "README.md").read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
    title = title.removesuffix(" and its family")
    evidence = str(said.get("evidence", "real server"))
    return Folder(title, str(said.get("parent", "")), evidence, said["exceptions"], servers)


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


def _rule(count: int) -> str:
    return "|" + "---|" * count + "\n"


def _proof_table(folders: dict[str, Folder]) -> str:
    heads = ("database", "evidence", "taken on", "passed", "excepted", "skipped")
    rows = ["\n", _row(*heads), _rule(len(heads))]
    for folder in folders.values():
        evidence = folder.evidence if folder.servers else _NEVER_RUN
        if not folder.servers:
            rows.append(_row(folder.title, evidence, "", "", "", ""))
        for server in folder.servers.values():
            counts = (server[key] for key in ("passed", "excepted", "skipped"))
            rows.append(_row(folder.title, evidence, _version(folder, server), *counts))
    return "".join(rows)


def _version(folder: Folder, server: dict[str, Any]) -> str:
    version = str(server["version"])
    return f"{folder.title} {version}" if version[:1].isdigit() else version


def _exactness_table(folders: dict[str, Folder]) -> str:
    """Each answer of a database, of all its servers together where they agree."""
    proved = [folder for folder in folders.values() if folder.servers]
    kinds = dict.fromkeys(
        kind for folder in proved for server in folder.servers.values() for kind in server["exactness"]
    )
    rows = ["\n", _row("", *(folder.title for folder in proved)), _rule(len(proved) + 1)]
    for kind in kinds:
        answers = (
            sorted({server["exactness"].get(kind, "excepted") for server in folder.servers.values()})
            for folder in proved
        )
        rows.append(_row(kind, *(" or ".join(found) for found in answers)))
    return "".join(rows)


def _exceptions(folder: Folder, folders: dict[str, Folder]) -> str:
    parent = folders.get(folder.parent)
    title = f"{folder.title}, beside those of {parent.title}" if parent else folder.title
    lines = [f"\n### {title}\n\n"]
    by_reason = sorted((reason, place) for place, reason in folder.exceptions.items())
    for reason, group in groupby(by_reason, key=lambda pair: pair[0]):
        places = ", ".join(f"`{_short(place)}`" for _, place in group)
        lines.append(f"- {reason}: {places}\n")
    return "".join(lines)


def _short(place: str) -> str:
    """The test's name, which is unique, without its file."""
    return re.sub(r"^\S+?\.py::test_", "", place)
