# SPDX-License-Identifier: Apache-2.0
"""Simulated agents in trouble: what they say was acknowledged is in the journal and in the ledger,
once; and the ledger finds what the scenario did to them, when it did it, whenever it was told."""

import csv
import io
import re
import subprocess
import time
from datetime import datetime, timedelta, timezone

import pytest

from support.kept import kept
from support.programs import SANITIZED, Process, program, wait_for
from support.receipts import acknowledged, judge_journal, judge_ledger, read_receipts
from support.server import Server

AGENTS = 6
KINDS = ("fibre", "4g", "vsat", "starlink", "wireless", "fibre")
WINDOW_S = 60
TROUBLE = """
# when whom what for
1    1    outage  3
1.5  2    cable   2
1    3    offline 4    # comes late
2    4    power   2
6    all  rebind
"""
HISTORY = """
profile vsat loss_pct=0 evening_loss_pct=0   # chance has no part in this
profile 4g loss_pct=0 evening_loss_pct=0
-80m  1                access    10m
-60m  2                cable     5m
-70m  3                power     6m
-50m  kind=vsat        provider  8m
-60m  link=4           upstream  10m
-20m  4                offline   1203   # until 3 s after the start: all of it comes late
-10m  4                cpe       4m
-75m  5                power     5m     # and then nobody tells it the time:
-75m  5                clock     30m    off=-3d
-60m  5                access    5m     # its slots wait for an anchor
2     6                rebind
"""
OUTAGES = {  # link: (cause, minutes before the start, minutes long)
    1: [("access", 80, 10)], 2: [], 3: [("provider", 50, 8)],
    4: [("upstream", 60, 10), ("cpe", 10, 4)], 5: [("access", 60, 5)], 6: [],
}
UNKNOWN = {2: ("n_local", 300), 3: ("n_power", 360), 5: ("n_power", 300)}
START_SLACK_S = 2  # a slot, and whole seconds
END_SLACK_S = 9  # a round that is asked again is answered by a link that is back


def arguments(server, *words, scenario="", seconds=2):
    path = server.folder / "scenario"
    path.write_text(scenario)
    return [program("pantau-swarm", SANITIZED), "--agents", str(server.folder / "agents"),
            "--collector", f"{server.address}:{server.port}", "--for", str(seconds),
            "--slot-s", "1", "--round-s", "1", "--scenario", str(path),
            "--ledger", str(server.folder / "receipts"), *map(str, words)]


def swarm(server, *words, **options):
    return subprocess.run(arguments(server, *words, **options), capture_output=True, text=True,
                          timeout=120, check=False)


