"""Neon as far as it can be had here: a front before the private PostgreSQL, which must run with TLS."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from .instance import Instance, Launched, ServerError, free_port
from .neon_front import DOMAIN
from .postgres import PASSWORD, SCRAM_OWNER

ENDPOINT = "ep-quiet-moon-123456"
UPSTREAM = "postgres"
POOLER = "pgbouncer_newest"


def launch(instance: Instance, *, tls: bool) -> Launched:
    """Starts the front, with a pooled endpoint where the pooler runs."""
    upstream, pooler = Instance(UPSTREAM), Instance(POOLER)
    root = upstream.assignments().get("BRIDGE_POSTGRES_ROOT_CERTIFICATE")
    if not upstream.is_running() or root is None:
        raise ServerError("start postgres --tls first")
    del tls  # there is no Neon without
    instance.prepare_folder()
    program = instance.folder / "neon_front.py"
    shutil.copy(Path(__file__).with_name("neon_front.py"), program)
    program.chmod(0o644)
    port = free_port()
    endpoints = [f"{ENDPOINT}={upstream.assignments()['BRIDGE_POSTGRES_PORT']}"]
    version = f"PostgreSQL {upstream.assignments()['BRIDGE_POSTGRES_VERSION']}"
    query = f"hostaddr=127.0.0.1&sslrootcert={root}"
    assignments = {
        "BRIDGE_NEON_URL": url_of(ENDPOINT, port, f"{SCRAM_OWNER}:{PASSWORD}", query),
        "BRIDGE_NEON_VERSION": f"{version} behind a front that routes by SNI",
    }
    if pooler.is_running() and "BRIDGE_PGBOUNCER_NEWEST_TLS" in pooler.assignments():
        endpoints.append(f"{ENDPOINT}-pooler={pooler.assignments()['BRIDGE_PGBOUNCER_NEWEST_PORT']}")
        # PgBouncer knows no channel binding; Neon's own proxy does.
        assignments["BRIDGE_NEON_POOLED_URL"] = url_of(
            f"{ENDPOINT}-pooler", port, "bridge", f"{query}&channel_binding=prefer"
        )
        assignments["BRIDGE_NEON_POOLED_VERSION"] = (
            f"PgBouncer {pooler.assignments()['BRIDGE_PGBOUNCER_NEWEST_VERSION']} behind the same front"
        )
    process = instance.spawn([sys.executable, str(program), str(port), *endpoints])
    instance.await_port(process, port)
    return Launched(process.pid, assignments)


def url_of(endpoint: str, port: int, login: str, query: str) -> str:
    """A URL as Neon hands them out, but for the address, which no name server knows."""
    return f"neon://{login}@{endpoint}.{DOMAIN}:{port}/postgres?{query}"
