"""Programs built from the Go module proxy in a folder of their own; nothing is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .debian_tree import DebianTree, run_tool, trees_folder
from .instance import ServerError

# From this version on Go fetches by itself the toolchain that a module asks for.
OLDEST_GO = (1, 21)
GO_TREE = DebianTree("golang", "trixie", "golang-1.24-go", "usr/lib/go-1.24/bin", brings_libc=False)
BUILD_SECONDS = 1800
VERSION_SECONDS = 10


@dataclass(frozen=True)
class GoProgram:
    """What to build: a main package of a module, at one version. Code in C needs the machine's compilers."""

    name: str
    package: str
    version: str

    def ensure(self) -> Path:
        """The built program; builds once for all checkouts of this user."""
        root = trees_folder() / f"{self.name}-{self.version}"
        if not (root / self.name).exists():
            self._build_into(root)
        return root / self.name

    def _build_into(self, root: Path) -> None:
        with tempfile.TemporaryDirectory(prefix=f"{self.name}.", dir=trees_folder()) as scratch:
            folders = {"GOBIN": "bin", "GOPATH": "path", "GOMODCACHE": "modules", "GOCACHE": "cache"}
            environment = {**os.environ, "GOTOOLCHAIN": "auto", "GOFLAGS": "-modcacherw"}
            environment |= {variable: str(Path(scratch) / folder) for variable, folder in folders.items()}
            go = find_go()
            # "-w -s" leaves out what only debuggers read, which halves the program.
            build = [go, "install", "-ldflags=-w -s", f"{self.package}@{self.version}"]
            run_tool(build, seconds=BUILD_SECONDS, environment=environment)
            making = Path(scratch) / "bin"
            making.chmod(0o755)
            shutil.rmtree(root, ignore_errors=True)
            making.rename(root)


def find_go() -> str:
    """A Go that is new enough: the machine's own, else one unpacked beside it."""
    own = shutil.which("go")
    if own and go_version(own) >= OLDEST_GO:
        return own
    return str(GO_TREE.ensure() / "go")


def go_version(program: str) -> tuple[int, int]:
    """What `go version` says."""
    said = subprocess.run(
        [program, "version"], capture_output=True, text=True, timeout=VERSION_SECONDS, check=False
    ).stdout
    found = re.search(r"go(\d+)\.(\d+)", said)
    if found is None:
        raise ServerError(f"{program} does not tell its version")
    return int(found[1]), int(found[2])
