"""SQL text in files of the project: which files those are, and reading them without being led astray."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from bridgeorm.provenance import Caller

_PROJECT_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")
_INSTALLED = {"site-packages", "dist-packages"}
_SUFFIX = ".sql"
_LONGEST_FILE = 1_000_000
"""Bytes; no statement anybody wrote is longer, and no other file is read by mistake."""


def read_project_file(path: str, caller: Caller) -> str:
    """The text of a file below the project of the calling code, named from that code's own folder."""
    source = Path(caller.code.co_filename)
    if not source.is_file():
        raise caller.refusal("sql.file() is called from a file of the project, beside which the text stands")
    source = source.resolve()
    root = project_root(source)
    try:
        found = (source.parent / path).resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        raise caller.refusal(f"there is no file {path!r} beside {source.name}") from None
    if not found.is_file():
        raise caller.refusal(f"{path!r} is no plain file")
    if found.suffix != _SUFFIX:
        raise caller.refusal(f"{path!r} is no {_SUFFIX} file")
    if not found.is_relative_to(root):
        raise caller.refusal(f"{path!r} lies outside the project, which is {root}")
    _refuse_writable(found, root, caller)
    return _read(found, caller)


def project_root(source: Path) -> Path:
    """The folder of the project a source file belongs to: the nearest one around it with a project's mark;
    the package alone where it is installed; else the file's own folder.
    """
    package = source.parent
    for folder in source.parents:
        if folder.name in _INSTALLED:
            return package
        if any((folder / mark).exists() for mark in _PROJECT_MARKS):
            return folder
        package = folder
    return source.parent


def _refuse_writable(found: Path, root: Path, caller: Caller) -> None:
    """What everybody may change is nobody's source: neither the file nor a folder between it and the root."""
    for place in (found, *found.parents):
        if place.stat().st_mode & stat.S_IWOTH:
            raise caller.refusal(f"everybody may write to {place}: its text proves nothing")
        if place == root:
            return


def _read(found: Path, caller: Caller) -> str:
    # No link that took the file's place meanwhile is followed, and what is judged is what is read.
    descriptor = os.open(found, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_mode & stat.S_IWOTH:
            raise caller.refusal(f"{found.name} is no plain file of the project")
        if status.st_uid not in {os.geteuid(), 0, found.parent.stat().st_uid}:
            raise caller.refusal(f"{found.name} belongs to somebody else than its folder")
        content = file.read(_LONGEST_FILE + 1)
    if len(content) > _LONGEST_FILE:
        raise caller.refusal(f"{found.name} is longer than {_LONGEST_FILE} bytes")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise caller.refusal(f"{found.name} is not UTF-8") from None
