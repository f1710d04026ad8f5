# SPDX-License-Identifier: Apache-2.0
"""The demonstration province: set up in seconds, its history counted as it was lived, said to be
invented wherever it is seen; and, in the long run, by the one command that people type."""

import csv
import re
import subprocess
import sys
import time

import pytest

from support.programs import LONG, RELEASE, ROOT, free_port, program, wait_for
from support.server import Server

FOLDER = ROOT / "deploy" / "quickstart"
DESA = 1038
HISTORY_S = 1200
SETUP_S = 60  # of a busy machine; it takes five


def province(*words):
    return subprocess.run([sys.executable, FOLDER / "province.py", *map(str, words)],
                          capture_output=True, text=True, timeout=60, check=True).stdout


@pytest.fixture(name="demo", scope="module")
def fixture_demo(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("demo") / "server", build=RELEASE)
    server.begins = int(time.time()) - HISTORY_S
    began = time.monotonic()
    province(server.folder, server.begins)
    server.pantau("init", "--no-admin")
    server.pantau("region", "import", *sorted((FOLDER / "province").glob("*.csv")))
    server.pantau("link", "import", server.folder / "links.csv")
    server.pantau("contract", "import", server.folder / "contracts.csv")
    server.agents = server.folder / "agents"
    table = server.pantau("agent", "issue", "--every-link", "--out", server.agents, "--from",
                          f"@{server.begins}")
    (server.folder / "table.csv").write_text(table)
    server.missing = province("--agents", server.folder / "table.csv",
                              server.agents / "agents.csv").split()
    server.setup_s = time.monotonic() - began
    yield server
    server.close()


def test_every_desa_has_its_link(demo):
    assert demo.setup_s < SETUP_S
    with open(demo.agents / "agents.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == DESA == len({row["desa"] for row in rows})
    assert len({row["provider"] for row in rows}) == 7
    assert 50 < sum(row["mains"] == "no" for row in rows) < 120
    assert 0 < len(demo.missing) < 20
    with open(demo.folder / "links.csv", newline="", encoding="utf-8") as file:
        places = [(float(row["lat"]), float(row["lon"])) for row in csv.DictReader(file)]
    assert all(-2.7 < lat < 2.9 and 113.8 < lon < 119.1 for lat, lon in places)
    assert len(set(places)) == DESA


def test_the_same_province_comes_again(demo, tmp_path):
    province(tmp_path, demo.begins)
    for name in ("links.csv", "contracts.csv"):
        assert (tmp_path / name).read_bytes() == (demo.folder / name).read_bytes()


def test_what_it_lives_is_what_is_counted(demo):
    demo.start("ingest", "ledger")
    done = subprocess.run(
        [program("pantau-swarm", RELEASE), "--agents", demo.agents, "--collector",
         f"{demo.address}:{demo.port}", "--since", f"{HISTORY_S}s", "--for", "1", "--scenario",
         FOLDER / "demo.scenario", "--memory", demo.folder / "memory"],
        capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    acked = int(re.search(r"(\d+) acknowledged", done.stdout)[1])
    assert acked > DESA * HISTORY_S / 60 * 0.8
    assert demo.status_of("ingest")["records"] == acked
    wait_for(lambda: demo.status_of("ingest")["ledger"]["lag_records"] == 0, "it is counted", 60)
    assert demo.status_of("ledger")["conflicts"] == demo.status_of("ledger")["rejected"] == 0
    month = time.strftime("%Y-%m", time.gmtime(demo.begins + 8 * 3600))
    assert len(demo.sla(month)) == DESA


@pytest.mark.skipif(not LONG, reason="builds, and lives three days twice: PANTAU_LONG")
def test_one_command_shows_it_and_goes_on_later(tmp_path):
    words = [ROOT / "quickstart", "--demo", "--once", "--state", tmp_path / "state",
             "--port", str(free_port()), "--web-port", str(free_port())]
    slots = []
    for _ in range(2):
        done = subprocess.run(words, capture_output=True, text=True, timeout=1800, check=False)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        assert "SIMULATION" in done.stdout and "0 rejected" in done.stdout
        slots.append(int(re.findall(r"(\d+) slots, \d+ records", done.stdout)[-1]))
    assert "SIMULASI" in (tmp_path / "state/pantau.conf").read_text()
    assert "Goes on where it stopped" in done.stdout
    assert slots[0] > 4000000 > 100000 > slots[1] > 1000  # only the time in between
