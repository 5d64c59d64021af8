"""Programs of another Debian suite in a folder of their own, with all they need; nothing is installed."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .instance import ServerError, find_program

FOLDER_VARIABLE = "BRIDGE_SERVER_TREES"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
APT_SOURCES = Path("/etc/apt")
DOWNLOAD_SECONDS = 900
UNPACK_SECONDS = 300
PRIVATE_TO_OTHERS_MODE = 0o022  # the bits by which somebody else could change what we run
LIBRARY_FOLDERS = ("usr/lib/{triplet}", "lib/{triplet}")
LOADERS = tuple(f"{folder}/ld-linux-*.so.*" for folder in ("usr/lib64", "lib64", "usr/lib", "lib"))
APT_CONFIGURATION = """\
Dir::Etc::sourcelist "{folder}/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferencesparts "-";
Dir::State "{folder}";
Dir::State::lists "{folder}/lists";
Dir::State::status "{folder}/status";
Dir::Cache "{folder}/cache";
Acquire::Languages "none";
APT::Sandbox::User "{user}";
APT::Update::Error-Mode "any";
"""


@dataclass(frozen=True)
class DebianTree:
    """What to unpack: packages of a suite with all they depend on.

    `brings_libc` is for suites newer than this machine's system. An older suite's programs run on the
    system's own C library, which keeps what it once promised.
    """

    name: str
    suite: str
    package: str
    programs: str  # the folder below the tree whose programs are to be run
    brings_libc: bool = True

    def ensure(self) -> Path:
        """The folder of the programs; downloads and unpacks once for all checkouts of this user."""
        root = trees_folder() / self.name
        if not (root / "complete").exists():
            self._unpack_into(root)
        return root / self.programs

    def version(self) -> str:
        """The package's version, as it was when the tree was made."""
        return (trees_folder() / self.name / "complete").read_text(encoding="ascii").strip()

    def _unpack_into(self, root: Path) -> None:
        with tempfile.TemporaryDirectory(prefix=f"{self.name}.", dir=trees_folder()) as scratch:
            making, archives = Path(scratch) / "tree", self._download(Path(scratch))
            making.mkdir()
            for archive in archives:
                run_tool(["dpkg-deb", "-x", str(archive), str(making)], seconds=UNPACK_SECONDS)
            wrap_programs(making, root, self.programs, brings_libc=self.brings_libc)
            own = next(archive for archive in archives if archive.name.startswith(f"{self.package}_"))
            version = run_tool(["dpkg-deb", "-f", str(own), "Version"], seconds=UNPACK_SECONDS)
            (making / "complete").write_text(version, encoding="ascii")
            making.chmod(0o755)
            shutil.rmtree(root, ignore_errors=True)
            making.rename(root)

    def _download(self, scratch: Path) -> list[Path]:
        """Fetches the package's closure with apt, which checks signatures; answers the archives."""
        apt = scratch / "apt"
        for needed in ("lists/partial", "cache/archives/partial"):
            (apt / needed).mkdir(parents=True)
        (apt / "status").touch()  # nothing is installed there, so nothing that is needed is left out
        source = f"deb [signed-by={KEYRING}] {archive_address()} {self.suite} main\n"
        (apt / "sources.list").write_text(source, encoding="ascii")
        user = "root" if os.getuid() == 0 else "_apt"
        configuration = apt / "apt.conf"
        configuration.write_text(APT_CONFIGURATION.format(folder=apt, user=user), encoding="ascii")
        environment = {**os.environ, "APT_CONFIG": str(configuration)}
        run_tool(["apt-get", "update", "-qq"], seconds=DOWNLOAD_SECONDS, environment=environment)
        run_tool(
            ["apt-get", "-y", "-qq", "--no-install-recommends", "--download-only", "install", self.package],
            seconds=DOWNLOAD_SECONDS, environment=environment,
        )  # fmt: skip
        archives = sorted((apt / "cache/archives").glob("*.deb"))
        if self.brings_libc:
            return archives
        return [archive for archive in archives if not archive.name.startswith("libc6_")]


def trees_folder() -> Path:
    """Where trees are kept: readable for the unprivileged user servers run as, writable for nobody else."""
    usual = Path("/var/tmp") / f"bridge-server-trees-{os.getuid()}"  # noqa: S108 - ownership is checked below
    folder = Path(os.environ.get(FOLDER_VARIABLE, usual))
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    status = folder.lstat()
    if status.st_uid != os.getuid() or status.st_mode & PRIVATE_TO_OTHERS_MODE:
        raise ServerError(f"{folder} can be changed by others; remove it or set {FOLDER_VARIABLE}")
    return folder


def archive_address() -> str:
    """The Debian archive this machine is configured for."""
    files = [*APT_SOURCES.glob("sources.list.d/*.sources"), *APT_SOURCES.glob("sources.list.d/*.list")]
    for file in [*files, APT_SOURCES / "sources.list"]:
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        found = re.search(r"^(?:URIs:|deb(?: \[[^\]]*\])?) *(\S+/debian/?)(?:\s|$)", text, re.MULTILINE)
        if found:
            return found[1]
    raise ServerError("apt is configured for no Debian archive, where other servers would come from")


def run_tool(command: list[str], *, seconds: int, environment: dict[str, str] | None = None) -> str:
    """Runs a tool of the system; what it complains of becomes the error's text."""
    program = find_program(command[0])
    try:
        done = subprocess.run(
            [program, *command[1:]], capture_output=True, text=True, timeout=seconds, env=environment,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        raise ServerError(f"{' '.join(command[:2])} took more than {seconds} s") from late
    if done.returncode != 0:
        raise ServerError(f"{' '.join(command[:2])} failed: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def wrap_programs(making: Path, root: Path, programs: str, *, brings_libc: bool) -> None:
    """Puts a script before each program that runs it with the tree's libraries, whoever calls it."""
    triplet = f"{platform.machine()}-linux-gnu"
    libraries = ":".join(str(root / folder.format(triplet=triplet)) for folder in LIBRARY_FOLDERS)
    start = f'LD_LIBRARY_PATH="{libraries}" exec "$0.elf" "$@"'
    if brings_libc:
        loader = next((found for pattern in LOADERS for found in making.glob(pattern)), None)
        if loader is None:
            raise ServerError(f"the tree for {root.name} has no loader for {platform.machine()}")
        placed = root / loader.relative_to(making)
        start = f'exec "{placed}" --argv0 "$0" --library-path "{libraries}" "$0.elf" "$@"'
    for program in (making / programs).iterdir():
        with program.open("rb") as opened:
            is_binary = opened.read(4) == b"\x7fELF"
        if is_binary:
            program.rename(f"{program}.elf")
            program.write_text(f"#!/bin/sh\n{start}\n", encoding="ascii")
            program.chmod(0o755)
