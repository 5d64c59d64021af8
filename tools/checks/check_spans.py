"""Refuses I/O without a span: I/O methods take one, only a Tracer makes one, operations are no strings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.checks.cpp_text import code_only, line_of
from tools.checks.source_tree import Finding, SourceTree

RULE = "spans"
# Headers whose virtual methods reach a server on behalf of an operation.
_CONTRACTS = (
    "engine/driver/driver.h",
    "engine/net/transport.h",
    "engine/net/http_client.h",
    "engine/net/resolver.h",
)
# What those methods are called. A transport's read_some and write_some move bytes for a request that
# carries its span already, and its close cannot fail.
_OPERATIONS = frozenset(
    {
        "execute",
        "copy_rows",
        "ping",
        "reset",
        "cancel",
        "connect",
        "start_tls",
        "open_cursor",
        "fetch",
        "resolve",
        "send",
        "request",
    }
)
_METHOD = re.compile(r"\bvirtual\s+[\w:<>,\s*&]+?\b(\w+)\s*\(([^;{}]*)\)[^;{}()]*[;{]")
_SPAN_MADE = re.compile(r"\bOperationSpan\s*[({]|\bOperationSpan\s+\w+\s*[({]")
_LITERAL_OPERATION = re.compile(r"(?:\.|->)\s*(?:start|start_span)\s*\(\s*\"")
_TRACER = "engine/telemetry/tracer"


def check(tree: SourceTree) -> Iterator[Finding]:
    for file in tree.cpp("engine", "bindings"):
        code = code_only(file.text)
        if file.path in _CONTRACTS:
            for match in _METHOD.finditer(code):
                name, parameters = match.groups()
                if name in _OPERATIONS and "OperationSpan&" not in parameters:
                    message = f"{name} reaches a server and must take an OperationSpan&"
                    yield Finding(file.path, line_of(code, match.start()), RULE, message)
        if not file.path.startswith(_TRACER):
            for match in _SPAN_MADE.finditer(code):
                yield Finding(file.path, line_of(code, match.start()), RULE, "only a Tracer makes a span")
        for match in _LITERAL_OPERATION.finditer(code):
            yield Finding(
                file.path, line_of(code, match.start()), RULE, "operations are named by the closed list"
            )
