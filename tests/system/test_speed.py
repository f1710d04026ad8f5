# SPDX-License-Identifier: Apache-2.0
"""Speed tests on their way from an agent to the month's row: medians over the tests that were done
in time that counts, a verdict by the contract that was in force, and never a second of downtime."""

import random
import re
from itertools import count

import pytest

from support import records
from support.enter import wait_in_ledger
from support.programs import RELEASE, SANITIZED
from support.records import pb
from support.reporter import Reporter
from support.server import Server
from support.site import text_of

MONTH, BEGIN, END = "2026-03", 1772294400, 1774972800  # WITA
BOOT, DAY = b"speed" + bytes(11), 86400
CHANGE = BEGIN + 10 * DAY


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path / "server", build=RELEASE).init()
    server.link = server.add_link()
    yield server.start()
    server.close()


def speed(at, down=0, up=0, outcome=pb.SPEED_DONE, reason=0, **fields):
    test = pb.Speed(boot=BOOT, start_us=(at - BEGIN) * 1000000, wan="wan", outcome=outcome,
                    reason=reason, server="speed.example", **fields)
    if down:
        test.down.CopyFrom(pb.SpeedRun(kbps=down, bytes=down * 500, duration_ms=4000))
    if up:
        test.up.CopyFrom(pb.SpeedRun(kbps=up, bytes=up * 500, duration_ms=4000))
    return pb.Record(speed=test).SerializeToString()


def deliver(server, told, seed=0):
    """Everything that the router says, twice and in any order with a seed."""
    issued = server.issue(server.link, f"agent-{seed}", "2026-01-01")
    numbered = list(enumerate([records.anchor(BOOT, 0, BEGIN * 1000000), *told], 1))
    with Reporter(server, issued) as reporter:
        reporter.hello((1, 99, 1, len(numbered)))
        if seed:
            draw = random.Random(seed)
            for record in draw.sample(numbered + numbered, 2 * len(numbered)):
                reporter.report(1, [record])
            assert reporter.rest() == {}
        else:
            assert reporter.deliver(1, numbered) == {}
    wait_in_ledger(server, issued.agent, len(numbered))


def contract(server, start, end=None, words=()):
    until = ["--to", text_of(end)] if end else []
    server.add_contract(server.link, text_of(start), words=[*until, *words])


def rows(server):
    return server.sla(MONTH, "--link", server.link, "--as-of", text_of(END))


def verdicts(server):
    """The words of the table for people, contract by contract."""
    lines = server.pantau("sla", "--month", MONTH, "--link", server.link,
                          "--as-of", text_of(END)).splitlines()
    at, word = lines[0].index("Kecepatan"), re.compile("(?:TIDAK )?MEMENUHI|DATA TIDAK CUKUP|")
    return [word.match(line[at:]).group() for line in lines[1:] if line.lstrip()[:1].isdigit()]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_medians_and_verdicts_by_the_contract_in_force(server, seed):
    terms = ("--set", "speed=80:90:10:5")
    contract(server, BEGIN - DAY, CHANGE, terms)  # 20 down, 5 up
    server.pantau("contract", "add", "--link", server.link, "--from", text_of(CHANGE),
                  "--mbps-down", 30, "--mbps-up", 5, "--fee", 1200000, "--target", "99.5",
                  "--formula", "excess", *terms)
    step = DAY // 2
    first = [speed(BEGIN + number * step, 16000 + number, 4000) for number in range(20)]
    second = [speed(CHANGE + number * step, 16000 + number, 4000) for number in range(20)]
    deliver(server, first + second, seed)
    one, two = rows(server)
    assert (one["down_median_kbps"], one["up_median_kbps"], one["speed_tests"]) == (
        "16009", "4000", "20")
    assert (two["down_median_kbps"], two["speed_tests"]) == ("16009", "20")
    assert verdicts(server) == ["MEMENUHI", "TIDAK MEMENUHI"]
    group, = server.sla(MONTH, "--by", "provider", "--as-of", text_of(END))
    assert (group["down_median_kbps"], group["speed_tests"]) == ("16009", "40")


def test_a_speed_test_is_no_second_of_the_sla(server):
    contract(server, BEGIN)
    before = rows(server)
    deliver(server, [speed(BEGIN + DAY, 100, 100)])
    after = rows(server)
    speedy = {"down_median_kbps": "100", "up_median_kbps": "100", "speed_tests": "1"}
    assert after == [{**row, **speedy} for row in before]
    assert verdicts(server) == [""]


