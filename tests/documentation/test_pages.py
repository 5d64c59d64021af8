"""Every page runs from its first block to its last, in a process and folder of its own, against SQLite."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import bridgeorm
from bridgeorm import errors

from .page import OURS, read_blocks

PROJECT = Path(__file__).resolve().parents[2]
PAGES = sorted((PROJECT / "docs").rglob("*.md"))
OF_DOLT = PROJECT / "docs" / "how_to" / "dolt.md"
COMPARISONS = sorted((PROJECT / "docs" / "coming_from").glob("*.md"))
ON_EVERY_DATABASE = [*COMPARISONS, PROJECT / "docs" / "tutorial.md"]
# Django is no part of the development environment: its column is compiled here, and was run by hand.
OTHERS_THAT_RUN = {"sqlalchemy.md": "SQLAlchemy", "tortoise.md": "Tortoise"}
LEAST_ROWS = 40
PAGE_SECONDS = 60


def page_name(path: Path) -> str:
    return path.relative_to(PROJECT / "docs").as_posix()


def run_in_a_folder(folder: Path, path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": f"{PROJECT / 'python'}:{PROJECT}"}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.documentation.page", str(path), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PAGE_SECONDS,
        check=False,
    )


@pytest.mark.parametrize("path", [page for page in PAGES if page != OF_DOLT], ids=page_name)
def test_every_block_of_the_page_runs(path: Path, tmp_path: Path) -> None:
    blocks = read_blocks(path.read_text(encoding="utf-8"))
    if not blocks:
        assert "```python" not in path.read_text(encoding="utf-8")
        return
    done = run_in_a_folder(tmp_path, path)
    assert done.returncode == 0, done.stderr + done.stdout
    assert done.stdout.strip() == str(len(blocks))


def test_the_page_of_dolt_runs_there(tmp_path: Path, dolt_url: str) -> None:
    done = run_in_a_folder(tmp_path, OF_DOLT, OURS, dolt_url)
    assert done.returncode == 0, done.stderr + done.stdout
    assert done.stdout.strip() == str(len(read_blocks(OF_DOLT.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("path", ON_EVERY_DATABASE, ids=page_name)
def test_the_page_runs_on_a_server_as_well(path: Path, tmp_path: Path, postgres_url: str) -> None:
    done = run_in_a_folder(tmp_path, path, OURS, postgres_url)
    assert done.returncode == 0, done.stderr + done.stdout
    assert int(done.stdout) > 0


@pytest.mark.parametrize(("name", "side"), OTHERS_THAT_RUN.items())
def test_the_other_side_is_true(name: str, side: str, tmp_path: Path) -> None:
    """Runs the other library's column, in the version that the development environment pins."""
    path = PROJECT / "docs" / "coming_from" / name
    text = path.read_text(encoding="utf-8")
    requirements = (PROJECT / "tools" / "requirements-dev.txt").read_text(encoding="utf-8")
    pinned = re.search(rf"^{side.lower()}(?:-orm)?(?:\[.*\])?==(\S+)$", requirements, re.MULTILINE)
    assert pinned
    assert f"{side} {pinned[1]}" in " ".join(text.split())
    done = run_in_a_folder(tmp_path, path, side)
    assert done.returncode == 0, done.stderr + done.stdout
    assert int(done.stdout) >= LEAST_ROWS


@pytest.mark.parametrize("path", COMPARISONS, ids=page_name)
def test_both_sides_of_a_comparison_say_enough(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    sides = re.findall(r"^\| (\w+) \| BridgeORM \|$", text, re.MULTILINE)
    assert len(set(sides)) == 1
    for side in (sides[0], OURS):
        cells = [block for block in read_blocks(text, side) if block.is_cell]
        assert len(cells) >= LEAST_ROWS
        for cell in cells:
            compile(cell.code, path.name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


@pytest.mark.parametrize("path", PAGES, ids=page_name)
def test_links_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)", path.read_text(encoding="utf-8"))
    missing = [link for link in links if not (path.parent / link).exists()]
    assert not missing


def test_the_list_of_errors_is_complete() -> None:
    page = (PROJECT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    public = {name for name in errors.__all__ if issubclass(getattr(errors, name), errors.BridgeError)}
    assert listed == public


def test_the_reference_has_every_exported_name() -> None:
    page = (PROJECT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"^### (\w+)$", page, re.MULTILINE))
    # Errors have a page of their own, the sync face mirrors Database, telemetry is a module.
    elsewhere = {*errors.__all__, "SyncDatabase", "telemetry"}
    assert set(bridgeorm.__all__) - elsewhere <= shown


def test_blocks_are_found_with_their_output() -> None:
    page = (
        "# x\n\n```python\nprint(1)\n```\n\n```text\n1\n```\n\n```python\npass\n```\nwords\n```text\n2\n```\n"
    )
    first, second = read_blocks(page)
    assert first.output == "1\n"
    assert first.line == page[: page.index("print")].count("\n")
    assert second.output is None


def test_cells_of_code_are_read_from_the_column_of_a_side() -> None:
    compared = "| Theirs | BridgeORM |\n|---|---|\n| `a` | `b \\| c` |\n| none | a `word` |\n"
    page = compared + "\n| x | y |\n|---|---|\n| `d` | `e` |\n"
    (ours,) = read_blocks(page)
    (theirs,) = read_blocks(page, "Theirs")
    assert (ours.code, ours.line, ours.is_cell) == ("b | c\n", 2, True)
    assert theirs.code == "a\n"
