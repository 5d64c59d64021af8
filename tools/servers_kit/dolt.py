"""A private Dolt server: the MySQL protocol over tables that are kept under version control."""

from __future__ import annotations

import signal

from .certificates import make_certificates
from .go_program import GoProgram
from .instance import Instance, Launched, free_port
from .mysql_family import PASSWORD, describe

NAME = "dolt"
PREFIX = "BRIDGE_DOLT"
# The newest version that the Go module proxy has of it; `dolt version` calls it 1.86.4.
PROGRAM = GoProgram("dolt", "github.com/dolthub/dolt/go/cmd/dolt", "v0.40.5-0.20260424001550-011a27ff4303")
VERSION = "1.86.4"
FILES = "files"  # folder of the databases
# Commits need an author, and nothing may be asked of any other machine.
SETTINGS = {
    "user.name": "bridge",
    "user.email": "bridge@localhost",
    "metrics.disabled": "true",
    "versioncheck.disabled": "true",
}
PASSWORD_USERS = {"bridge_native": "mysql_native_password", "bridge_caching": "caching_sha2_password"}
CONFIGURATION = """\
log_level: warning
data_dir: {files}
listener:
  host: 127.0.0.1
  port: {port}
  socket: {socket}
"""
TLS_CONFIGURATION = """\
  tls_key: {key}
  tls_cert: {certificate}
"""


def launch(instance: Instance, *, tls: bool) -> Launched:
    """Makes a server's files from nothing and starts it."""
    program = str(PROGRAM.ensure())
    instance.prepare_folder()
    dolt = ["env", f"HOME={instance.folder}", program]  # where it looks for its settings
    instance.run(["mkdir", FILES])
    for name, value in SETTINGS.items():
        instance.run([*dolt, "config", "--global", "--add", name, value])
    instance.run([*dolt, "--data-dir", FILES, "sql"], given=";\n".join([*setup_statements(), ""]))
    port = free_port()
    configuration = CONFIGURATION.format(
        files=instance.folder / FILES, port=port, socket=instance.folder / "server.sock"
    )
    assignments = describe(instance, PREFIX, NAME, port) | {f"{PREFIX}_VERSION": VERSION}
    if tls:
        certificates = make_certificates(instance)
        configuration += TLS_CONFIGURATION.format(key=certificates.key, certificate=certificates.server)
        assignments[f"{PREFIX}_ROOT_CERTIFICATE"] = str(certificates.root)
        certificates.root.chmod(0o644)
    settings = instance.folder / "server.yaml"
    settings.write_text(configuration, encoding="ascii")
    process = instance.spawn([*dolt, "sql-server", "--config", str(settings)])
    instance.await_port(process, port)
    return Launched(process.pid, assignments, signal.SIGTERM)


def setup_statements() -> list[str]:
    """Makes the trusted user and those with passwords, each with the method it proves them by."""
    statements = [
        "create database bridge",
        "create user bridge identified with mysql_native_password by ''",
        "grant all on *.* to bridge with grant option",
    ]
    for user, plugin in PASSWORD_USERS.items():
        statements.append(f"create user {user} identified with {plugin} by '{PASSWORD}'")
        statements.append(f"grant all on bridge.* to {user}")
    return statements
