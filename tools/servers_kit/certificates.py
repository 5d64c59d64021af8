"""A certificate authority for one test server: a root, and a certificate for `localhost` and Neon's hosts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .instance import Instance, find_program
from .neon_front import DOMAIN

VALID_DAYS = "30"
PRIVATE_MODE = 0o600


@dataclass(frozen=True)
class Certificates:
    """PEM files. `127.0.0.1` is left out of the certificate's names: tests of a wrong host use it."""

    root: Path
    server: Path
    key: Path


def make_certificates(instance: Instance) -> Certificates:
    """Makes both anew in the instance's folder."""
    folder = instance.folder
    openssl = find_program("openssl")
    certificates = Certificates(folder / "root.pem", folder / "server.pem", folder / "server.key")
    request, root_key = folder / "server.csr", folder / "root.key"
    names = folder / "names.txt"
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    instance.run(
        [openssl, "req", "-x509", *new_key, "-keyout", str(root_key), "-out", str(certificates.root),
         "-days", VALID_DAYS, "-subj", "/CN=BridgeORM test root"]
    )  # fmt: skip
    instance.run(
        [
            openssl,
            "req",
            *new_key,
            "-keyout",
            str(certificates.key),
            "-out",
            str(request),
            "-subj",
            "/CN=localhost",
        ]
    )
    names.write_text(f"subjectAltName=DNS:localhost,DNS:*.{DOMAIN}\n", encoding="ascii")
    instance.run(
        [openssl, "x509", "-req", "-in", str(request), "-CA", str(certificates.root), "-CAkey", str(root_key),
         "-CAcreateserial", "-out", str(certificates.server), "-days", VALID_DAYS, "-extfile", str(names)]
    )  # fmt: skip
    certificates.key.chmod(PRIVATE_MODE)
    return certificates
