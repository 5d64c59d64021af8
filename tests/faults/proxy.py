"""A TCP proxy that breaks connections on purpose: after byte N of a reply, or by swallowing everything."""

from __future__ import annotations

import asyncio
import socket
import struct
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

CHUNK_BYTES = 65_536
# SO_LINGER on with zero seconds: closing sends a reset instead of a FIN.
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class FaultProxy:
    """Stands between client and server.

    `cut_after` counts bytes from server to client over all connections; None lets everything pass. A cut is
    made once where `cuts_once`, so that who tries again gets through. What is not let pass waits.
    """

    def __init__(self, server_url: str) -> None:
        parts = urlsplit(server_url)
        self._parts = parts
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 5432
        self.cut_after: int | None = None
        self.cuts_once = False
        self.resets = True
        self.is_swallowing = False
        self.lets_requests_pass = asyncio.Event()
        self.lets_replies_pass = asyncio.Event()
        self.lets_requests_pass.set()
        self.lets_replies_pass.set()
        self.is_refusing = False
        self.knocks = 0
        self.passed = 0
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.drop_all()
        await asyncio.sleep(0)

    @property
    def url(self) -> str:
        """The server's URL, leading through the proxy."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        user = f"{self._parts.username}@" if self._parts.username else ""
        return urlunsplit(self._parts._replace(netloc=f"{user}127.0.0.1:{port}"))

    def arm(self, cut_after: int | None) -> None:
        """Counts from zero again and cuts after so many bytes."""
        self.passed = 0
        self.cut_after = cut_after

    def drop_all(self) -> None:
        """Ends every connection at once."""
        for writer in list(self._writers):
            self._drop(writer)

    def _drop(self, writer: asyncio.StreamWriter) -> None:
        self._writers.discard(writer)
        if self.resets and not writer.is_closing():
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.knocks += 1
        if self.is_refusing:
            self._drop(writer)
            return
        upstream_reader, upstream_writer = await asyncio.open_connection(self.host, self.port)
        self._writers.add(writer)
        up = asyncio.create_task(self._pass_requests(reader, upstream_writer))
        try:
            await self._pass_replies(upstream_reader, writer)
        except ConnectionError:
            pass  # one of the two ends is gone, which is what a fault proxy is for
        finally:
            up.cancel()
            upstream_writer.close()
            self._drop(writer)

    async def _pass_requests(self, reader: asyncio.StreamReader, upstream: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(CHUNK_BYTES):
            await self.lets_requests_pass.wait()
            upstream.write(chunk)
        upstream.close()

    async def _pass_replies(self, upstream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await upstream.read(CHUNK_BYTES):
            await self.lets_replies_pass.wait()
            if self.is_swallowing:
                continue
            room = len(chunk) if self.cut_after is None else max(0, self.cut_after - self.passed)
            self.passed += min(room, len(chunk))
            writer.write(chunk[:room])
            await writer.drain()
            if room < len(chunk):
                if self.cuts_once:
                    self.cut_after = None
                return
