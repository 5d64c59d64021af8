"""Small Go programs of this project's own, built with the modules they ask for and Go's ordinary caches."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .debian_tree import run_tool, trees_folder
from .go_program import BUILD_SECONDS, find_go


@dataclass(frozen=True)
class GoSource:
    """A folder with a main package and its go.mod."""

    name: str
    folder: Path

    def ensure(self) -> Path:
        """The built program; builds once for all checkouts of this user, and again when its text changes."""
        digest = hashlib.sha256()
        for path in sorted(self.folder.iterdir()):
            digest.update(path.read_bytes())
        program = trees_folder() / f"{self.name}-{digest.hexdigest()[:12]}"
        if not program.exists():
            self._build(program)
        return program

    def _build(self, program: Path) -> None:
        with tempfile.TemporaryDirectory(prefix=f"{self.name}.", dir=trees_folder()) as scratch:
            source = Path(scratch) / "source"
            shutil.copytree(self.folder, source)
            # What the modules need in their turn is looked up, and not kept beside the source.
            environment = {**os.environ, "GOTOOLCHAIN": "auto", "GOFLAGS": "-mod=mod"}
            making = Path(scratch) / "program"
            build = [find_go(), "build", "-C", str(source), "-ldflags=-w -s", "-o", str(making), "."]
            run_tool(build, seconds=BUILD_SECONDS, environment=environment)
            making.rename(program)
