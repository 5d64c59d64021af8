"""Runs the code of a page of the documentation: `python -m tests.documentation.page PAGE [SIDE] [URL]`."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import contextvars
import inspect
import io
import re
import sys
import types
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bridgeorm.entities import RowSource
from bridgeorm.statements import Writing

OURS = "BridgeORM"
_FENCE = re.compile(r"^```(\w+(?: theirs)?)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
_CODE_CELL = re.compile(r"`[^`]+`")
_DATABASE_URL = re.compile(r'"(?:sqlite:///(?!:memory:)|dolt://)[^"]*"')
_VALUE = "value_of_the_cell"


@dataclass(frozen=True)
class Block:
    """A piece of Python, where it begins, and what the page says it prints; None where it says nothing."""

    code: str
    line: int
    output: str | None = None
    is_cell: bool = False


def read_blocks(text: str, side: str = OURS) -> list[Block]:
    """The Python of one side of a page in its order: fenced blocks (`python theirs` is the other side's), and
    the code cells of the column that is headed by the side's name.
    """
    fence = "python" if side == OURS else "python theirs"
    blocks = [*_fenced(text, fence), *_cells(text, side)]
    return sorted(blocks, key=lambda block: block.line)


def _fenced(text: str, fence: str) -> list[Block]:
    """The blocks of a fence; a `text` block behind one, with nothing between, is its output."""
    found = list(_FENCE.finditer(text))
    blocks: list[Block] = []
    for match, following in zip(found, [*found[1:], None][: len(found)], strict=True):
        if match[1] != fence:
            continue
        is_output = following is not None and following[1] == "text"
        is_adjacent = following is not None and not text[match.end() : following.start()].strip()
        output = following[2] if following is not None and is_output and is_adjacent else None
        blocks.append(Block(match[2], text[: match.start(2)].count("\n"), output))
    return blocks


def _cells(text: str, side: str) -> list[Block]:
    """What stands in backquotes, alone in its cell, below the heading; a cell of words is no code."""
    blocks: list[Block] = []
    column: int | None = None
    is_inside = False
    for number, line in enumerate(text.splitlines()):
        cells = line.strip("| ").split(" | ")
        if not line.startswith("|"):
            is_inside = False
        elif not is_inside:
            is_inside = True
            column = cells.index(side) if side in cells else None
        elif column is not None and column < len(cells) and _CODE_CELL.fullmatch(cells[column]):
            blocks.append(Block(cells[column][1:-1].replace("\\|", "|") + "\n", number, is_cell=True))
    return blocks


def run_page(path: Path, side: str = OURS, url: str | None = None) -> int:
    """Runs one side of a page in one module, `await` allowed at the top; answers how many pieces, or raises.
    With a URL that database takes the place of the page's own.
    """
    page = types.ModuleType(f"page_{path.stem}")
    sys.modules[page.__name__] = page
    blocks = read_blocks(path.read_text(encoding="utf-8"), side)
    with asyncio.Runner() as runner:
        for block in blocks:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                _run_block(_at(block, url), path, page, runner)
            if block.output is not None and printed.getvalue() != block.output:
                place = f"{path.name}, line {block.line}"
                raise AssertionError(f"{place}: {block.output}\nis not what it prints:\n{printed.getvalue()}")
    return len(blocks)


def _at(block: Block, url: str | None) -> Block:
    if url is None:
        return block
    return replace(block, code=_DATABASE_URL.sub(lambda _match: repr(url), block.code))


def _run_block(block: Block, path: Path, page: types.ModuleType, runner: asyncio.Runner) -> None:
    # The blank lines in front make tracebacks name the page's own lines.
    tree = ast.parse("\n" * block.line + block.code, str(path))
    if block.is_cell and isinstance(tree.body[-1], ast.Expr):
        last = tree.body[-1]
        target = ast.copy_location(ast.Name(_VALUE, ast.Store()), last)
        tree.body[-1] = ast.copy_location(ast.Assign([target], last.value), last)
    code = compile(tree, str(path), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    if code.co_flags & inspect.CO_COROUTINE:
        runner.run(types.FunctionType(code, page.__dict__)())
    else:
        runner.run(_context()).run(exec, code, page.__dict__)
    value = page.__dict__.pop(_VALUE, None)
    if value is not None:
        _run_value(value, page, runner)


def _run_value(value: Any, page: types.ModuleType, runner: asyncio.Runner) -> None:
    """Has the database answer what a cell only describes: a query or statement of either side."""
    if isinstance(value, RowSource):
        runner.run(page.db.all(value))
    elif isinstance(value, Writing):
        runner.run(page.db.execute(value))
    elif type(value).__module__.startswith("django.") and hasattr(value, "iterator"):
        list(value)
    elif type(value).__module__.startswith("sqlalchemy.") and hasattr(value, "compile"):
        runner.run(page.session.execute(value))
    elif type(value).__module__.startswith("tortoise.queryset"):
        runner.run(_awaited(value))


async def _context() -> contextvars.Context:
    """What earlier blocks set: code without `await` is to see it, too."""
    return contextvars.copy_context()


async def _awaited(value: Any) -> Any:
    return await value


if __name__ == "__main__":
    sys.stdout.write(f"{run_page(Path(sys.argv[1]).resolve(), *sys.argv[2:])}\n")
