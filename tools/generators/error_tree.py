"""Lists the tree of errors with what each says of itself, and the class that each engine code raises."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from pathlib import Path

from tools.closed_lists import rows_of

_ERRORS = "python/bridgeorm/errors.py"
_CODES = "engine/base/error_code.h"
_LIST = "tests/golden/error_tree.txt"
_ROOT = "BridgeError"


@dataclass
class _ErrorClass:
    """One class of the tree as its body says it; what it leaves out comes from its first base."""

    name: str
    bases: list[str]
    says: dict[str, object] = field(default_factory=dict[str, object])


def outputs() -> dict[str, str]:
    classes, renamed = _read_classes()
    lines = ["# class (code) retryable, sent unless the engine knows better, attributes of its own"]
    lines += _branch(_ROOT, classes, 0)
    lines += ["", "# code of the engine, kind, retryable, class raised"]
    by_code = {str(each.says["code"]): each.name for each in classes.values()}
    for _, code, kind, retryable in rows_of(_CODES, "BRIDGE_ERROR_CODES"):
        raised = renamed.get(code) or by_code.get(code, "NOTHING")
        lines.append(f"{code} {kind.removeprefix('k').lower()} retryable={retryable} {raised}")
    return {_LIST: "\n".join([*lines, ""])}


def _read_classes() -> tuple[dict[str, _ErrorClass], dict[str, str]]:
    """The classes by name, and the codes that raise a class of another code."""
    classes: dict[str, _ErrorClass] = {}
    renamed: dict[str, str] = {}
    for node in ast.walk(ast.parse(Path(_ERRORS).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            found = _ErrorClass(node.name, [ast.unparse(base) for base in node.bases])
            found.says = {
                ast.unparse(target): ast.literal_eval(value) for target, value in _assignments(node.body)
            }
            classes[node.name] = found
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            key = node.targets[0].slice
            if isinstance(key, ast.Constant):
                renamed[str(key.value)] = ast.unparse(node.value)
    return classes, renamed


def _assignments(body: list[ast.stmt]) -> list[tuple[ast.expr, ast.expr]]:
    pairs: list[tuple[ast.expr, ast.expr]] = []
    for node in body:
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            pairs.append((node.target, node.value))
        elif isinstance(node, ast.Assign):
            pairs.append((node.targets[0], node.value))
    return pairs


def _branch(name: str, classes: dict[str, _ErrorClass], depth: int) -> list[str]:
    """A class and, indented, those derived from it."""
    each = classes[name]
    others = [base for base in each.bases if base not in classes and base != "Exception"]
    also = f" also {', '.join(others)}" if others else ""
    traits = ("code", "is_retryable", "was_sent")
    own = sorted(set(each.says) - {*traits, *classes[_ROOT].says})
    attributes = f" {', '.join(own)}" if own else ""
    code, is_retryable, was_sent = (_said(each, trait, classes) for trait in traits)
    lines = [
        f"{'  ' * depth}{name} ({code}) retryable={is_retryable} sent={was_sent}{also}{attributes}".rstrip()
    ]
    for other in classes.values():
        if name in other.bases:
            lines += _branch(other.name, classes, depth + 1)
    return lines


def _said(each: _ErrorClass, trait: str, classes: dict[str, _ErrorClass]) -> object:
    while trait not in each.says:
        each = classes[next(base for base in each.bases if base in classes)]
    return each.says[trait]
