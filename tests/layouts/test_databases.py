"""A database that was just laid out keeps the rules, compiles and says what it cannot do yet."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from .conftest import TreeCopy

SAMPLE = ("sample", "--title", "SampleDB", "--port", "5999")
PYTHON = sys.executable
FEWEST_PASSED = 20
FLAVOUR = ("sampled", "--title", "Sampled", "--parent", "postgres")


def files_of(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_new_database_and_a_flavour_keep_the_rules(tree_copy: TreeCopy) -> None:
    tree_copy.must("tools/new_database", *SAMPLE)
    tree_copy.must("tools/new_database", *FLAVOUR)
    databases = tree_copy.root / "engine" / "databases"
    parts = {"CMakeLists.txt", "README.md", "conformance.toml", "dialect.cpp", "driver.h", "dialect_test.cpp"}
    assert files_of(databases / "sample") >= parts | {"type_map.cpp", "error_map.cpp", "wire/constants.h"}
    assert files_of(databases / "sampled") >= parts | {"driver_test.cpp"}
    assert not files_of(databases / "sampled") & {"type_map.cpp", "error_map.cpp"}
    assert not tree_copy.findings()


@pytest.mark.slow
def test_a_new_database_and_a_flavour_build_and_pass(tree_copy: TreeCopy) -> None:
    tree_copy.must("cmake", "--preset", "release", "-DBRIDGE_BUILD_PYTHON=OFF")
    for name, *options in (SAMPLE, FLAVOUR):
        tree_copy.must("tools/new_database", name, *options)
        folder = tree_copy.root / "engine" / "databases" / name
        statements = (folder / "golden" / "queries.sql").read_text(encoding="utf-8")
        assert "SELECT" in statements
        tree_copy.must(f"build/release/engine/databases/{name}/bridge_{name}_test")
        golden = folder / "golden" / "others.sql"
        golden.write_text(golden.read_text(encoding="utf-8").replace("CREATE TABLE", "CREATE VIEW"))
        assert tree_copy.run(f"build/release/engine/databases/{name}/bridge_{name}_test").returncode != 0


@pytest.mark.slow
def test_a_flavour_that_was_just_laid_out_answers_a_query(
    tree_copy: TreeCopy, postgres_server_url: str
) -> None:
    assert postgres_server_url, "the copy's tests read the same variables"
    before = set(tree_copy.must("git", "ls-files", "--others").splitlines())
    tree_copy.must("cmake", "--preset", "release", "-DBRIDGE_BUILD_PYTHON=OFF")
    tree_copy.must("tools/new_database", *FLAVOUR)
    made = set(tree_copy.must("git", "ls-files", "--others", "--exclude-standard").splitlines()) - before
    assert made
    assert all(path.startswith("engine/databases/sampled/") for path in made)
    assert not tree_copy.must("git", "diff", "--stat")
    program = tree_copy.root / "build/release/engine/databases/sampled/bridge_sampled_test"
    said = tree_copy.must(str(program), "--gtest_filter=SampledSession.*")
    assert "2 tests" in said
    assert "SKIPPED" not in said


@pytest.mark.slow
def test_a_flavour_that_was_just_laid_out_takes_a_part_of_the_exam(
    tree_copy: TreeCopy, postgres_server_url: str
) -> None:
    tree_copy.must("tools/new_database", *FLAVOUR)
    assert not tree_copy.must("git", "diff", "--stat")
    choices = ("-DBRIDGE_BUILD_TESTS=OFF", f"-DPython_EXECUTABLE={PYTHON}")
    tree_copy.must("cmake", "--preset", "release", *choices)
    tree_copy.must("cmake", "--build", "build/release", "--target", "_engine")
    scheme = postgres_server_url.partition("://")[0]
    said = tree_copy.must(
        "env",
        f"PYTHONPATH={tree_copy.root / 'python'}",
        f"BRIDGE_FLAVOUR_URL={postgres_server_url.replace(scheme, FLAVOUR[0], 1)}",
        PYTHON,
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "flavour or sampled"),
        *(f"tests/conformance/test_{part}.py" for part in ("claims", "queries", "errors")),
    )
    assert "flavour of an unknown version: " in said
    assert f"bridgeorm from {tree_copy.root}" in said
    passed = re.search(r"(\d+) passed", said)
    assert passed is not None
    assert int(passed[1]) > FEWEST_PASSED
    assert " skipped" not in said


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("sqlite",), "exists already"),
        (("Sample",), "no name"),
        (("../elsewhere",), "no name"),
        (("sample", "--scheme", "postgresql"), "scheme 'postgresql' already"),
        (("sample", "--parent", "nowhere"), "no database"),
        (("sample", "--port", "99999"), "no port"),
    ],
)
def test_what_cannot_be_laid_out_is_refused(
    tree_copy: TreeCopy, arguments: tuple[str, ...], complaint: str
) -> None:
    done = tree_copy.run("tools/new_database", *arguments)
    assert done.returncode != 0
    assert complaint in done.stderr
    assert not (tree_copy.root / "engine" / "databases" / "sample").exists()
