"""A private PgBouncer in transaction mode before the private PostgreSQL, which must run already."""

from __future__ import annotations

import signal

from .instance import Instance, Launched, ServerError, find_program, free_port


def launch(instance: Instance, *, tls: bool) -> Launched:
    """Starts the pooler with room for two server connections."""
    if tls:
        raise ServerError("pgbouncer is started without TLS; leave --tls out")
    upstream = Instance("postgres")
    if not upstream.is_running():
        raise ServerError("start postgres first")
    program = find_program("pgbouncer", "/usr/sbin")
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
                "ignore_startup_parameters = extra_float_digits,IntervalStyle",
                "unix_socket_dir =",
                "",
            ]
        ),
        encoding="ascii",
    )
    process = instance.spawn([program, str(instance.folder / "pgbouncer.ini")])
    instance.await_port(process, port)
    url = f"postgresql://bridge@127.0.0.1:{port}/postgres"
    return Launched(process.pid, {"BRIDGE_PGBOUNCER_URL": url}, signal.SIGINT)
