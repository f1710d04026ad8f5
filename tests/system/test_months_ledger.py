# SPDX-License-Identifier: Apache-2.0
"""Simulated months through the real ledger: its tables say of each cause as many seconds as the
pure judge does, whose every second was compared with the truth; and its outages begin and end with
the true ones, as the probes saw them within a round."""

import re
import subprocess
from datetime import datetime, timezone

import pytest

from support.programs import LONG, RELEASE, wait_for
from support.server import Server

MONTHS = RELEASE / "tests/sim/month/months"
SEEDS = range(1, 61) if LONG else (1, 2, 3, 5, 8)  # outages, innocent, wild
DAYS_END = "2026-01-30T16:00:00Z"  # 30 days of WITA's January
UNKNOWN = ("power", "restart", "agent", "dropped", "clock", "local", "disputed", "edge", "silent")
DOWN = ("local", "cpe", "access", "provider", "upstream")
SLACK_S = 4  # the probe timeout, and whole seconds


@pytest.fixture(scope="module")
def collector(tmp_path_factory):
    """Each month is another link and agent; all of them are in one journal."""
    server = Server(tmp_path_factory.mktemp("months") / "server", build=RELEASE).init()
    server.said, server.told, links, end = {}, {}, {}, None
    for seed in SEEDS:
        link = server.add_link(zone="WITA")
        server.add_contract(link)
        issued = server.issue(link, f"agent-{seed}", words=["--wan", "wan"])
        done = subprocess.run([MONTHS, "--seed", str(seed), "--agent", str(issued.agent),
                               "--journal", server.state / "journal"],
                              capture_output=True, text=True, check=True)
        links[seed] = link
        server.said[seed], server.told[seed] = seconds(done.stdout), done.stdout
        end = re.search(r"^end (\d+ \d+)$", done.stdout, re.M)[1]
    server.links = links
    server.start("ledger")
    cursor = server.state / "journal/ledger.cursor"
    wait_for(lambda: cursor.exists() and cursor.read_text().strip() == end, "the ledger has it",
             60 * len(SEEDS))
    yield server
    server.close()


def seconds(text):
    """{"U": .., "N power": .., ...} of what the program printed."""
    said = {}
    for words, number in re.findall(r"^(U|[DN] \w+): (\d+)$", text, re.M):
        said[words] = said.get(words, 0) + int(number)
    return said


@pytest.mark.parametrize("seed", SEEDS)
def test_tables_say_what_the_judge_says(collector, seed):
    rows = collector.sla("2026-01", "--link", collector.links[seed], "--as-of", DAYS_END)
    assert len(rows) == 1
    said = {"U": int(rows[0]["u"])}
    said.update({f"N {cause}": int(rows[0][f"n_{cause}"]) for cause in UNKNOWN})
    said.update({f"D {cause}": int(rows[0][f"d_{cause}"]) for cause in DOWN})
    assert {words: number for words, number in said.items() if number} == collector.said[seed]
    assert sum(said.values()) == 30 * 86400


def seconds_of(text):
    """UTC seconds of 2026-01-31T16:00:00Z."""
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    return moment.replace(tzinfo=timezone.utc).timestamp()


def test_outages_begin_and_end_within_a_round_of_the_truth(collector):
    checked = 0
    for seed, link in collector.links.items():
        round_s = int(re.search(r"^round (\d+)$", collector.told[seed], re.M)[1])
        rows = collector.rows("outages", "--month", "2026-01", "--link", link)
        seen = [(seconds_of(row["first_lost"]), seconds_of(row["first_answered"]))
                for row in rows if row["first_lost"] and row["first_answered"]]
        for found in re.findall(r"^outage (\d+) (\d+)$", collector.told[seed], re.M):
            begin, end = (int(number) / 1e6 for number in found)
            assert any(abs(first - begin) <= round_s + SLACK_S and
                       abs(last - end) <= round_s + SLACK_S for first, last in seen), \
                (seed, begin, end, seen)
            checked += 1
    assert checked >= 3 * len(SEEDS)
