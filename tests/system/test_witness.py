# SPDX-License-Identifier: Apache-2.0
"""What the collector sees by itself, from a real connection to the tables; and a provider that
treats the test server better than the rest, from real records to the command and the API."""

import json
import time

import pytest

from support import records
from support.browser import Browser
from support.enter import wait_in_ledger
from support.programs import wait_for
from support.records import pb
from support.reporter import Reporter
from support.server import Server
from system.test_page_link import add_user

PASSWORD = "sandi-untuk-uji-coba"
JUJUR, LANCANG = "Penyedia Jujur", "Penyedia Lancang"
LINKS = 8  # of each: fewer are not compared
SLOTS = 120
BOOT = b"W" * 16
TEST_SERVER = b"\x7f\x00\x00\x01"


# Noon in WITA of a day that has been over for long enough to be looked at, whenever this runs.
NOON_S = (int(time.time()) + 8 * 3600) // 86400 * 86400 - 8 * 3600 - 43200 - 86400


def slot(number, test_us, rest_us):
    """Beside the first question of every tenth slot the test server is asked."""
    made = records.make_slot(60000, 6, 6, 0, rtt_us=rest_us, boot=BOOT)
    made.start_us = number * 60000000
    if number % 10 == 0:
        made.targets.add(address=TEST_SERVER, port=8620, **{"class": pb.CLASS_INTERNET})
        made.probes.add(offset_ms=0, target=len(made.targets) - 1, kind=pb.PROBE_STAMP, round=0,
                        outcome=pb.OUTCOME_ANSWERED, rtt_us=test_us)
        made.probes.sort(key=lambda probe: (probe.round, probe.offset_ms))
    return pb.Record(slot=made).SerializeToString()


def report(server, issued, test_us, rest_us):
    told = [records.start(BOOT, 0, 5), records.anchor(BOOT, 0, NOON_S * 1000000)]
    told += [slot(number, test_us, rest_us) for number in range(SLOTS)]
    reporter = Reporter(server, issued)
    reporter.hello((1, 5, 1, len(told)))
    reporter.deliver(1, list(enumerate(told, 1)))
    return reporter


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("witness") / "server").init()
    issued = []
    for provider in (JUJUR, LANCANG):
        for number in range(LINKS):
            link = server.add_link(provider=provider)
            issued.append(server.issue(link, f"{provider[-5:]}-{number}"))
    add_user(server, "kepala", "admin")
    server.start("ingest", "ledger", "web")
    wait_for(lambda: server.status_of("ingest")["agents_known"] >= len(issued), "agents", 10)
    still_there = None
    for number, one in enumerate(issued):
        shaped = number >= LINKS
        reporter = report(server, one, 21000 if shaped else 41000,
                          (91000 if shaped else 50000) + number * 100)
        if still_there:
            reporter.socket.close()
        still_there = still_there or reporter
    for one in issued:
        wait_in_ledger(server, one.agent, SLOTS + 2)
    server.first = issued[0].agent
    yield server
    still_there.socket.close()
    server.close()


def targets(server):
    month = time.strftime("%Y-%m", time.gmtime(NOON_S + 8 * 3600))
    return json.loads(server.pantau("targets", "--month", month, "--format", "json")), month


def test_a_connection_is_looked_at(site):
    """By the kernel's own figures; what the agent sends has no part in it."""
    seen = wait_for(lambda: records.ledger_rows(
        site.state, "SELECT wan, looks, min_rtt_us, own FROM seen_day WHERE agent = ?",
        site.first), "a sighting", 30)
    (wan, looks, min_rtt_us, own), = seen
    assert looks >= 1
    assert 0 < min_rtt_us < 1000000
    assert own == TEST_SERVER
    # it stands in the journal beside records, and is no record: nothing was rejected
    assert not any(site.status_of("ingest")["rejected"].values())


def test_who_treats_the_test_server_better_is_named(site):
    def both():
        rows, _ = targets(site)
        return rows if sum(row["links"] for row in rows) == 2 * LINKS else None
    rows = {row["provider"]: row for row in wait_for(both, "the day's pairs", 60)}
    assert rows[JUJUR]["better"] is None
    assert "rtt" in rows[LANCANG]["better"]
    assert rows[LANCANG]["pairs"] == LINKS * SLOTS // 10
    assert rows[LANCANG]["rtt_gain_us"] > 60000
    assert rows[LANCANG]["others_rtt_gain_us"] < 12000
    assert rows[LANCANG]["rtt_chance_ppm"] < 1000
    text = site.pantau("targets", "--month", targets(site)[1])
    assert "lebih baik: RTT" in text and "tidak berbeda" in text


def test_the_api_says_the_same(site):
    browser = Browser(site.web_port)
    assert browser.log_in("kepala", PASSWORD).status == 200
    rows, month = targets(site)
    answer = browser.ask(f"/api/v1/targets?month={month}")
    assert answer.status == 200
    assert answer.json()["rows"] == rows
    assert browser.ask("/api/v1/targets?month=2026").status == 400


def test_an_honest_day_raises_no_flag(site):
    assert records.ledger_rows(site.state, "SELECT * FROM flag") == []
