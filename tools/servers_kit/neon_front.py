"""What stands before Neon's endpoints: finds them by the name TLS asks for, and wakes those that sleep.

TLS goes through to the server behind, so certificates and channel binding are that server's. Standard library
only, as it also runs as a program of its own: `neon_front.py PORT ENDPOINT=PORT...`.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Self

DOMAIN = "neon.localhost"
CHUNK_BYTES = 65_536
# protocol: PostgreSQL 55.7, SSLRequest: its length and its code
TLS_REQUEST = struct.pack("!ii", 8, 80_877_103)
TLS_ACCEPTED = b"S"
# protocol: RFC 8446 5.1 and 4.1.2, RFC 6066 3
RECORD_HEADER_BYTES = 5
SESSION_OFFSET = 38  # handshake header, version and random stand before the session's name
SERVER_NAME_EXTENSION = 0
# SO_LINGER on with zero seconds: closing sends a reset instead of a FIN.
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Sleep(Enum):
    """How a sleeping endpoint treats who knocks."""

    REFUSING = "refusing"
    SILENT = "silent"


@dataclass
class Endpoint:
    """A server behind the front."""

    port: int
    sleep: Sleep | None = None
    wakes_after: float = 0.0
    """Seconds from the first knock."""


def take(content: bytes, at: int, length_bytes: int) -> tuple[bytes, int]:
    """What stands behind its own length, and where the next thing begins."""
    start = at + length_bytes
    end = start + int.from_bytes(content[at:start])
    return content[start:end], end


def read_server_name(hello: bytes) -> str:
    """The name a ClientHello asks for; empty when it asks for none."""
    _, at = take(hello, SESSION_OFFSET, 1)
    _, at = take(hello, at, 2)  # cipher suites
    _, at = take(hello, at, 1)  # compression
    extensions, _ = take(hello, at, 2)
    at = 0
    while at < len(extensions):
        kind = int.from_bytes(extensions[at : at + 2])
        content, at = take(extensions, at + 2, 2)
        if kind == SERVER_NAME_EXTENSION:
            names, _ = take(content, 0, 2)
            name, _ = take(names, 1, 2)
            return name.decode("ascii")
    return ""


class NeonFront:
    """Listens on loopback; endpoints by the first label of their host."""

    def __init__(self, endpoints: dict[str, Endpoint], port: int = 0) -> None:
        self.endpoints = endpoints
        self.knocks = 0
        self.turned_away: list[str] = []
        self._port = port
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.StreamWriter] = set()
        self._alarms: set[asyncio.TimerHandle] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener().close()
        for alarm in self._alarms:
            alarm.cancel()
        self.suspend_clients()
        await asyncio.sleep(0)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener().sockets[0].getsockname()[1])

    def _listener(self) -> asyncio.Server:
        if self._server is None:
            raise RuntimeError("the front is open inside its `async with` only")
        return self._server

    def put_to_sleep(self, name: str, sleep: Sleep, wakes_after: float) -> None:
        """Suspends an endpoint: its clients are gone, and the next who knocks wakes it."""
        self.endpoints[name].sleep, self.endpoints[name].wakes_after = sleep, wakes_after
        self.suspend_clients()

    def suspend_clients(self) -> None:
        """Ends every connection without a word, as a suspended endpoint does."""
        for writer in list(self._clients):
            self._end(writer)

    def _end(self, writer: asyncio.StreamWriter, *, resets: bool = False) -> None:
        self._clients.discard(writer)
        if resets and not writer.is_closing():
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        writer.close()

    def _wake_later(self, endpoint: Endpoint) -> None:
        def wake() -> None:
            endpoint.sleep = None

        self._alarms.add(asyncio.get_running_loop().call_later(endpoint.wakes_after, wake))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.knocks += 1
        self._clients.add(writer)
        try:
            await self._pass(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # one of the two ends is gone, which is nobody's fault here
        finally:
            self._end(writer)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await reader.readexactly(len(TLS_REQUEST)) != TLS_REQUEST:
            self.turned_away.append("no TLS")
            return
        writer.write(TLS_ACCEPTED)
        header = await reader.readexactly(RECORD_HEADER_BYTES)
        hello = await reader.readexactly(int.from_bytes(header[3:]))
        host = read_server_name(hello)
        endpoint = self.endpoints.get(host.removesuffix(f".{DOMAIN}"))
        if endpoint is None:
            self.turned_away.append(host or "no name")
            return
        if endpoint.sleep is not None:
            await self._sleep(endpoint, writer)
            return
        upstream_reader, upstream = await asyncio.open_connection("127.0.0.1", endpoint.port)
        upstream.write(TLS_REQUEST)
        if await upstream_reader.readexactly(len(TLS_ACCEPTED)) == TLS_ACCEPTED:
            upstream.write(header + hello)
            up = asyncio.create_task(self._copy(reader, upstream))
            await self._copy(upstream_reader, writer)
            up.cancel()
        upstream.close()

    async def _sleep(self, endpoint: Endpoint, writer: asyncio.StreamWriter) -> None:
        sleep = endpoint.sleep
        self._wake_later(endpoint)
        if sleep is Sleep.SILENT:
            await asyncio.Event().wait()
        self._end(writer, resets=True)

    async def _copy(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while chunk := await source.read(CHUNK_BYTES):
            target.write(chunk)
            await target.drain()
        target.close()


async def serve_forever(port: int, endpoints: dict[str, Endpoint]) -> None:
    """The front as a process of its own, which somebody ends by a signal."""
    async with NeonFront(endpoints, port):
        await asyncio.Event().wait()


if __name__ == "__main__":
    named = (word.split("=") for word in sys.argv[2:])
    asyncio.run(serve_forever(int(sys.argv[1]), {name: Endpoint(int(port)) for name, port in named}))
