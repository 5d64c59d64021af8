"""Private PostgreSQL servers: one trusted user, and one user for each way of proving a password."""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass
from pathlib import Path

from .certificates import make_certificates
from .debian_tree import DebianTree
from .instance import POLL_SECONDS, Instance, Launched, ServerError, find_program, free_port

PASSWORD = "bridge-canary-password"  # noqa: S105 - opens nothing but this server
PASSWORD_USERS = {
    "bridge_scram": "scram-sha-256",
    "bridge_changing": "scram-sha-256",  # whose password a test may change
    "bridge_md5": "md5",
    "bridge_cleartext": "password",
}
# May do everything, and proves its password: by SCRAM, with channel binding where TLS runs.
SCRAM_OWNER = "bridge_owner"
FAST_SETTINGS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=100"]


@dataclass(frozen=True)
class Generation:
    """One PostgreSQL to test against: the system's own, or one unpacked from another Debian suite."""

    prefix: str  # of the variables that tell tests its addresses
    tree: DebianTree | None = None

    def program_folders(self) -> list[str]:
        """Where its programs are."""
        return [str(self.tree.ensure())] if self.tree else system_folders()


def unpacked(version: int, suite: str, *, brings_libc: bool = True) -> Generation:
    """A generation that some Debian suite has."""
    package, programs = f"postgresql-{version}", f"usr/lib/postgresql/{version}/bin"
    tree = DebianTree(f"postgres{version}", suite, package, programs, brings_libc=brings_libc)
    return Generation(f"BRIDGE_POSTGRES{version}", tree)


# No suite has 14 or 16.
GENERATIONS = {
    "postgres": Generation("BRIDGE_POSTGRES"),
    "postgres13": unpacked(13, "bullseye", brings_libc=False),
    "postgres17": unpacked(17, "trixie"),
    "postgres18": unpacked(18, "sid"),
}


def system_folders() -> list[str]:
    """Where distributions keep the server's programs, newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    return [str(folder) for folder in reversed(found)]


def access_rules() -> str:
    """pg_hba.conf: each password user by its own method, the rest trusted; loopback and Unix sockets only."""
    lines: list[str] = []
    for user, method in (*PASSWORD_USERS.items(), (SCRAM_OWNER, "scram-sha-256")):
        lines += [f"local all {user} {method}", f"host all {user} 127.0.0.1/32 {method}"]
    for database in ("all", "replication"):
        lines += [f"local {database} bridge trust", f"host {database} bridge 127.0.0.1/32 trust"]
    return "\n".join([*lines, ""])


def setup_statements() -> list[str]:
    """Makes the password users, each stored in the form its method needs."""
    stored_as = {"md5": "md5"}
    statements: list[str] = []
    for user, method in PASSWORD_USERS.items():
        statements.append(f"set password_encryption = '{stored_as.get(method, 'scram-sha-256')}'")
        statements.append(f"create role {user} login password '{PASSWORD}'")
        statements.append(f"grant all on schema public to {user}")
    statements.append("set password_encryption = 'scram-sha-256'")
    statements.append(f"create role {SCRAM_OWNER} superuser login password '{PASSWORD}'")
    return statements


def launch(instance: Instance, *, tls: bool) -> Launched:
    """Makes a cluster from nothing and starts it."""
    return launch_generation(instance, GENERATIONS[instance.name], (), tls=tls)


def launch_generation(
    instance: Instance, generation: Generation, template: tuple[str, ...], *, tls: bool
) -> Launched:
    """The same for any generation, whose databases all have what the statements of the template make."""
    folders = generation.program_folders()
    initdb, server = find_program("initdb", *folders), find_program("postgres", *folders)
    instance.prepare_folder()
    storage = instance.folder / "cluster"
    instance.run(
        [initdb, "-D", str(storage), "-U", "bridge", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"]
    )
    (storage / "pg_hba.conf").write_text(access_rules(), encoding="ascii")
    single = [server, "--single", "-D", str(storage), "-c", "fsync=off"]
    instance.run([*single, "postgres"], given="\n".join(setup_statements()) + "\n")
    for database in ("template1", "postgres") if template else ():
        instance.run([*single, database], given="\n".join(template) + "\n")

    settings = list(FAST_SETTINGS)
    assignments: dict[str, str] = {}
    if tls:
        certificates = make_certificates(instance)
        settings += ["ssl=on", f"ssl_cert_file={certificates.server}", f"ssl_key_file={certificates.key}"]
        assignments[f"{generation.prefix}_ROOT_CERTIFICATE"] = str(certificates.root)
        certificates.root.chmod(0o644)
    return serve(instance, generation, Cluster(storage, settings, assignments))


@dataclass(frozen=True)
class Cluster:
    """A folder of a server's files, ready to be served."""

    storage: Path
    settings: list[str]
    assignments: dict[str, str]


def serve(instance: Instance, generation: Generation, cluster: Cluster) -> Launched:
    """Starts the server process on a cluster; answers once it takes statements."""
    folders = generation.program_folders()
    port = free_port()
    settings = [
        *cluster.settings,
        "listen_addresses=127.0.0.1",
        f"unix_socket_directories={instance.folder}",
    ]
    options = [word for setting in settings for word in ("-c", setting)]
    server = find_program("postgres", *folders)
    process = instance.spawn([server, "-D", str(cluster.storage), "-p", str(port), *options])
    instance.await_port(process, port)
    version = await_version(instance, find_program("psql", *folders), port)
    assignments = {**describe(instance, generation.prefix, port), **cluster.assignments}
    assignments[f"{generation.prefix}_VERSION"] = version
    return Launched(process.pid, assignments, signal.SIGINT)  # SIGINT: fast shutdown, sessions are ended


def describe(instance: Instance, prefix: str, port: int) -> dict[str, str]:
    """The addresses the tests use."""
    return {
        f"{prefix}_URL": f"postgresql://bridge@127.0.0.1:{port}/postgres",
        f"{prefix}_UNIX_URL": f"postgresql://bridge@/postgres?host={instance.folder}&port={port}",
        f"{prefix}_PORT": str(port),
        f"{prefix}_PASSWORD": PASSWORD,
    }


def await_version(instance: Instance, psql: str, port: int) -> str:
    """The port opens before the server answers; asks until it does and says which version it is."""
    address = ["-h", str(instance.folder), "-p", str(port), "-U", "bridge", "-d", "postgres"]
    command = [psql, *address, "-Atc", "show server_version"]
    attempts = 100
    for _ in range(attempts):
        try:
            return instance.run(command).split()[0]
        except ServerError:
            time.sleep(POLL_SECONDS)
    return instance.run(command).split()[0]
