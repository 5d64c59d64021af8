"""Private PgBouncers in transaction mode before a private PostgreSQL, which must run already."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from .debian_tree import DebianTree
from .instance import Instance, Launched, ServerError, find_program, free_port


@dataclass(frozen=True)
class Pooler:
    """One PgBouncer to test against: the system's own, or the newest of Debian."""

    prefix: str
    settings: tuple[str, ...] = ()
    tree: DebianTree | None = None


POOLERS = {
    # 1.18 refuses the session parameters it does not track.
    "pgbouncer": Pooler(
        "BRIDGE_PGBOUNCER", ("ignore_startup_parameters = extra_float_digits,IntervalStyle",)
    ),
    "pgbouncer_newest": Pooler(
        "BRIDGE_PGBOUNCER_NEWEST",
        ("max_prepared_statements = 200",),
        DebianTree("pgbouncer_newest", "sid", "pgbouncer", "usr/sbin"),
    ),
}


def launch(instance: Instance, *, tls: bool) -> Launched:
    """Starts the pooler with room for two server connections a database."""
    upstream = Instance("postgres")
    if not upstream.is_running():
        raise ServerError("start postgres first")
    pooler = POOLERS[instance.name]
    certified = tls_settings(upstream) if tls else ()
    program = find_program("pgbouncer", str(pooler.tree.ensure()) if pooler.tree else "/usr/sbin")
    instance.prepare_folder()
    port = free_port()
    (instance.folder / "users.txt").write_text('"bridge" ""\n', encoding="ascii")
    (instance.folder / "pgbouncer.ini").write_text(
        "\n".join(
            [
                "[databases]",
                f"* = host=127.0.0.1 port={upstream.assignments()['BRIDGE_POSTGRES_PORT']}",
                "[pgbouncer]",
                "listen_addr = 127.0.0.1",
                f"listen_port = {port}",
                "auth_type = trust",
                f"auth_file = {instance.folder}/users.txt",
                "pool_mode = transaction",
                "default_pool_size = 2",
                *pooler.settings,
                *certified,
                "unix_socket_dir =",
                "",
            ]
        ),
        encoding="ascii",
    )
    version = instance.run([program, "--version"]).split()[1]
    process = instance.spawn([program, str(instance.folder / "pgbouncer.ini")])
    instance.await_port(process, port)
    url = f"postgresql://bridge@127.0.0.1:{port}/postgres"
    assignments = {
        f"{pooler.prefix}_URL": url,
        f"{pooler.prefix}_VERSION": version,
        f"{pooler.prefix}_PORT": str(port),
    }
    if tls:
        assignments[f"{pooler.prefix}_TLS"] = "on"
    return Launched(process.pid, assignments, signal.SIGINT)


def tls_settings(upstream: Instance) -> tuple[str, ...]:
    """TLS for who asks for it, with the server's own certificate."""
    certificate = upstream.folder / "server.pem"
    if not certificate.exists():
        raise ServerError("start postgres --tls first")
    return (
        "client_tls_sslmode = allow",
        f"client_tls_cert_file = {certificate}",
        f"client_tls_key_file = {certificate.with_suffix('.key')}",
    )
