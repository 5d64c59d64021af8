"""Runs the code blocks of a page of the documentation: `python -m tests.documentation.page PAGE`."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import io
import re
import sys
import types
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A piece of Python, where it begins, and what the page says it prints; None where it says nothing."""

    code: str
    line: int
    output: str | None


def read_blocks(text: str) -> list[Block]:
    """The Python blocks of a page; a `text` block behind one, with nothing between, is its output."""
    found = list(_FENCE.finditer(text))
    blocks: list[Block] = []
    for match, following in zip(found, [*found[1:], None][: len(found)], strict=True):
        if match[1] != "python":
            continue
        is_output = following is not None and following[1] == "text"
        is_adjacent = following is not None and not text[match.end() : following.start()].strip()
        output = following[2] if following is not None and is_output and is_adjacent else None
        blocks.append(Block(match[2], text[: match.start(2)].count("\n"), output))
    return blocks


def run_page(path: Path) -> int:
    """Runs all blocks in one module, `await` allowed at the top; answers how many, or raises."""
    page = types.ModuleType(f"page_{path.stem}")
    sys.modules[page.__name__] = page
    blocks = read_blocks(path.read_text(encoding="utf-8"))
    with asyncio.Runner() as runner:
        for block in blocks:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                _run_block(block, path, page, runner)
            if block.output is not None and printed.getvalue() != block.output:
                place = f"{path.name}, line {block.line}"
                raise AssertionError(f"{place}: {block.output}\nis not what it prints:\n{printed.getvalue()}")
    return len(blocks)


def _run_block(block: Block, path: Path, page: types.ModuleType, runner: asyncio.Runner) -> None:
    # The blank lines in front make tracebacks name the page's own lines.
    source = "\n" * block.line + block.code
    code = compile(source, str(path), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    if not code.co_flags & inspect.CO_COROUTINE:
        exec(code, page.__dict__)  # noqa: S102 - running the page is the point
        return
    function = types.FunctionType(code, page.__dict__)
    runner.run(function())


if __name__ == "__main__":
    sys.stdout.write(f"{run_page(Path(sys.argv[1]).resolve())}\n")
