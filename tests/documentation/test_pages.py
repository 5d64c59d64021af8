"""Every page runs from its first block to its last, in a process and folder of its own, against SQLite."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bridgeorm import errors

from .page import read_blocks

PROJECT = Path(__file__).resolve().parents[2]
PAGES = sorted((PROJECT / "docs").rglob("*.md"))
PAGE_SECONDS = 60


def page_name(path: Path) -> str:
    return path.relative_to(PROJECT / "docs").as_posix()


@pytest.mark.parametrize("path", PAGES, ids=page_name)
def test_every_block_of_the_page_runs(path: Path, tmp_path: Path) -> None:
    blocks = read_blocks(path.read_text(encoding="utf-8"))
    if not blocks:
        assert "```python" not in path.read_text(encoding="utf-8")
        return
    environment = os.environ | {"PYTHONPATH": f"{PROJECT / 'python'}:{PROJECT}"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.documentation.page", str(path)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PAGE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    assert done.stdout.strip() == str(len(blocks))


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


def test_blocks_are_found_with_their_output() -> None:
    page = (
        "# x\n\n```python\nprint(1)\n```\n\n```text\n1\n```\n\n```python\npass\n```\nwords\n```text\n2\n```\n"
    )
    first, second = read_blocks(page)
    assert first.output == "1\n"
    assert first.line == page[: page.index("print")].count("\n")
    assert second.output is None
