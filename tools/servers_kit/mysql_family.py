"""What servers of the MySQL family share: how they are told where to listen, and what tests are told."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass

from .instance import POLL_SECONDS, Instance, ServerError

PASSWORD = "bridge-canary-password"  # noqa: S105 - opens nothing but this server
FAST_SETTINGS = [
    "--innodb-flush-log-at-trx-commit=0",
    "--sync-binlog=0",
    "--skip-log-bin",
    "--max-connections=200",
]
GREETING_BYTES = 256
VERSION_START = 5  # protocol: behind the packet's header and the version of the protocol
ATTEMPTS = 200


@dataclass(frozen=True)
class Server:
    """A server's program and the options it needs in any mode."""

    program: str
    options: list[str]

    def command(self) -> list[str]:
        """The program with these options and nothing of the machine's own configuration."""
        return [self.program, "--no-defaults", *self.options]

    def listening(self, instance: Instance, port: int) -> list[str]:
        """Options for loopback and a Unix socket, with nothing made durable that a test throws away."""
        place = [f"--port={port}", "--bind-address=127.0.0.1", f"--socket={instance.folder / 'server.sock'}"]
        return [*place, f"--pid-file={instance.folder / 'server.pid'}", *FAST_SETTINGS]


def describe(instance: Instance, prefix: str, scheme: str, port: int) -> dict[str, str]:
    """The addresses the tests use."""
    return {
        f"{prefix}_URL": f"{scheme}://bridge@127.0.0.1:{port}/bridge",
        f"{prefix}_UNIX_URL": f"{scheme}://bridge@/bridge?socket={instance.folder / 'server.sock'}",
        f"{prefix}_PORT": str(port),
        f"{prefix}_PASSWORD": PASSWORD,
    }


def await_version(instance: Instance, port: int) -> str:
    """What the server's greeting says; it is asked until there is one."""
    for _ in range(ATTEMPTS):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=POLL_SECONDS * ATTEMPTS) as probe:
                greeting = probe.recv(GREETING_BYTES)
        except OSError:
            greeting = b""
        version = greeting[VERSION_START:].partition(b"\0")[0].decode("ascii", "replace")
        if version[:1].isdigit():
            return version.removeprefix("5.5.5-").split("-")[0]
        time.sleep(POLL_SECONDS)
    raise ServerError(f"{instance.name} does not greet; see {instance.folder / 'server.log'}")
