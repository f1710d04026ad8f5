# SPDX-License-Identifier: Apache-2.0
"""Everything runs for hours while something always goes wrong: connections end, the time-series
store refuses or hangs, webs die, people enter changes. Nothing grows, nothing is lost, and neither
sanitizers nor valgrind find anything. PANTAU_SOAK_S gives other seconds."""

import os
import random
import time

import pytest

from support.enter import wait_in_ledger
from support.points import Points
from support.programs import LONG, RELEASE, SANITIZED, THREADS, wait_for
from support.router import Router
from support.server import Server
from support.soak import Look, Trouble, Use, Watcher
from support.steady import SteadyAgent, assert_all_there

VALGRIND = ("valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full",
            "--errors-for-leak-kinds=definite")
# name, seconds, build, what the programs run under
CASES = [("addresses", 12, SANITIZED, ())]
if LONG:
    CASES = [("release", 7200, RELEASE, ()), ("addresses", 600, SANITIZED, ()),
             ("threads", 600, THREADS, ()), ("valgrind", 600, RELEASE, VALGRIND)]
# Caches fill; the web keeps the last thousand changes of the wall; an agent writes its spool to
# flash for the first time after ten minutes.
WARM_UP, WARM_UP_S = 1 / 3, 900
JUDGED_S = 2400  # nothing can be said of memory in less, nor of what a sanitizer takes
LIVE = SANITIZED / "tests" / "support" / "live" / "libpantau-live.so"
AGENTS = 8


class Restless(SteadyAgent):
    """Much at first, so that the databases outgrow their caches; then a report now and then."""

    hangs_up = 20

    def calm_down(self):
        self.counts, self.pauses_s = (1, 1, 2), (0.5, 1, 2)


@pytest.fixture
def points():
    made = Points(drops=50)
    yield made
    made.close()


class Village:
    def __init__(self, folder, points, build, under):
        self.server = Server(folder / "server", build=build, settings=points.settings).init()
        self.live = folder / "live" if build == RELEASE and not under else None
        if self.live:
            self.live.mkdir()
            under = ("env", f"LD_PRELOAD={LIVE}", f"PANTAU_LIVE={self.live}")
        self.server.under = under
        links = [self.server.add_link() for _ in range(AGENTS + 1)]
        for link in links:
            self.server.add_contract(link)
        self.server.start("ingest", "ledger", "web")
        issued = [self.server.issue(link, f"agent{link}") for link in links]
        self.agents = [Restless(self.server, one, seed) for seed, one in enumerate(issued[1:])]
        self.router = Router(folder / "router", self.server, issued[0])
        self.router.under = under if self.live else ()
        self.router.start()
        self.trouble = Trouble(self.server, points, links[0], 1)
        pids = {name: part.pid for name, part in self.server.parts.items()}
        self.watcher = Watcher(dict(pids, agent=self.router.agent.pid), self.live)

    def soak(self, soak_s):
        for thread in (*self.agents, self.watcher):
            thread.start()
        draw, began = random.Random(2), time.monotonic()
        while time.monotonic() - began < soak_s:
            # A process has found its size after some thousands of requests, not minutes.
            warm = time.monotonic() - began > warm_up_s(soak_s) * 3 / 4
            time.sleep(draw.uniform(0, 2 if warm and soak_s >= JUDGED_S else 0.2))
            self.trouble.step()
            if warm:
                for agent in self.agents:
                    agent.calm_down()
            else:
                self.trouble.browse_much()
            for name, part in self.server.parts.items():
                assert part.alive(), f"{name} ended:\n{part.text()[-3000:]}"
        self.watcher.over.set()
        self.watcher.join()

    def end(self):
        self.trouble.end()
        for agent in self.agents:
            agent.over.set()
        for agent in self.agents:
            agent.join(20)
        self.router.agent.stop()
        for agent in self.agents:
            wait_in_ledger(self.server, agent.issued.agent, agent.acked)
        wait_for(lambda: self.server.status_of("ledger").get("outbox") == 0, "all is exported", 300)
        for agent in self.agents:
            assert_all_there(self.server, agent)
        self.server.stop()

    def close(self):
        self.trouble.end()
        self.router.agent.kill()
        self.server.close()


def warm_up_s(soak_s):
    return max(WARM_UP * soak_s, min(WARM_UP_S, 0.75 * soak_s))


def judge(uses, soak_s):
    """What grew, in words."""
    grown = []
    for name, use in uses.items():
        if len(use.after(warm_up_s(soak_s))) < 60:  # five minutes
            continue
        said, grew = use.growth(name, warm_up_s(soak_s))
        print(said)
        if grew:
            grown.append(said)
    return grown


def use_of(heap_kib):
    """An hour of looks at a process whose heap goes up and down with its connections."""
    draw, use = random.Random(3), Use()
    for number in range(720):
        busy = draw.choice((0, 0, 0, 62, 165, 330))
        use.looks.append(Look(number * 5, 30, 4012 + 4 * (number > 500),
                              heap_kib(number * 5) + busy + draw.uniform(0, 0.2)))
    return use


def test_a_leak_of_a_few_bytes_a_report_is_seen():
    """Eight of them, of a report every ten seconds; what is steady is not blamed."""
    said, grew = use_of(lambda at_s: 1480).growth("steady", 900)
    assert not grew, said
    said, grew = use_of(lambda at_s: 1480 + at_s / 10 * 8 / 1024).growth("leaking", 900)
    assert grew, said


@pytest.mark.parametrize("name, soak_s, build, under", CASES, ids=[case[0] for case in CASES])
def test_nothing_grows(tmp_path, points, name, soak_s, build, under):
    soak_s = int(os.environ.get("PANTAU_SOAK_S", soak_s))
    village = Village(tmp_path, points, build, under)
    try:
        village.soak(soak_s)
        grown = judge(village.watcher.uses, soak_s)
        village.end()
    finally:
        village.close()
    if soak_s >= JUDGED_S and name == "release":
        assert not grown, "\n".join(grown)