def figures(done):
    """{"records": 12, "acknowledged": 12, ...} of the summary."""
    return {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", done.stdout)}


def receipts(server):
    return read_receipts(server.folder / "receipts")


def wait_ledger(server):
    wait_for(lambda: (server.status_of("ingest").get("ledger") or {}).get("lag_records") == 0,
             "the ledger has it", 60)


@pytest.fixture(name="server")
def fixture_server(tmp_path):
    server = Server(tmp_path / "server").init()
    begins = datetime.now(timezone.utc) - timedelta(hours=2)
    folder = server.folder / "agents"
    for kind in KINDS:
        link = server.add_link(kind=kind, zone="WITA")
        server.add_contract(link, begins.strftime("%FT%TZ"), words=(
            "--window", WINDOW_S, "--bridge", 15))
    table = server.pantau("agent", "issue", "--every-link", "--out", folder, "--from",
                          begins.strftime("%FT%TZ"))
    (folder / "agents.csv").write_text(table)
    server.table = list(csv.DictReader(io.StringIO(table)))
    yield server
    server.close()


def test_what_was_acknowledged_is_there_once(server):
    server.start("ingest", "ledger")
    done = swarm(server, scenario=TROUBLE, seconds=9)
    assert done.returncode == 0, done.stdout + done.stderr
    said = figures(done)
    assert said["sessions"] >= AGENTS + 4 + AGENTS  # the beginning, an own trouble, the rebinding
    assert said["records"] == said["acknowledged"]
    wait_ledger(server)
    told = receipts(server)
    assert sum(len(keys) for keys in acknowledged(told).values()) == said["acknowledged"]
    assert judge_journal(server.state, told) == []
    assert judge_ledger(server.state, told) == []
    ledger = server.status_of("ledger")
    assert ledger["conflicts"] == ledger["rejected"] == ledger["unplaced"] == 0


def test_a_collector_that_is_killed_has_what_it_acknowledged(server):
    server.start("ingest", "ledger")
    swarming = Process(arguments(server, "--since", "15m", seconds=5), server.folder / "swarm.log")
    for _ in range(5):
        time.sleep(0.6)
        server.kill("ingest")
        server.start("ingest")
    try:
        # Those that fell into a pause wait for up to half a minute before they try again.
        wait_for(lambda: not swarming.alive(), "the swarm has told it all", 90)
    finally:
        swarming.close()
    wait_ledger(server)
    told = receipts(server)
    assert sum(len(keys) for keys in acknowledged(told).values()) > AGENTS * 15 * 60
    assert judge_journal(server.state, told) == []
    assert judge_ledger(server.state, told) == []


def test_history_is_lived_as_fast_as_it_goes_and_found_as_it_was(server):
    server.start("ingest", "ledger")
    memory = server.folder / "memory"
    done = swarm(server, "--since", "85m", "--memory", memory, scenario=HISTORY, seconds=4)
    assert done.returncode == 0, done.stdout + done.stderr
    assert figures(done)["slots"] > AGENTS * 70 * 60
    wait_ledger(server)
    assert judge_journal(server.state, receipts(server)) == []
    assert server.status_of("ledger")["unplaced"] == 0
    start_s = int(memory.read_text().split()[1]) / 1e6
    assert_outages(server, start_s)
    for link, (cause, seconds) in UNKNOWN.items():
        row = month_rows(server, "sla", start_s, "--link", link)[0]
        assert abs(int(row[cause]) - seconds) <= END_SLACK_S, (link, row)


def month_rows(server, command, start_s, *words):
    """Of the month, or of both where the history began in the one before."""
    rows = []
    for moment in sorted({month_of(start_s - 7200), month_of(start_s)}):
        rows += server.rows(command, "--month", moment, *words)
    return rows


def month_of(utc_s):
    return datetime.fromtimestamp(utc_s + 8 * 3600, timezone.utc).strftime("%Y-%m")


def utc(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp()


def assert_outages(server, start_s):
    for link, wanted in OUTAGES.items():
        rows = month_rows(server, "outages", start_s, "--link", link)
        found = sorted({(row["start"], row["end"], row["cause"]) for row in rows})
        wanted = sorted((start_s - 60 * before, 60 * minutes, cause)
                        for cause, before, minutes in wanted)
        assert [cause for *_, cause in found] == [cause for *_, cause in wanted], (link, found)
        for (began, ended, _), (truth_s, long_s, _) in zip(found, wanted):
            assert abs(utc(began) - truth_s) <= START_SLACK_S, (link, found)
            assert -END_SLACK_S <= utc(ended) - (truth_s + long_s) <= START_SLACK_S, (link, found)


def test_a_later_swarm_goes_on_where_the_last_one_stopped(server):
    server.start("ingest", "ledger")
    words = ("--since", "5m", "--memory", server.folder / "memory")
    for _ in range(2):
        done = swarm(server, *words, seconds=1)
        assert done.returncode == 0, done.stdout + done.stderr
        time.sleep(2)
    wait_ledger(server)
    assert server.status_of("ledger")["conflicts"] == 0
    for row in server.table:
        slots = kept(server.state, "slots", row["link"])
        assert len({slot["run"] for slot in slots}) == 2
        assert slots[-1]["to_s"] - slots[0]["from_s"] > 5 * 60
        assert all(a["to_s"] == b["from_s"] for a, b in zip(slots, slots[1:]))


@pytest.mark.parametrize("line, words", [
    ("10 all flood 3", "flood: must be outage, cable"),
    ("ten all rebind", "ten: must be seconds"),
    ("10 3-1 rebind", "3-1: must be all, N or N-M"),
    ("10 all outage", "nothing: must be for how many seconds"),
    ("10 all rebind 5", "5: is too much"),
])
def test_a_wrong_line_is_named(tmp_path, line, words):
    path = tmp_path / "scenario"
    path.write_text(f"# first\n{line}\n")
    done = subprocess.run([program("pantau-swarm", SANITIZED), "--agents", str(tmp_path),
                           "--scenario", str(path)], capture_output=True, text=True, timeout=60,
                          check=False)
    assert done.returncode != 0
    assert f"scenario:2: {words}" in done.stderr


def test_a_scenario_of_others_is_refused(server):
    """A folder is no scenario; nor is what is to happen to agents that there are not."""
    words = arguments(server, scenario="seed 1\n1 1-99 outage 1\n")
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    agents = len(KINDS)
    assert f"scenario:2: 1-99: there are {agents} agents, from 1 to {agents}" in done.stderr
    words[words.index("--scenario") + 1] = str(server.folder)
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert f"{server.folder}: Is a directory" in done.stderr
