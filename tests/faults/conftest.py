"""The server that a test may kill."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tools.servers_kit.instance import Instance

from .mortal import MortalServer


@pytest.fixture
def server(postgres_server_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MortalServer]:
    """A PostgreSQL of this test's own, where the shared one runs."""
    assert postgres_server_url, "where the shared server runs, one of our own can"
    folder = (
        Path(tempfile.gettempdir()) / f"bridge-mortal-{os.getpid()}"
    )  # pytest's own are too long for sockets
    monkeypatch.setenv("BRIDGE_SERVERS_FOLDER", str(folder))
    mortal = MortalServer(Instance("postgres"))
    yield mortal
    mortal.kill()
    shutil.rmtree(folder)
