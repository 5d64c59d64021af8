"""PlanetScale as far as it can be had here: its engine, Vitess, before the private MySQL, by its rules."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from .go_source import GoSource
from .instance import POLL_SECONDS, Instance, Launched, ServerError, free_port

NAME = "planetscale"
PREFIX = "BRIDGE_PLANETSCALE"
UPSTREAM = "mysql"
PROGRAM = GoSource("vitess", Path(__file__).with_name("vitess"))
VERSION = "24.0.0"  # as go.mod beside its program asks for
KEYSPACE = "app"  # whose tables stand in `mysql.VITESS_DATABASE`
USER = "bridge"
MOST_ROWS = 100_000
TRANSACTION_TIMEOUT = "20s"
READY_SECONDS = 60
ROLES = ("app", "dba", "allprivs", "appdebug", "repl", "filtered")


def launch(instance: Instance, *, tls: bool) -> Launched:
    """Starts Vitess over a MySQL that must run with TLS, whose certificate it shows."""
    upstream = Instance(UPSTREAM)
    addresses = upstream.assignments()
    root = addresses.get("BRIDGE_MYSQL_ROOT_CERTIFICATE")
    if not upstream.is_running() or root is None:
        raise ServerError("start mysql --tls first")
    del tls  # there is no PlanetScale without
    program = str(PROGRAM.ensure())
    instance.prepare_folder()
    mysql_socket = parse_qs(urlsplit(addresses["BRIDGE_MYSQL_UNIX_URL"]).query)["socket"][0]
    port = free_port()
    options = [*rules(), *upstream_options(mysql_socket), *place_options(port, Path(root).parent)]
    process = instance.spawn(
        ["env", f"VTDATAROOT={instance.folder}", f"VTROOT={instance.folder}", program, *options]
    )
    instance.await_port(process, port)
    await_tablet(instance, port)
    query = f"hostaddr=127.0.0.1&sslrootcert={root}"
    return Launched(
        process.pid,
        {
            f"{PREFIX}_URL": f"planetscale://{USER}@localhost:{port}/{KEYSPACE}?{query}",
            f"{PREFIX}_OWNER_URL": addresses["BRIDGE_MYSQL_URL"],
            f"{PREFIX}_VERSION": f"played by Vitess {VERSION} over MySQL {addresses['BRIDGE_MYSQL_VERSION']}",
        },
    )


def rules() -> list[str]:
    """What PlanetScale documents of its own limits."""
    return [
        "--foreign-key-mode=disallow",
        f"--queryserver-config-transaction-timeout={TRANSACTION_TIMEOUT}",
        f"--queryserver-config-max-result-size={MOST_ROWS}",
        "--mysql-server-require-secure-transport",
    ]


def upstream_options(mysql_socket: str) -> list[str]:
    """One keyspace of one shard in that MySQL."""
    topology = f'keyspaces:{{name:"{KEYSPACE}" shards:{{name:"0"}}}} cells:"test"'
    return [
        f"--proto-topo={topology}",
        "--db-charset=utf8mb4",
        *(f"--db-{role}-user=bridge" for role in ROLES),
        f"--db-socket={mysql_socket}",
        "--mycnf-server-id=1",
        f"--mycnf-socket-file={mysql_socket}",
    ]


def place_options(port: int, certificates: Path) -> list[str]:
    """Loopback only, with the certificate of the server behind."""
    return [
        f"--port={free_port()}",
        "--bind-address=127.0.0.1",
        "--tablet-hostname=127.0.0.1",
        f"--mysql-server-port={port}",
        "--mysql-server-bind-address=127.0.0.1",
        f"--mysql-server-ssl-cert={certificates / 'server.pem'}",
        f"--mysql-server-ssl-key={certificates / 'server.key'}",
        "--mysql-auth-server-impl=none",  # this program has no other
        "--log-structured=false",
        "--logtostderr",
        "--stderrthreshold=ERROR",
    ]


def await_tablet(instance: Instance, port: int) -> None:
    """Waits until a greeting comes, which vtgate gives once its tablet serves."""
    give_up = time.monotonic() + READY_SECONDS
    while time.monotonic() < give_up:
        with socket.create_connection(("127.0.0.1", port), timeout=READY_SECONDS) as probe:
            if probe.recv(1):
                return
        time.sleep(POLL_SECONDS)
    raise ServerError(f"{instance.name} does not greet; see {instance.folder / 'server.log'}")
