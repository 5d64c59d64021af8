"""A streaming replica of the private PostgreSQL, which must run already."""

from __future__ import annotations

from .instance import Instance, Launched, ServerError, find_program
from .postgres import FAST_SETTINGS, GENERATIONS, Cluster, Generation, serve

PRIMARY = "postgres"
REPLICA = Generation("BRIDGE_STANDBY")


def launch(instance: Instance, *, tls: bool) -> Launched:
    """Copies the primary and follows it."""
    if tls:
        raise ServerError("standby is started without TLS; leave --tls out")
    primary = Instance(PRIMARY)
    if not primary.is_running():
        raise ServerError("start postgres first")
    backup = find_program("pg_basebackup", *GENERATIONS[PRIMARY].program_folders())
    instance.prepare_folder()
    storage = instance.folder / "cluster"
    source = ["-h", "127.0.0.1", "-p", primary.assignments()["BRIDGE_POSTGRES_PORT"], "-U", "bridge"]
    # --write-recovery-conf makes it a standby of where it was copied from.
    instance.run(
        [backup, *source, "-D", str(storage), "--checkpoint=fast", "--no-sync", "--write-recovery-conf"]
    )
    return serve(instance, REPLICA, Cluster(storage, [*FAST_SETTINGS, "hot_standby=on"], {}))
