"""The stub and the module say the same names."""

from __future__ import annotations

import ast
import types
from pathlib import Path

from bridgeorm import _engine

STUB = Path(__file__).parents[2] / "python" / "bridgeorm" / "_engine.pyi"


def stub_names() -> dict[str, set[str]]:
    """Public names of the stub, each with its public members."""
    names: dict[str, set[str]] = {}
    for node in ast.parse(STUB.read_text()).body:
        if isinstance(node, ast.FunctionDef):
            names[node.name] = set()
        elif isinstance(node, ast.ClassDef):
            members = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
            members |= {
                item.target.id
                for item in node.body
                if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
            }
            names[node.name] = members
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names[node.target.id] = set()
    return names


def test_module_has_exactly_the_stubs_names() -> None:
    assert {name for name in vars(_engine) if not name.startswith("_")} == set(stub_names())


def test_classes_have_the_stubs_members() -> None:
    for name, members in stub_names().items():
        found = getattr(_engine, name)
        for member in members:
            assert hasattr(found, member), f"{name}.{member}"
        if isinstance(found, type):
            public = {member for member in vars(found) if not member.startswith("_")}
            assert public == {member for member in members if not member.startswith("_")}, name


def test_functions_are_functions() -> None:
    for name in stub_names():
        found = getattr(_engine, name)
        assert isinstance(found, type) or callable(found) or found is _engine.UNSET
        assert not isinstance(found, types.ModuleType)
