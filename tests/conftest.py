# SPDX-License-Identifier: Apache-2.0
"""Fixtures for every test on real programs."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from support.server import Server  # noqa: E402


@pytest.fixture
def server(tmp_path):
    """A server with stores, regions and CA in place; nothing is started yet."""
    made = Server(tmp_path / "server").init()
    yield made
    made.close()


@pytest.fixture
def running(server):
    """The same with one link (server.link) under contract, and ingest and ledger running."""
    server.link = server.add_link()
    server.contract = server.add_contract(server.link)
    yield server.start()
