"""Every database can do exactly what its conformance.toml claims, and no exception from the exam is stale."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tools.closed_lists import rows_of

from bridgeorm import BreakerOptions, PoolOptions
from bridgeorm._engine import Engine, Host
from bridgeorm.options import engine_options

from .claims import DATABASES, Claims, all_claims

EXAM = Path(__file__).parent
CAPABILITIES = {
    name for _, name in rows_of(str(DATABASES.parents[0] / "sql" / "capabilities.h"), "BRIDGE_CAPABILITIES")
}


def capabilities_of(url: str) -> set[str]:
    """What the dialect behind a URL says; no server is asked."""
    host = Host(None)
    try:
        engine = Engine(url, host, engine_options(PoolOptions(), BreakerOptions()), None)
        found = {name for name in CAPABILITIES if engine.has_capability(name)}
        engine.close_now()
    finally:
        host.close()
    return found


@pytest.mark.parametrize("claims", all_claims(), ids=lambda claims: claims.database)
def test_a_dialect_has_what_its_database_claims(claims: Claims) -> None:
    assert claims.capabilities <= CAPABILITIES
    assert capabilities_of(claims.url) == claims.capabilities


@pytest.mark.parametrize("claims", all_claims(), ids=lambda claims: claims.database)
def test_every_exception_names_a_test_and_a_reason(claims: Claims) -> None:
    for place, reason in claims.exceptions.items():
        file, _, case = place.partition("::")
        name = case.partition("[")[0]  # one case alone may be excepted
        assert re.search(rf"^(async )?def {name}\(", (EXAM / file).read_text(encoding="utf-8"), re.MULTILINE)
        assert len(reason.split()) > 1, f"{place} has no reason"


def test_there_are_databases_to_compare() -> None:
    assert {"sqlite", "postgres"} <= {claims.database for claims in all_claims()}
