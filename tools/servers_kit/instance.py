"""One server's private folder, its process and what was printed of it, remembered across runs of the tool."""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

PROJECT = Path(__file__).resolve().parents[2]
UNPRIVILEGED_USER = "nobody"  # database servers refuse to run as root
STOP_SECONDS = 15
POLL_SECONDS = 0.05
START_SECONDS = 30
COMMAND_SECONDS = 120


class ServerError(Exception):
    """A server could not be started or stopped; the text says why."""


@dataclass(frozen=True)
class Launched:
    """A process that was started, and what tests must be told of it."""

    pid: int
    assignments: dict[str, str]
    stop_signal: int = signal.SIGTERM


class Record(TypedDict):
    """A launched process as instance.json remembers it."""

    pid: int
    born: str | None
    signal: int
    settings: dict[str, str]
    assignments: dict[str, str]


class Instance:
    """A server by name; its folder lies where socket paths stay short and an unprivileged user may enter."""

    def __init__(self, name: str) -> None:
        self.name = name
        checkout = hashlib.sha256(str(PROJECT).encode()).hexdigest()[:8]
        parent = Path(tempfile.gettempdir()) / f"bridge-servers-{os.getuid()}-{checkout}"
        self.folder = Path(os.environ.get("BRIDGE_SERVERS_FOLDER", parent)) / name
        self._record = self.folder / "instance.json"

    def prepare_folder(self) -> None:
        """Makes the folder anew, owned by the user the server will run as."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.give_away(self.folder)

    def give_away(self, path: Path) -> None:
        """Hands a path to the unprivileged user when this tool runs as root."""
        if os.getuid() == 0:
            owner = pwd.getpwnam(UNPRIVILEGED_USER)
            os.chown(path, owner.pw_uid, owner.pw_gid)

    def unprivileged(self, command: list[str]) -> list[str]:
        """The command as the unprivileged user would run it."""
        if os.getuid() != 0:
            return command
        owner = pwd.getpwnam(UNPRIVILEGED_USER)
        return ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups", *command]

    def run(self, command: list[str], *, given: str | None = None) -> str:
        """Runs a short command as the unprivileged user in the folder; answers what it printed."""
        done = subprocess.run(
            self.unprivileged(command), input=given, capture_output=True, text=True,
            timeout=COMMAND_SECONDS, cwd=self.folder, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise ServerError(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()}")
        return done.stdout

    def spawn(self, command: list[str]) -> subprocess.Popen[bytes]:
        """Starts the server itself, detached, its output in server.log."""
        with (self.folder / "server.log").open("ab") as log:
            return subprocess.Popen(
                self.unprivileged(command), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder, start_new_session=True,
            )  # fmt: skip

    def await_port(self, process: subprocess.Popen[bytes], port: int) -> None:
        """Waits until somebody listens on a loopback port, or the process has died."""
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up:
            if process.poll() is not None:
                raise ServerError(f"{self.name} ended at once; see {self.folder / 'server.log'}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(POLL_SECONDS)
        process.terminate()
        raise ServerError(f"{self.name} did not listen within {START_SECONDS} s")

    def remember(self, launched: Launched, settings: dict[str, str]) -> None:
        """Writes down the process with its start time, so that a recycled pid is never mistaken for it."""
        record: Record = {
            "pid": launched.pid,
            "born": process_birth(launched.pid),
            "signal": int(launched.stop_signal),
            "settings": settings,
            "assignments": launched.assignments,
        }
        self._record.write_text(json.dumps(record), encoding="utf-8")

    def is_running(self) -> bool:
        """Whether the process this tool started is alive."""
        record = self._read()
        return record is not None and record["born"] == process_birth(record["pid"])

    def settings(self) -> dict[str, str]:
        """What the running server was started with."""
        record = self._read()
        return record["settings"] if record else {}

    def assignments(self) -> dict[str, str]:
        """Environment variables for the tests."""
        record = self._read()
        return record["assignments"] if record else {}

    def stop(self) -> None:
        """Ends the process this tool started, if it still lives, and removes the folder."""
        record = self._read()
        if record is not None and self.is_running():
            os.kill(record["pid"], record["signal"])
            give_up = time.monotonic() + STOP_SECONDS
            while self.is_running():
                if time.monotonic() > give_up:
                    raise ServerError(f"{self.name} (pid {record['pid']}) does not stop")
                time.sleep(POLL_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _read(self) -> Record | None:
        try:
            record: Record = json.loads(self._record.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return record


def process_birth(pid: int) -> str | None:
    """When a process was started, in the kernel's ticks; None when there is none, or only its remains."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = status.rpartition(")")[2].split()
    state, start_time = fields[0], fields[19]  # proc(5): fields 3 and 22 of the line
    return None if state == "Z" else start_time


def free_port() -> int:
    """A loopback port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def find_program(name: str, *folders: str) -> str:
    """The path of a program, in the given folders first."""
    for folder in folders:
        candidate = Path(folder) / name
        if os.access(candidate, os.X_OK):
            return str(candidate)
    found = shutil.which(name)
    if found is None:
        raise ServerError(f"there is no program {name} on this machine")
    return found
