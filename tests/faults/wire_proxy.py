"""A proxy that reads PostgreSQL's protocol: it answers chosen statements itself, or cuts when they come."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from enum import Enum
from urllib.parse import urlsplit, urlunsplit

from .proxy import CHUNK_BYTES, FaultProxy

# protocol: PostgreSQL 55.7; a startup packet has no type before its length
LENGTH_BYTES = 4
FAILED_TRANSACTION = b"E"


class Answer(Enum):
    """What happens to a statement instead of being run."""

    CONFLICT = "conflict"
    """40001, as from a server that aborted the transaction."""
    CUT_BEFORE = "cut before"
    """The connection ends, and the server never sees it."""
    CUT_AFTER = "cut after"
    """The server runs it; its answer is lost."""


def message(kind: bytes, body: bytes) -> bytes:
    """A message with its type and length."""
    return kind + struct.pack("!i", len(body) + LENGTH_BYTES) + body


REFUSAL = message(b"E", b"SERROR\0VERROR\0C40001\0Mrestart transaction: TransactionRetryError\0\0")
READY = message(b"Z", FAILED_TRANSACTION)


class WireProxy(FaultProxy):
    """Stands before a server without TLS. `judge` is asked for each statement by its text, before it runs."""

    def __init__(self, server_url: str, judge: Callable[[str], Answer | None]) -> None:
        super().__init__(server_url)
        self._judge = judge
        self._swallows = False
        self.statements: list[str] = []

    def url_as(self, scheme: str, options: str = "") -> str:
        """The server's URL for another flavour, leading through the proxy."""
        return urlunsplit(urlsplit(self.url)._replace(scheme=scheme, query=options))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream = await asyncio.open_connection(self.host, self.port)
        down = asyncio.create_task(self._pass_replies(upstream_reader, writer))
        try:
            await self._judge_requests(reader, writer, upstream)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # one of the two ends is gone
        finally:
            down.cancel()
            upstream.close()
            writer.close()

    async def _judge_requests(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, upstream: asyncio.StreamWriter
    ) -> None:
        length = await reader.readexactly(LENGTH_BYTES)
        upstream.write(length + await reader.readexactly(int.from_bytes(length) - LENGTH_BYTES))
        prepared: dict[bytes, str] = {}
        waiting, texts, answer = b"", list[str](), None
        while True:
            kind = await reader.readexactly(1)
            length = await reader.readexactly(LENGTH_BYTES)
            body = await reader.readexactly(int.from_bytes(length) - LENGTH_BYTES)
            waiting += kind + length + body
            if kind == b"P":
                name, words = body.split(b"\0")[:2]
                prepared[name] = words.decode()
            elif kind == b"B":
                texts.append(prepared[body.split(b"\0")[1]])
            if kind not in b"SX":
                continue
            for text in texts:
                self.statements.append(text)
                answer = answer or self._judge(text)
            if answer is Answer.CUT_BEFORE:
                return
            if answer is Answer.CONFLICT:
                writer.write(REFUSAL + READY)
            else:
                self._swallows = answer is Answer.CUT_AFTER
                upstream.write(waiting)
            waiting, texts, answer = b"", [], None

    async def _pass_replies(self, upstream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await upstream.read(CHUNK_BYTES):
            if self._swallows:  # the server has run it
                writer.close()
                return
            writer.write(chunk)
