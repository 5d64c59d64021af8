"""The files a check reads, and the findings it reports."""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import cast

PROJECT = Path(__file__).resolve().parents[2]
CPP_SUFFIXES = frozenset({".h", ".cpp"})
PYTHON_SUFFIXES = frozenset({".py", ".pyi"})
# A generated file says so near its top; its generator is what people read.
GENERATED_MARK = "GENERATED"
LINES_THAT_MAY_HOLD_THE_MARK = 3


@dataclass(frozen=True, order=True)
class Finding:
    """One place that breaks a rule."""

    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


@dataclass(frozen=True)
class SourceFile:
    """One text file by its path from the root."""

    path: str
    text: str

    @property
    def suffix(self) -> str:
        return Path(self.path).suffix

    @property
    def name(self) -> str:
        return Path(self.path).name

    @property
    def is_cpp(self) -> bool:
        return self.suffix in CPP_SUFFIXES

    @property
    def is_python(self) -> bool:
        return self.suffix in PYTHON_SUFFIXES

    @property
    def is_test(self) -> bool:
        """Whether only tests see it: beside its source, a double, or below tests/."""
        stem = Path(self.path).stem
        return (
            stem.endswith(("_test", "_fuzz"))
            or stem.startswith(("test_", "conftest"))
            or "/testing/" in self.path
            or "/tests/" in f"/{self.path}"
        )

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def is_generated(self) -> bool:
        return any(GENERATED_MARK in line for line in self.lines[:LINES_THAT_MAY_HOLD_THE_MARK])

    def is_below(self, *folders: str) -> bool:
        return self.path.startswith(tuple(f"{folder}/" for folder in folders))


class SourceTree:
    """All files of the project that git does not ignore, or those a test hands over."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = [SourceFile(path, text) for path, text in sorted(files.items())]

    def __iter__(self) -> Iterator[SourceFile]:
        return iter(self._files)

    def cpp(self, *folders: str) -> Iterator[SourceFile]:
        """C++ files below the given folders, or all."""
        return (file for file in self._files if file.is_cpp and (not folders or file.is_below(*folders)))

    def python(self, *folders: str) -> Iterator[SourceFile]:
        """Python files below the given folders, or all."""
        return (file for file in self._files if file.is_python and (not folders or file.is_below(*folders)))

    @classmethod
    def of_project(cls) -> SourceTree:
        """Reads the working tree as it stands, uncommitted files included."""
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"],
            cwd=PROJECT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        files: dict[str, str] = {}
        for path in filter(None, listing.split("\0")):
            try:
                files[path] = (PROJECT / path).read_text(encoding="utf-8")
            except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
                continue  # a binary, or deleted and not yet committed: nothing a rule could read
        return cls(files)


@cache
def read_settings(name: str) -> dict[str, object]:
    """A settings file that stands beside the checks."""
    with (Path(__file__).parent / name).open("rb") as settings:
        return tomllib.load(settings)


def string_list(settings: Mapping[str, object], key: str) -> list[str]:
    """A list of strings from settings; anything else there is a mistake in the settings file."""
    found = settings.get(key, [])
    if not isinstance(found, list):
        raise TypeError(f"{key} must be a list of strings")
    return [str(item) for item in cast("list[object]", found)]


def table(settings: Mapping[str, object], key: str) -> dict[str, object]:
    """A table from settings, empty if absent."""
    found = settings.get(key, {})
    if not isinstance(found, dict):
        raise TypeError(f"{key} must be a table")
    return cast("dict[str, object]", found)  # TOML has no other keys than strings
