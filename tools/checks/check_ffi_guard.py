"""Refuses entries from Python and callbacks from C that do not pass the guard of bindings/ffi_guard.h."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.checks.cpp_text import code_only, line_of
from tools.checks.source_tree import Finding, SourceTree

RULE = "ffi_guard"
_GUARD = "bindings/ffi_guard"
_BARE_DEFINITION = re.compile(r"\.\s*def(?:_(?!guarded)\w+)?\s*\(")
_SLOT = re.compile(r"\{\s*(Py_(?:tp|nb|sq|mp|am|bf)_\w+)\s*,\s*([^{}]*)\}")
# Slots that hold text or tables, and so cannot run anything.
_INERT_SLOTS = frozenset(
    {
        "Py_tp_doc",
        "Py_tp_members",
        "Py_tp_base",
        "Py_tp_bases",
        "Py_tp_getset",
        "Py_tp_methods",
        "Py_tp_token",
    }
)
_METHOD_ENTRY = re.compile(r"\{\s*\"[^\"]*\"\s*,\s*([^{}]*?),\s*METH_\w+")
_GUARDED = re.compile(r"\b(?:guarded_|Guarded)\w+")
# Python's own functions need no guard of ours.
_PYTHONS_OWN = re.compile(r"\b_?Py[A-Za-z]*_\w+\s*\)?$")
_C_CALLBACK = re.compile(
    r"\[[^\[\]]*\]\s*\(([^()]*\b(?:uv_\w+_t|sqlite3(?:_\w+)?|SSL|SSL_CTX|BIO|X509_STORE_CTX)\s*\*[^()]*)\)\s*(\w*)"
)
_C_CALLBACK_FUNCTION = re.compile(r"^extern \"C\"[^;{]*\)\s*([^;{]*)\{", re.MULTILINE)


# Name, getter, setter; documentation and closure run nothing.
_PROPERTY_TABLE = re.compile(r"\bPyGetSetDef\s+\w+\[\]\s*=\s*\{(.*?)\};", re.DOTALL)
_PROPERTY = re.compile(r"\{\s*\"[^\"]*\"\s*,([^{}]*)\}")
_TEMPLATE_ARGUMENTS = re.compile(r"<[^<>]*>")


def check(tree: SourceTree) -> Iterator[Finding]:
    for file in tree.cpp("bindings"):
        if file.path.startswith(_GUARD):
            continue
        code = code_only(file.text)
        for match in _BARE_DEFINITION.finditer(code):
            yield Finding(file.path, line_of(code, match.start()), RULE, "bare definition: use def_guarded")
        for position, message in _bare_entries(code):
            yield Finding(file.path, line_of(code, position), RULE, message)
    for file in tree.cpp("engine", "bindings"):
        code = code_only(file.text)
        for match in _C_CALLBACK.finditer(code):
            if match.group(2) != "noexcept":
                yield Finding(
                    file.path, line_of(code, match.start()), RULE, "a callback handed to C must be noexcept"
                )


def _bare_entries(code: str) -> Iterator[tuple[int, str]]:
    """Entries of Python's tables that lead past the guard, by position."""
    for match in _SLOT.finditer(code):
        slot, value = match.groups()
        if slot not in _INERT_SLOTS and _is_bare(value):
            yield match.start(), f"bare slot {slot}: use guarded_slot"
    for match in _METHOD_ENTRY.finditer(code):
        if _is_bare(match.group(1)):
            yield match.start(), "bare method entry: use a guarded one"
    for properties in _PROPERTY_TABLE.finditer(code):
        for match in _PROPERTY.finditer(code, properties.start(1), properties.end(1)):
            getter, setter, *_ = _TEMPLATE_ARGUMENTS.sub("", match.group(1)).split(",")
            if _is_bare(getter) or _is_bare(setter):
                yield match.start(), "bare property: use GuardedSlot"


def _is_bare(function: str) -> bool:
    """Whether a function handed to Python is neither guarded, nor Python's own, nor absent."""
    absent = function.strip() in {"nullptr", "0"}
    return not (absent or _GUARDED.search(function) or _PYTHONS_OWN.search(function.strip()))
