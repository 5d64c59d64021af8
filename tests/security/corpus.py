"""The corpus of attacks as the tests read it, and modules whose source holds attacks for real."""

from __future__ import annotations

import importlib.util
import textwrap
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = Path(__file__).parent / "corpus"
_INDENT = "    "
_MODULES = (
    "ast, base64, codecs, collections, contextvars, copy, csv, dataclasses, enum, functools, "
    "gettext, html, io, json, logging, marshal, operator, os, pathlib, pickle, re, shlex, string, "
    "sys, textwrap, threading, tomllib, types, unicodedata, urllib.parse, uuid, warnings, zlib"
)


def read(name: str) -> dict[str, Any]:
    """One file of the corpus."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def load_module(source: str, folder: Path, name: str) -> ModuleType:
    """A module of this source, in a real file: its constants are as much written as anybody's."""
    path = folder / f"{name}.py"
    path.write_text(source, encoding="utf-8")
    specification = importlib.util.spec_from_file_location(name, path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def provenance_attempts(folder: Path) -> list[tuple[str, Callable[..., Any]]]:
    """Every builder at every door, each a function of (sql, db, payload) in a generated module."""
    corpus = read("provenance")
    lines, names = [f"import {_MODULES}"], list[str]()
    for builder in corpus["builders"]:
        for door in corpus["doors"]:
            lines += [f"def attempt_{len(names)}(sql, db, payload):", _body(builder, door)]
            names.append(f"{builder} -> {door}")
    module = load_module("\n".join(lines), folder, "provenance_attempts")
    return [(name, getattr(module, f"attempt_{index}")) for index, name in enumerate(names)]


def _body(builder: str, door: str) -> str:
    """Text and call in one function where that can be, so that its constants are the attempt's own."""
    if builder.startswith("return ") and "\n" not in builder:
        return textwrap.indent(f"text = {builder.removeprefix('return ')}\n{door}", _INDENT)
    made = textwrap.indent(builder, _INDENT)
    return textwrap.indent(f"def build():\n{made}\ntext = build()\n{door}", _INDENT)


def written_texts(folder: Path) -> list[tuple[dict[str, str], Callable[..., Any]]]:
    """The texts that are refused although they stand in the source: functions of (sql, **values)."""
    texts: list[dict[str, str]] = read("texts")["text"]
    lines = [
        f"def text_{index}(sql, **values): return sql({entry['text']!r}, **values)"
        for index, entry in enumerate(texts)
    ]
    module = load_module("\n".join(lines), folder, "written_texts")
    return [(entry, getattr(module, f"text_{index}")) for index, entry in enumerate(texts)]
