"""A private PostgreSQL: one trusted user, and one user for each way of proving a password."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from .certificates import make_certificates
from .instance import POLL_SECONDS, Instance, Launched, ServerError, find_program, free_port

PASSWORD = "bridge-canary-password"  # noqa: S105 - opens nothing but this server
PASSWORD_USERS = {"bridge_scram": "scram-sha-256", "bridge_md5": "md5", "bridge_cleartext": "password"}
FAST_SETTINGS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=100"]


def binary_folders() -> list[str]:
    """Where distributions keep the server's programs, newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    return [str(folder) for folder in reversed(found)]


def access_rules() -> str:
    """pg_hba.conf: each password user by its own method, the rest trusted; loopback and Unix sockets only."""
    lines: list[str] = []
    for user, method in PASSWORD_USERS.items():
        lines += [f"local all {user} {method}", f"host all {user} 127.0.0.1/32 {method}"]
    return "\n".join([*lines, "local all bridge trust", "host all bridge 127.0.0.1/32 trust", ""])


def setup_statements() -> list[str]:
    """Makes the password users, each stored in the form its method needs."""
    stored_as = {"md5": "md5"}
    statements: list[str] = []
    for user, method in PASSWORD_USERS.items():
        statements.append(f"set password_encryption = '{stored_as.get(method, 'scram-sha-256')}'")
        statements.append(f"create role {user} login password '{PASSWORD}'")
        statements.append(f"grant all on schema public to {user}")
    return statements


def launch(instance: Instance, *, tls: bool) -> Launched:
    """Makes a cluster from nothing and starts it."""
    folders = binary_folders()
    initdb, server = find_program("initdb", *folders), find_program("postgres", *folders)
    instance.prepare_folder()
    storage = instance.folder / "cluster"
    instance.run(
        [initdb, "-D", str(storage), "-U", "bridge", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"]
    )
    (storage / "pg_hba.conf").write_text(access_rules(), encoding="ascii")
    single = [server, "--single", "-D", str(storage), "-c", "fsync=off", "postgres"]
    instance.run(single, given="\n".join(setup_statements()) + "\n")

    port = free_port()
    settings = [*FAST_SETTINGS, "listen_addresses=127.0.0.1", f"unix_socket_directories={instance.folder}"]
    assignments = describe(instance, port)
    if tls:
        certificates = make_certificates(instance)
        settings += ["ssl=on", f"ssl_cert_file={certificates.server}", f"ssl_key_file={certificates.key}"]
        assignments["BRIDGE_POSTGRES_ROOT_CERTIFICATE"] = str(certificates.root)
        certificates.root.chmod(0o644)
    options = [word for setting in settings for word in ("-c", setting)]
    process = instance.spawn([server, "-D", str(storage), "-p", str(port), *options])
    instance.await_port(process, port)
    await_ready(instance, find_program("psql", *folders), port)
    return Launched(process.pid, assignments, signal.SIGINT)  # SIGINT: fast shutdown, sessions are ended


def describe(instance: Instance, port: int) -> dict[str, str]:
    """The addresses the tests use."""
    return {
        "BRIDGE_POSTGRES_URL": f"postgresql://bridge@127.0.0.1:{port}/postgres",
        "BRIDGE_POSTGRES_UNIX_URL": f"postgresql://bridge@/postgres?host={instance.folder}&port={port}",
        "BRIDGE_POSTGRES_PORT": str(port),
        "BRIDGE_POSTGRES_PASSWORD": PASSWORD,
    }


def await_ready(instance: Instance, psql: str, port: int) -> None:
    """The port opens before the server answers; asks until it does."""
    command = [
        psql,
        "-h",
        str(instance.folder),
        "-p",
        str(port),
        "-U",
        "bridge",
        "-d",
        "postgres",
        "-Atc",
        "select 1",
    ]
    attempts = 100
    for attempt in range(attempts):
        try:
            if instance.run(command).strip() == "1":
                return
        except ServerError:
            if attempt == attempts - 1:
                raise
        time.sleep(POLL_SECONDS)
