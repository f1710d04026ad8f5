# SPDX-License-Identifier: Apache-2.0
"""What was acknowledged is there, once, whatever died in between."""

import os
import random
import shutil
import time

import pytest

from support import records
from support.enter import wait_in_ledger
from support.kept import kept_records
from support.killed import Changer, KilledRouter, Part, Swarm, draw_life_s
from support.points import Points
from support.programs import LONG, RELEASE, wait_for
from support.records import pb
from support.reporter import Refused, Reporter
from support.router import Router
from support.server import Server
from support.steady import SteadyAgent, assert_all_there

BOOT = b"D" * 16
ROUNDS = range(10) if LONG else range(1)
KILLS = 2000 if LONG else 200  # of a round
AGENTS = 4
DROPS = 7  # of so many requests the time-series store answers one not at all


@pytest.fixture
def points():
    made = Points(DROPS)
    yield made
    made.close()


class Crowd:
    """Whoever reports to a server, each over a link of its own."""

    def __init__(self, server, folder, draw, deaths):
        self.swarm = Swarm(server, AGENTS)
        self.links = [server.add_link() for _ in range(AGENTS + 1)]
        for link in self.links:
            server.add_contract(link)
        issued = [server.issue(link, f"agent{link}") for link in self.links]
        self.steady = [SteadyAgent(server, one, seed) for seed, one in enumerate(issued[1:])]
        router = Router(folder / "router", server, issued[0])
        self.router = KilledRouter(router.start(), issued[0].agent, draw, deaths)

    def start(self):
        for one in (*self.steady, self.router, self.swarm):
            one.start()

    def end(self):
        self.swarm.end()
        for one in self.steady:
            one.over.set()
        for one in (*self.steady, self.router):
            one.join(60)
        self.router.settle()

    def close(self):
        self.router.router.agent.kill()
        if self.swarm.process:
            self.swarm.process.close()

    def judge(self, server):
        """Each record that was acknowledged, the same content, once, and counted once."""
        told = 0
        for one in self.steady:
            assert one.too_high is None
            assert one.acked > 50, "hardly anything was reported"
            told += assert_all_there(server, one)
        kept = kept_records(server.state, self.router.agent)
        self.router.judge(kept)
        told += len(kept)
        for agent in self.swarm.judge(server.state):
            told += len(kept_records(server.state, agent))
        counted = records.ledger_rows(server.state, "SELECT sum(records) FROM agent_run")
        assert counted == [(told,)], "records are counted otherwise than kept"


def wait_taken(server):
    wait_for(lambda: (server.status_of("ingest").get("ledger") or {}).get("lag_records") == 0,
             "the ledger has read the journal", 120)


def wait_exported(server):
    wait_for(lambda: server.status_of("ledger").get("outbox") == 0, "all is exported", 120)


def figures(server, now_s):
    """Of all months that the agents' records may lie in."""
    def text(days, form):
        return time.strftime(form, time.gmtime(now_s + days * 86400))
    months = sorted({text(days, "%Y-%m") for days in range(-25, 40, 5)})
    return [server.pantau("sla", "--month", month, "--as-of", text(40, "%Y-%m-%d"), "--format",
                          "csv") for month in months]


def assert_as_undisturbed(server, folder, points):
    """A ledger that nobody disturbs makes the same of the same journal."""
    calm = Server(folder, build=server.build)
    shutil.copytree(server.state, calm.state, ignore=shutil.ignore_patterns(
        "ledger.*", "*.sock"))
    wanted = Points()
    calm.configure(wanted.settings)
    try:
        calm.start("ledger")
        count, = records.ledger_rows(server.state, "SELECT sum(records) FROM agent_run")
        wait_for(lambda: records.ledger_rows(
            calm.state, "SELECT sum(records) FROM agent_run") == [count], "it has read it all", 120)
        wait_exported(calm)
        now_s = time.time()
        assert figures(server, now_s) == figures(calm, now_s)
        assert points.points == wanted.points
        assert len(points.points) > 100
    finally:
        calm.close()
        wanted.close()


@pytest.mark.parametrize("number", ROUNDS)
def test_kill_9_at_random(tmp_path, points, number):
    draw = random.Random(number)
    server = Server(tmp_path / "server", build=RELEASE, settings=points.settings).init()
    deaths = KILLS // 20
    crowd = Crowd(server, tmp_path, draw, deaths)
    changer = Changer(server, crowd.links[0])
    victims = [Part(server, "ingest"), Part(server, "ledger"), changer]
    try:
        server.start()
        crowd.start()
        for _ in range(KILLS - deaths):
            time.sleep(draw_life_s(draw))
            draw.choices(victims, (4, 3, 2))[0].strike(draw)
        for name in ("ingest", "ledger"):
            server.wait_ready(name)
        crowd.end()
        wait_taken(server)
        wait_exported(server)
        crowd.judge(server)
        changer.judge()
        assert_as_undisturbed(server, tmp_path / "calm", points)
    finally:
        crowd.close()
        server.close()


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
