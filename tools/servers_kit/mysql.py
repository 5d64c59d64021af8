"""A private MySQL server, and one user for each way of proving a password."""

from __future__ import annotations

import signal

from .certificates import make_certificates
from .debian_tree import DebianTree
from .instance import Instance, Launched, free_port
from .mysql_family import PASSWORD, Server, await_version, describe

NAME = "mysql"
PREFIX = "BRIDGE_MYSQL"
TREE = DebianTree("mysql", "sid", "mysql-server", "usr/sbin")
# Nothing is made durable that a test throws away: half the time a table takes is waiting for the disk.
VOLATILE_SETTINGS = ["--innodb-flush-method=nosync", "--innodb-doublewrite=OFF", "--performance-schema=OFF"]
# What the keyspace `app` of a Vitess before this server stands in.
VITESS_DATABASE = "vt_app_0"
PASSWORD_USERS = {"bridge_caching": "caching_sha2_password", "bridge_sha256": "sha256_password"}


def launch(instance: Instance, *, tls: bool) -> Launched:
    """Makes a server's files from nothing and starts it."""
    programs = TREE.ensure()
    root = programs.parents[1]
    instance.prepare_folder()
    options = [
        f"--basedir={root / 'usr'}",
        f"--datadir={instance.folder / 'files'}",
        f"--plugin-dir={root / 'usr/lib/mysql/plugin'}",
        f"--lc-messages-dir={root / 'usr/share/mysql'}",
        f"--character-sets-dir={root / 'usr/share/mysql/charsets'}",
        f"--tmpdir={instance.folder}",
        "--secure-file-priv=NULL",  # the default folder is not there, which ends the server
    ]
    server = Server(str(programs / "mysqld"), options)
    instance.run([*server.command(), "--initialize-insecure"])
    own = ["--mysqlx=OFF", *VOLATILE_SETTINGS]
    assignments: dict[str, str] = {}
    if tls:
        certificates = make_certificates(instance)
        own += [f"--ssl-cert={certificates.server}", f"--ssl-key={certificates.key}"]
        assignments[f"{PREFIX}_ROOT_CERTIFICATE"] = str(certificates.root)
        certificates.root.chmod(0o644)
    setup = instance.folder / "setup.sql"
    setup.write_text(";\n".join([*setup_statements(), ""]), encoding="ascii")
    port = free_port()
    process = instance.spawn(
        [*server.command(), *own, *server.listening(instance, port), f"--init-file={setup}"]
    )
    instance.await_port(process, port)
    assignments |= describe(instance, PREFIX, "mysql", port)
    assignments[f"{PREFIX}_VERSION"] = await_version(instance, port)
    return Launched(process.pid, assignments, signal.SIGTERM)


def setup_statements() -> list[str]:
    """Makes the trusted user and those with passwords, each with the method it proves them by."""
    statements = [
        "create database bridge character set utf8mb4",
        f"create database {VITESS_DATABASE} character set utf8mb4",
        "create user bridge identified with caching_sha2_password by ''",
        "grant all on *.* to bridge with grant option",
    ]
    for user, plugin in PASSWORD_USERS.items():
        statements.append(f"create user {user} identified with {plugin} by '{PASSWORD}'")
        statements.append(f"grant all on bridge.* to {user}")
    return statements
