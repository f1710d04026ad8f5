# SPDX-License-Identifier: Apache-2.0
"""Whoever writes on a server dies by kill -9 at any moment, in its first instant too, and is
started again at once. Each victim remembers what it was told is safe, and judges what is there
afterwards."""

import math
import subprocess
import threading
import time

from support.programs import Process, program
from support.receipts import acknowledged, judge_journal, judge_ledger, read_receipts
from support.records import registry_rows

SHORTEST_S, LONGEST_S = 0.004, 0.5  # of a life
ROUTER_SHORTEST_S, ROUTER_LONGEST_S = 0.05, 4  # it has something to tell once a second


def draw_life_s(draw, shortest_s=SHORTEST_S, longest_s=LONGEST_S):
    """As many lives of 10 ms as of 100."""
    return math.exp(draw.uniform(math.log(shortest_s), math.log(longest_s)))


class Part:
    """A process of the server: ingest, or ledger with its exporter."""

    def __init__(self, server, name):
        self.server, self.name = server, name

    def strike(self, _draw):
        self.server.kill(self.name)
        self.server.launch(self.name)

    def judge(self):
        """Of its own it keeps nothing: the agents say what must be there."""


class Changer:
    """People at the command line, whose commands die half-way more often than not. Each enters one
    exclusion, to be known by its note."""

    def __init__(self, server, link):
        self.server, self.link = server, link
        self.tried, self.told = 0, set()
        began = time.monotonic()
        self.enter(None)
        self.takes_s = time.monotonic() - began

    def command(self, note):
        server, day = self.server, 1 + self.tried % 28
        return [program("pantau", server.build), "exclusion", "add", "--link", str(self.link),
                "--reason", "maintenance", "--from", f"2026-01-{day:02}",
                "--to", f"2026-01-{day:02}T12:00:00Z", "--by", "Petugas", "--note", note,
                "--state", str(server.state), "--config", str(server.config)]

    def strike(self, draw):
        self.enter(draw.uniform(0.1, 1.5) * self.takes_s)

    def enter(self, timeout_s):
        self.tried += 1
        note = f"uji {self.tried}"
        popen = subprocess.Popen(self.command(note), stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            _, said = popen.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            popen.kill()
            _, said = popen.communicate()
        assert popen.returncode in (0, -9), said.decode()
        if popen.returncode == 0:
            self.told.add(note)

    def judge(self):
        state = self.server.state
        found = [note for note, in registry_rows(
            state, "SELECT note FROM exclusion WHERE value = ?", str(self.link))]
        assert len(found) == len(set(found)) <= self.tried, "a change was made twice"
        assert self.told <= set(found), "a change that was reported done is not there"
        logged = registry_rows(state, "SELECT count(*) FROM change WHERE table_name = 'exclusion'")
        assert logged == [(len(found),)], "a change without its line in the log"
        assert registry_rows(state, "PRAGMA integrity_check") == [("ok",)]


class Swarm:
    """Simulated agents, each over a link of its own, with a ledger of what they were told. Made
    before other links are."""

    def __init__(self, server, count):
        self.folder = server.folder / "swarm"
        self.receipts = server.folder / "receipts"
        for _ in range(count):
            server.add_contract(server.add_link())
        table = server.pantau("agent", "issue", "--every-link", "--out", self.folder, "--from",
                              "2026-01-01")
        (self.folder / "agents.csv").write_text(table)
        self.command = [program("pantau-swarm", server.build), "--agents", str(self.folder),
                        "--collector", f"{server.address}:{server.port}", "--since", "10m",
                        "--slot-s", "1", "--round-s", "1", "--ledger", str(self.receipts)]
        self.process = None

    def start(self):
        self.process = Process(self.command, self.folder.parent / "swarm.log")

    def end(self):
        """Dies as the others do; what it was told is in its file."""
        assert self.process.alive(), self.process.text()
        self.process.kill()
        self.process.close()

    def judge(self, state):
        """Each record that a line of its file names. The agents it is about."""
        told = read_receipts(self.receipts)
        assert judge_journal(state, told) == []
        assert judge_ledger(state, told) == []
        agents = acknowledged(told)
        assert sum(map(len, agents.values())) > 100, "hardly anything was reported"
        return list(agents)


class KilledRouter(threading.Thread):
    """A real agent with a life of its own, and so many deaths."""

    def __init__(self, router, agent, draw, deaths):
        super().__init__(daemon=True)
        self.router, self.agent, self.draw, self.deaths = router, agent, draw, deaths
        self.acked = 0

    def run(self):
        for _ in range(self.deaths):
            time.sleep(draw_life_s(self.draw, ROUTER_SHORTEST_S, ROUTER_LONGEST_S))
            self.router.agent.kill()
            self.was_acked(self.router.status().get("acknowledged", 0))
            self.router.start()

    def was_acked(self, count):
        """In one life: what WELCOME says is safe is told to each life anew, so no sum is made."""
        self.acked = max(self.acked, count)

    def settle(self):
        """Alive, and nothing left to tell."""
        status = self.router.wait_status(
            lambda status: status["acknowledged"] > 3 and status["waiting"] == 0,
            "all is acknowledged", 60)
        self.router.agent.stop()
        assert status["dropped"] == 0, "a record was given up"
        self.was_acked(status["acknowledged"])

    def judge(self, kept):
        """Of each run, what it recorded from its first on: none is missing in between."""
        runs = {}
        for run, sequence, _ in kept:
            runs.setdefault(run, []).append(sequence)
        for run, found in runs.items():
            assert sorted(found) == list(range(1, len(found) + 1)), f"run {run}"
        assert sum(map(len, runs.values())) >= self.acked > 0
