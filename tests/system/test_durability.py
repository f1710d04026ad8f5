# SPDX-License-Identifier: Apache-2.0
"""What was acknowledged is there, once, whatever died in between."""

import os
import random
import time

import pytest

from support import records
from support.enter import wait_in_ledger
from support.programs import LONG, wait_for
from support.records import pb
from support.reporter import Refused, Reporter
from support.steady import SteadyAgent, assert_all_there, wait_for_acknowledged

BOOT = b"D" * 16
KILLS = 150 if LONG else 14


@pytest.mark.parametrize("victim", ["ingest", "ledger", "both"])
def test_kill_9_at_random(running, victim):
    draw = random.Random(victim)
    agents = [SteadyAgent(running, running.issue(running.link, f"agent{i}"), i) for i in range(4)]
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
        wait_for_acknowledged(running, agent)
        assert_all_there(running, agent)


def test_ordinary_restart_loses_and_doubles_nothing(running):
    agent = SteadyAgent(running, running.issue(running.link), 9)
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
