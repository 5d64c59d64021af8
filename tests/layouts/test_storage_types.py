"""A storage type that was just laid out is demanded everywhere, and those there are meet all demands."""

from __future__ import annotations

import re

import pytest
from tests.conformance.models import Everything
from tools.closed_lists import rows_of

from .conftest import PROJECT, TreeCopy

STORAGE_TYPES = rows_of(str(PROJECT / "engine" / "types" / "storage_type.h"), "BRIDGE_STORAGE_TYPES")
COMPILE = ("g++", "-std=c++20", "-fsyntax-only", "-Wall", "-Werror", "-I.")


def test_a_new_storage_type_keeps_the_rules_and_is_demanded(tree_copy: TreeCopy) -> None:
    printed = tree_copy.must("tools/new_storage_type", "tree_path")
    assert not tree_copy.findings()
    written = rows_of(str(tree_copy.root / "engine" / "types" / "storage_type.h"), "BRIDGE_STORAGE_TYPES")
    assert [row for row in written if row not in STORAGE_TYPES] == [["kTreePath", "tree_path"]]
    assert (tree_copy.root / "bindings" / "convert" / "tree_path.cpp").exists()

    demanded = re.findall(r"^  (\S+\.cpp):\d+: a switch", printed, re.MULTILINE)
    assert {"engine/databases/postgres/dialect.cpp", "engine/databases/sqlite/dialect.cpp"} <= set(demanded)
    assert "bindings/convert/convert.cpp" not in demanded
    refused = tree_copy.run(*COMPILE, "engine/databases/sqlite/dialect.cpp")
    assert "'kTreePath' not handled" in refused.stderr.replace("\N{LEFT SINGLE QUOTATION MARK}", "'").replace(
        "\N{RIGHT SINGLE QUOTATION MARK}", "'"
    )


@pytest.mark.parametrize("name", ["inet", "TreePath", "../inet", ""])
def test_what_cannot_be_laid_out_is_refused(tree_copy: TreeCopy, name: str) -> None:
    done = tree_copy.run("tools/new_storage_type", name)
    assert done.returncode != 0
    assert not tree_copy.run("git", "diff", "--stat").stdout


@pytest.mark.parametrize("name", [row[1] for row in STORAGE_TYPES])
def test_every_storage_type_has_a_column_in_the_exam_and_a_stored_form(name: str) -> None:
    columns = [getattr(Everything, attribute) for attribute in Everything.__annotations__]
    assert name in {column.field.type.storage for column in columns}
    stored = (PROJECT / "engine" / "databases" / "sqlite" / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| (\w+, )*{name}[, |]", stored, re.MULTILINE)
