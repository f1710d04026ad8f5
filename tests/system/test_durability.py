# SPDX-License-Identifier: Apache-2.0
"""What was acknowledged is there, once, whatever died in between."""

import os
import random
import threading
import time

import pytest

from support import records
from support.enter import wait_in_ledger
from support.programs import LONG, wait_for
from support.kept import kept_records, same_record
from support.records import ledger_rows, pb
from support.reporter import Lost, Refused, Reporter

BEGINS_S = int(time.time()) - 20 * 86400
BOOT = b"D" * 16
KILLS = 150 if LONG else 14


class Agent(threading.Thread):
    """Reports without an end, over as many connections as it takes."""

    def __init__(self, server, issued, seed):
        super().__init__(daemon=True)
        self.server, self.issued, self.draw = server, issued, random.Random(seed)
        self.nonce, self.made = seed + 1, {}
        self.acked = 0
        self.too_high = None
        self.over = threading.Event()
        self.factory = records.SlotFactory()

    def record(self, sequence):
        if sequence == 1:
            return records.start(BOOT, 0, self.nonce)
        if sequence == 2:
            return records.anchor(BOOT, 0, BEGINS_S * 1000000)
        lost = sequence % 7
        return self.factory.record(BOOT, sequence * 60000000, 60, 6, 6, min(lost, 6), "provider")

    def run(self):
        while not self.over.is_set():
            try:
                with Reporter(self.server, self.issued, timeout_s=5) as reporter:
                    self.session(reporter)
            except (Lost, Refused, TimeoutError):
                time.sleep(0.05)

    def session(self, reporter):
        welcome = reporter.hello((1, self.nonce, 1, len(self.made)))
        at = welcome.durable[0].up_to
        if at > len(self.made):
            self.too_high = (at, len(self.made))
        while not self.over.is_set():
            count = self.draw.choice((1, 1, 3, 40))
            batch = []
            for sequence in range(at + 1, at + 1 + count):
                batch.append((sequence, self.made.setdefault(sequence, self.record(sequence))))
            reporter.report(1, batch)
            at += count
            reporter.await_ack(1, at, self.on_ack)
            time.sleep(self.draw.choice((0, 0.01, 0.05)))

    def on_ack(self, run, up_to):
        if up_to > len(self.made):
            self.too_high = (up_to, len(self.made))
        self.acked = max(self.acked, up_to)


def assert_all_there(server, agent):
    """Every acknowledged record stands in the ledger once, as it was sent."""
    found = {}
    for run, sequence, record in kept_records(server.state, agent.issued.agent):
        assert (run, sequence) not in found, "twice"
        found[run, sequence] = record
    for sequence in range(1, agent.acked + 1):
        assert (1, sequence) in found, f"{sequence} of {agent.acked}"
        assert same_record(found[1, sequence], agent.made[sequence]), \
            f"{sequence} of {agent.acked}"
    assert ledger_rows(server.state, "SELECT count(*) FROM conflict") == [(0,)]


@pytest.mark.parametrize("victim", ["ingest", "ledger", "both"])
def test_kill_9_at_random(running, victim):
    draw = random.Random(victim)
    agents = [Agent(running, running.issue(running.link, f"agent{i}"), i) for i in range(4)]
    for agent in agents:
        agent.start()
    for _ in range(KILLS):
        time.sleep(draw.uniform(0.05, 0.6))
        name = victim if victim != "both" else draw.choice(("ingest", "ledger"))
        running.kill(name)
        running.start(name)
    time.sleep(0.5)
    for agent in agents:
        agent.over.set()
    for agent in agents:
        agent.join(20)
        assert agent.too_high is None
        assert agent.acked > 50, "hardly anything was reported"
    for agent in agents:
        wait_for(lambda one=agent: ledger_rows(
            running.state, "SELECT coalesce(sum(slots), 0) FROM agent_run WHERE agent = ?",
            one.issued.agent)[0][0] >= one.acked - 2, "the ledger has read it all", 60)
        assert_all_there(running, agent)


def test_ordinary_restart_loses_and_doubles_nothing(running):
    agent = Agent(running, running.issue(running.link), 9)
    agent.start()
    for _ in range(3):
        time.sleep(0.5)
        running.stop("ingest", "ledger")
        running.start()
    time.sleep(0.5)
    agent.over.set()
    agent.join(20)
    assert agent.acked > 20
    wait_in_ledger(running, agent.issued.agent, agent.acked)
    assert_all_there(running, agent)


def test_ledger_away_does_not_delay_agents(running):
    issued = running.issue(running.link)
    running.kill("ledger")
    with Reporter(running, issued) as reporter:
        reporter.hello((1, 1, 1, 3))
        began = time.monotonic()
        reporter.deliver(1, [(1, records.start(BOOT, 0, 1))])
        assert time.monotonic() - began < 2
    assert running.run("status").returncode == 1, "status must not call this healthy"
    running.start("ledger")
    wait_in_ledger(running, issued.agent, 1)
    assert running.run("status").returncode == 0


def test_a_session_that_a_newer_one_replaced_ends(running):
    issued = running.issue(running.link)
    first = Reporter(running, issued)
    first.hello((1, 1, 1, 1))
    with Reporter(running, issued) as second:
        second.hello((1, 1, 1, 1))
        with pytest.raises(Refused) as caught:
            first.receive()
        assert caught.value.code == pb.REFUSE_REPLACED
        second.deliver(1, [(1, records.start(BOOT, 0, 1))])


def test_only_one_process_writes_a_journal(running):
    from support.programs import Process, program
    second = Process([program("pantau-collector"), "ingest", "--state", str(running.state),
                      "--config", str(running.config)], running.folder / "second.log")
    try:
        assert second.popen.wait(20) != 0
        assert os.path.basename("journal") in second.text()
    finally:
        second.close()