def test_skipped_and_failed_ones_are_kept_and_not_counted(server):
    contract(server, BEGIN, words=("--set", "speed=80:90:2"))
    told = [speed(BEGIN + 100, outcome=pb.SPEED_SKIPPED, reason=pb.SPEED_REASON_BUSY,
                  other_rx_bytes=10**9),
            speed(BEGIN + 200, down=7, outcome=pb.SPEED_FAILED, reason=pb.SPEED_REASON_TIMEOUT),
            speed(BEGIN + 300, outcome=pb.SPEED_SKIPPED, reason=pb.SPEED_REASON_BUDGET),
            speed(BEGIN + 400, 19000)]
    deliver(server, told)
    row, = rows(server)
    assert (row["down_median_kbps"], row["up_median_kbps"], row["speed_tests"]) == (
        "19000", "", "1")
    assert verdicts(server) == ["DATA TIDAK CUKUP"]
    kept = records.ledger_rows(server.state, "SELECT record FROM sample ORDER BY start_us")
    assert [record for record, in kept] == told


def test_only_time_that_counts_is_judged(server):
    contract(server, BEGIN, words=("--set", "speed=50:100:2", "--set",
                                   "service-hours=08:00-16:00"))
    server.pantau("exclusion", "add", "--link", server.link, "--reason", "force-majeure",
                  "--from", text_of(BEGIN + 3 * DAY), "--to", text_of(BEGIN + 4 * DAY), "--by",
                  "Pejabat Satu", "--note", "banjir")
    noon = 12 * 3600
    deliver(server, [speed(BEGIN + noon, 20000), speed(BEGIN + DAY + noon, 10000),
                     speed(BEGIN + 60, 5), speed(BEGIN + 3 * DAY + noon, 5),
                     speed(BEGIN + 2 * DAY + noon, 15000)])
    row, = rows(server)
    assert (row["speed_tests"], row["down_median_kbps"]) == ("3", "15000")
    assert verdicts(server) == ["MEMENUHI"]


def test_what_no_record_can_say_is_rejected_by_its_number(tmp_path):
    server = Server(tmp_path / "server", build=SANITIZED).init()
    server.link = server.add_link()
    try:
        server.start()
        issued = server.issue(server.link)
        numbers = count(1)
        told = [(next(numbers), record) for record in (
            records.anchor(BOOT, 0, BEGIN * 1000000),
            speed(BEGIN + 1),  # done, without a figure
            speed(BEGIN + 2, 5, reason=pb.SPEED_REASON_BUSY),
            speed(BEGIN + 3, outcome=9, reason=1),
            speed(BEGIN + 4, 5))]
        with Reporter(server, issued) as reporter:
            reporter.hello((1, 99, 1, len(told)))
            rejected = reporter.deliver(1, told)
        assert {number: one.code for number, one in rejected.items()} == {
            2: pb.REJECT_INVALID, 3: pb.REJECT_INVALID, 4: pb.REJECT_UNSUPPORTED}
        assert "speed.outcome = 9" in rejected[4].text
        wait_in_ledger(server, issued.agent, 5)
    finally:
        server.close()


def test_a_closed_month_keeps_the_verdict(server, tmp_path):
    contract(server, BEGIN, words=("--set", "speed=80:90:2"))
    deliver(server, [speed(BEGIN + DAY, 20000, 5000), speed(BEGIN + 2 * DAY, 20000, 5000)])
    server.pantau("close", "--month", MONTH)
    closed = server.pantau("sla", "--month", MONTH, "--link", server.link)
    assert "final" in closed
    assert re.search(r"DATA TIDAK CUKUP +MEMENUHI", closed)
    issued = tmp_path / "month.txt"
    issued.write_text(server.pantau("close", "--month", MONTH, "--print"))
    assert "speed_verdict" in issued.read_text()
    server.pantau("verify", issued)


def test_a_late_speed_test_revises_a_closed_month(server):
    contract(server, BEGIN, words=("--set", "speed=80:90:2"))
    deliver(server, [speed(BEGIN + DAY, 20000)])
    server.pantau("close", "--month", MONTH)
    issued = server.issue(server.link, "late", "2026-01-01")
    told = [records.anchor(BOOT, 0, BEGIN * 1000000), speed(BEGIN + 2 * DAY, 3000)]
    with Reporter(server, issued) as reporter:
        reporter.hello((1, 7, 1, 2))
        assert reporter.deliver(1, list(enumerate(told, 1))) == {}
    wait_in_ledger(server, issued.agent, 2)
    server.pantau("close", "--month", MONTH)
    text = server.pantau("close", "--month", MONTH, "--print")
    assert "Revisi ke-1" in text
    assert re.search(r"rows.*down_median_kbps.*20000.*3000", text)
