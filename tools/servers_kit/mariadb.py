"""Private MariaDB servers, and one user for each way of proving a password."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from pathlib import Path

from .certificates import make_certificates
from .debian_tree import DebianTree
from .instance import Instance, Launched, free_port
from .mysql_family import PASSWORD, Server, await_version, describe

FILES = "files"  # folder of the tables
SYSTEM_TABLES = (
    "mariadb_system_tables",
    "mariadb_performance_tables",
    "mariadb_system_tables_data",
    "maria_add_gis_sp_bootstrap",
    "mariadb_sys_schema",
)
OLD_SYSTEM_TABLES = (
    "mysql_system_tables",
    "mysql_performance_tables",
    "mysql_system_tables_data",
    "maria_add_gis_sp_bootstrap",
    "mysql_sys_schema",
)
# Users by the plugin that proves their password; those a server lacks are left out.
PASSWORD_USERS = {
    "bridge_native": "mysql_native_password",
    "bridge_ed25519": "ed25519",
    "bridge_parsec": "parsec",
}


@dataclass(frozen=True)
class Generation:
    """One MariaDB to test against, unpacked from a Debian suite."""

    prefix: str  # of the variables that tell tests its addresses
    tree: DebianTree
    has_parsec: bool


def unpacked(name: str, suite: str, *, has_parsec: bool, brings_libc: bool = True) -> Generation:
    """A generation that some Debian suite has."""
    tree = DebianTree(name, suite, "mariadb-server", "usr/sbin", brings_libc=brings_libc)
    return Generation(f"BRIDGE_{name.upper()}", tree, has_parsec)


GENERATIONS = {
    "mariadb": unpacked("mariadb", "trixie", has_parsec=True),
    "mariadb1011": unpacked("mariadb1011", "bookworm", has_parsec=False, brings_libc=False),
}


def launch(instance: Instance, *, tls: bool) -> Launched:
    """Makes a server's files from nothing and starts it."""
    generation = GENERATIONS[instance.name]
    programs = generation.tree.ensure()
    root = programs.parents[1]
    instance.prepare_folder()
    instance.run(["mkdir", str(instance.folder / FILES)])
    server = Server(str(programs / "mariadbd"), place_options(instance, root))
    instance.run([*server.command(), "--bootstrap", "--skip-grant-tables"], given=bootstrap_text(root))
    options = [
        f"--plugin-load-add=auth_{plugin}" for plugin in ("ed25519", "parsec")[: 1 + generation.has_parsec]
    ]
    assignments: dict[str, str] = {}
    if tls:
        certificates = make_certificates(instance)
        options += [f"--ssl-cert={certificates.server}", f"--ssl-key={certificates.key}"]
        assignments[f"{generation.prefix}_ROOT_CERTIFICATE"] = str(certificates.root)
        certificates.root.chmod(0o644)
    setup = instance.folder / "setup.sql"
    setup.write_text(";\n".join([*setup_statements(generation), ""]), encoding="ascii")
    port = free_port()
    process = instance.spawn(
        [*server.command(), *options, *server.listening(instance, port), f"--init-file={setup}"]
    )
    instance.await_port(process, port)
    version = await_version(instance, port)
    assignments |= describe(instance, generation.prefix, "mariadb", port)
    assignments[f"{generation.prefix}_VERSION"] = version
    return Launched(process.pid, assignments, signal.SIGTERM)


def place_options(instance: Instance, root: Path) -> list[str]:
    """Where the tree keeps what the server needs, and where it may write."""
    share = root / "usr/share/mariadb"
    if not share.exists():
        share = root / "usr/share/mysql"
    return [
        f"--basedir={root / 'usr'}",
        f"--datadir={instance.folder / FILES}",
        f"--plugin-dir={root / 'usr/lib/mysql/plugin'}",
        f"--lc-messages-dir={share}",
        f"--character-sets-dir={share / 'charsets'}",
        f"--tmpdir={instance.folder}",
    ]


def bootstrap_text(root: Path) -> str:
    """The statements that make the system's tables, one a line as the bootstrap reads them."""
    share, names = root / "usr/share/mariadb", SYSTEM_TABLES
    if not (share / f"{names[0]}.sql").exists():
        share, names = root / "usr/share/mysql", OLD_SYSTEM_TABLES
    parts = [(share / f"{name}.sql").read_text(encoding="utf-8") for name in names]
    return "\n".join(["create database mysql;", "use mysql;", *parts, ""])


def setup_statements(generation: Generation) -> list[str]:
    """Makes the trusted user and those with passwords, each with the form its method needs."""
    statements = [
        "create database bridge character set utf8mb4",
        "create user bridge identified via mysql_native_password using ''",
        "grant all on *.* to bridge with grant option",
    ]
    for user, plugin in PASSWORD_USERS.items():
        if plugin == "parsec" and not generation.has_parsec:
            continue
        statements.append(f"create user {user} identified via {plugin} using password('{PASSWORD}')")
        statements.append(f"grant all on bridge.* to {user}")
    return statements
