"""Fills templates: `@word@` in names and texts becomes the word's value; a file's `.in` ending falls away."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
_ENDING = ".in"
_WORD = re.compile(r"@(\w+)@")
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


class LayoutError(Exception):
    """What was asked for cannot be laid out."""


def require_name(name: str) -> str:
    """The name, if it can name a folder and a namespace."""
    if not _NAME.fullmatch(name):
        raise LayoutError(f"'{name}' is no name in lower case with underscores")
    return name


def pascal_case(name: str) -> str:
    """`cloudflare_d1` as `CloudflareD1`."""
    return "".join(word.capitalize() for word in name.split("_"))


def fill(text: str, words: Mapping[str, str]) -> str:
    """The text with every word replaced; a word nobody gave a value is refused."""

    def value_of(match: re.Match[str]) -> str:
        if match[1] not in words:
            raise LayoutError(f"a template asks for @{match[1]}@, which has no value")
        return words[match[1]]

    return _WORD.sub(value_of, text)


def filled_folder(kind: str, words: Mapping[str, str]) -> dict[Path, str]:
    """Every file of a template folder by its path in the new one."""
    source = TEMPLATES / kind
    return {
        Path(fill(str(path.relative_to(source)).removesuffix(_ENDING), words)): fill(
            path.read_text(encoding="utf-8"), words
        )
        for path in sorted(source.rglob(f"*{_ENDING}"))
    }


def write_new(folder: Path, files: Mapping[Path, str]) -> list[Path]:
    """Writes files none of which may exist; their paths."""
    written = [folder / path for path in files]
    for path in written:
        if path.exists():
            raise LayoutError(f"{path} exists already")
    for path, text in zip(written, files.values(), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return written
