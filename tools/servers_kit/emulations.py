"""PostgreSQL servers that stand in for databases no package offers, with the functions they are asked for."""

from __future__ import annotations

from dataclasses import dataclass

from .instance import Instance, Launched
from .postgres import Generation, launch_generation

# One node that names itself.
YUGABYTE_SERVERS = """\
create function yb_servers() returns table (host text, port int, num_connections int, node_type text, \
cloud text, region text, zone text, public_ip text) language sql as \
$$ select '127.0.0.1', inet_server_port(), 0, 'primary', 'cloud', 'region', 'zone', '' $$"""
# Made of a sequence, from 1 on as the exam counts on, where the product makes it of time and node.
UNIQUE_ROWID = (
    "create sequence row_numbers",
    "create function unique_rowid() returns bigint language sql as $$ select nextval('row_numbers') $$",
)


@dataclass(frozen=True)
class Emulation:
    """What makes a PostgreSQL behave alike."""

    generation: Generation
    scheme: str
    options: str
    statements: tuple[str, ...]


EMULATIONS = {
    "yugabytedb": Emulation(Generation("BRIDGE_YUGABYTEDB"), "yugabytedb", "", (YUGABYTE_SERVERS,)),
    "cockroachdb": Emulation(
        Generation("BRIDGE_COCKROACHDB"), "cockroachdb", "?server_check=false", UNIQUE_ROWID
    ),
}


def launch(instance: Instance, *, tls: bool) -> Launched:
    """Starts the server; every database made on it has the functions."""
    emulation = EMULATIONS[instance.name]
    launched = launch_generation(instance, emulation.generation, emulation.statements, tls=tls)
    prefix, known = emulation.generation.prefix, launched.assignments
    owner = known[f"{prefix}_URL"]
    assignments = {
        f"{prefix}_URL": owner.replace("postgresql://", f"{emulation.scheme}://") + emulation.options,
        f"{prefix}_OWNER_URL": owner,
        f"{prefix}_VERSION": f"played by PostgreSQL {known[f'{prefix}_VERSION']}",
    }
    return Launched(launched.pid, assignments, launched.stop_signal)
