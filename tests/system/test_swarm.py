# SPDX-License-Identifier: Apache-2.0
"""Simulated agents in trouble: what they say was acknowledged is in the ledger, once."""

import re
import subprocess

import pytest

from support.programs import SANITIZED, program, wait_for
from support.server import Server

AGENTS = 4
TROUBLE = """
# when whom what for
3    1    outage  3
3.5  2    cable   2
4    3    offline 4    # comes late
5    4    power   3
9    all  rebind
"""


def swarm(server, scenario, seconds=14):
    path = server.folder / "scenario"
    path.write_text(scenario)
    return subprocess.run(
        [program("pantau-swarm", SANITIZED), "--agents", str(server.folder / "agents"),
         "--collector", f"{server.address}:{server.port}", "--for", str(seconds),
         "--slot-s", "1", "--round-s", "1", "--scenario", str(path)],
        capture_output=True, text=True, timeout=120)


@pytest.fixture(name="server")
def fixture_server(tmp_path):
    server = Server(tmp_path / "server").init()
    server.agents = [server.issue(server.add_link(), f"agents/a{i}").agent
                     for i in range(1, AGENTS + 1)]
    yield server
    server.close()


def test_what_was_acknowledged_is_in_the_ledger_once(server):
    server.start("ingest", "ledger")
    done = swarm(server, TROUBLE)
    assert done.returncode == 0, done.stdout + done.stderr
    sessions, records, acked, lost = (
        int(re.search(rf"(\d+) {word}", done.stdout)[1])
        for word in ("sessions", "records", "acknowledged", "lost"))
    assert sessions >= 3 * AGENTS  # the beginning, an own trouble, the rebinding
    assert records == acked + lost
    kept = server.status_of("ingest")["records"] - server.status_of("ingest")["duplicates"]
    assert acked <= kept <= records
    wait_for(lambda: server.status_of("ingest")["ledger"]["lag_records"] == 0,
             "the ledger has it", 30)
    ledger = server.status_of("ledger")
    assert ledger["conflicts"] == ledger["rejected"] == 0
    assert acked - 4 * AGENTS <= ledger["slots"] < kept  # the others: starts, stops, anchors


@pytest.mark.parametrize("line, words", [
    ("10 all flood 3", "flood: must be outage, cable, offline, rebind or power"),
    ("ten all rebind", "ten: must be seconds"),
    ("-1 all rebind", "-1: must be seconds"),
    ("10 3-1 rebind", "3-1: must be all, N or N-M"),
    ("10 0 rebind", "0: must be all, N or N-M"),
    ("10 all outage", "nothing: must be for how many seconds"),
    ("10 all rebind 5", "5: is too much"),
    ("10", "nothing: must be all, N or N-M"),
])
def test_a_wrong_line_is_named(server, line, words):
    done = swarm(server, f"# first\n{line}\n", 1)
    assert done.returncode != 0
    assert f"scenario:2: {words}" in done.stderr
