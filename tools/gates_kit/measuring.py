"""Runs the key paths under callgrind and reads what they cost."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.gates_kit.profiles import Counts, count_system_calls, read_profile

PROJECT = Path(__file__).resolve().parents[2]
SECONDS_AT_MOST = 900
_PROFILE = "profile"


def measure(postgres_url: str | None) -> dict[str, tuple[int, Counts]]:
    """Operations and costs of each path, in the order they ran. RuntimeError where the profiler failed."""
    with tempfile.TemporaryDirectory(prefix="bridge-gates-") as folder:
        said = _run(Path(folder), postgres_url)
        calls = count_system_calls(Path(folder) / "trace")
        measured: dict[str, tuple[int, Counts]] = {}
        for place, line in enumerate(said):
            operations, _, name = line.partition(" ")
            behind = 2 * (
                place + 1
            )  # the mark behind a path ends its part, the one before it that of its warming
            counts = read_profile(Path(folder) / f"{_PROFILE}.{behind}")
            counts.system_calls = calls[behind - 1]
            measured[name] = (int(operations), counts)
    return measured


def _run(folder: Path, postgres_url: str | None) -> list[str]:
    command = [
        "setarch",
        "--addr-no-randomize",
        "valgrind",
        "--tool=callgrind",
        "--dump-before=getppid",
        f"--callgrind-out-file={folder / _PROFILE}",
        "--trace-syscalls=yes",
        f"--log-file={folder / 'trace'}",
        sys.executable,
        "-m",
        "tools.gates_kit.paths",
        str(folder),
        *([] if postgres_url is None else [postgres_url]),
    ]
    settings = {
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": f"{PROJECT}{os.pathsep}{PROJECT / 'python'}",
        "LD_PRELOAD": str(_slow_clock(folder)),
    }
    done = subprocess.run(
        command,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=SECONDS_AT_MOST,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"the paths did not run under callgrind:\n{done.stderr[-2000:]}")
    return done.stdout.splitlines()


def _slow_clock(folder: Path) -> Path:
    library = folder / "slow_clock.so"
    source = Path(__file__).with_name("slow_clock.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", library, source], check=True)
    return library
