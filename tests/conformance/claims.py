"""What each database claims in its conformance.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATABASES = Path(__file__).resolve().parents[2] / "engine" / "databases"


@dataclass(frozen=True)
class Claims:
    """One database's file."""

    database: str
    url: str
    capabilities: frozenset[str]
    exceptions: dict[str, str]
    evidence: str

    @property
    def scheme(self) -> str:
        """What its URLs begin with, which also names it in the tests' ids."""
        return self.url.partition("://")[0]


def read_claims(database: str) -> Claims:
    """The claims of a folder, with those a flavour takes from its parent."""
    with (DATABASES / database / "conformance.toml").open("rb") as file:
        said: dict[str, Any] = tomllib.load(file)
    unknown = set(said) - {"url", "parent", "capabilities", "without", "exceptions", "evidence"}
    if unknown:
        raise ValueError(f"{database}/conformance.toml says what nobody reads: {sorted(unknown)}")
    capabilities = frozenset[str](said["capabilities"])
    exceptions: dict[str, str] = said["exceptions"]
    if "parent" in said:
        parent = read_claims(said["parent"])
        capabilities = (parent.capabilities | capabilities) - frozenset(said["without"])
        exceptions = parent.exceptions | exceptions
    evidence: str = said.get("evidence", "real server")
    return Claims(database, said["url"], capabilities, exceptions, evidence)


def all_claims() -> list[Claims]:
    """Those of every database there is."""
    return [read_claims(listing.parent.name) for listing in sorted(DATABASES.glob("*/CMakeLists.txt"))]
