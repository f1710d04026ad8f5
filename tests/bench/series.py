# SPDX-License-Identifier: Apache-2.0
"""The exporter beside a bare libcurl writer of the same lines, both into VictoriaMetrics, in turns:
an outbox that a week of an invented province filled while the store was away. In each turn also a
bare writer that spends as much CPU on its lines as the exporter did: the most that this machine
gives it."""

import json
import os
import shutil
import signal
import statistics
import subprocess
import time
from pathlib import Path

from figures import say, spread
from ledger import invent
from stores import Victoria
from support.points import Points
from support.programs import RELEASE, wait_for
from support.server import Server

LINKS, DAYS, LINES = 20, 7, 5000
BARE_US = 0.1  # of CPU, which the bare writer takes to send a line


def process_s(pid):
    """CPU of all its threads: also the one that trims the outbox."""
    return sum(int((task / "schedstat").read_text().split()[0])
               for task in Path(f"/proc/{pid}/task").iterdir()) / 1e9


def rests(pid):
    used = process_s(pid)
    time.sleep(0.5)
    return process_s(pid) - used < 0.01


def export_of(server):
    return server.status_of("ledger")["export"]


class Taken(Points):
    """Keeps what it is sent as it came: the bare writer sends the same lines in the same order."""

    def __init__(self, path):
        self.file = path.open("w", encoding="utf-8")
        super().__init__()

    def store(self, text):
        with self.lock:
            self.file.write(text)
        return True

    def close(self):
        super().close()
        self.file.close()


class Week:
    """A ledger whose outbox holds all of it, kept in `folder`, and what it sends as a file."""

    def __init__(self, folder):
        self.folder, self.full = folder, folder / "full"
        self.full.mkdir(parents=True)
        facts = invent(RELEASE, "--state", self.full, "--links", LINKS, "--days", DAYS)
        self.slots = facts["slots"]
        with_nobody = self.server("fill", "http://127.0.0.1:9")
        with_nobody.start("ledger")
        cursor = with_nobody.state / "journal/ledger.cursor"
        wait_for(lambda: cursor.exists() and cursor.read_text().strip() == facts["end"],
                 "the ledger has the week", 600)
        wait_for(lambda: not with_nobody.status_of("ledger")["links_to_derive"], "it rests", 120)
        with_nobody.stop("ledger")
        self.full = with_nobody.state
        self.lines = self.take()

    def take(self):
        lines = self.folder / "lines"
        taken = Taken(lines)
        server = self.server("take", taken.settings["export"]["url"])
        try:
            server.start("ledger")
            wait_for(lambda: export_of(server)["points"], "it begins", 30)
            wait_for(lambda: not server.status_of("ledger")["outbox"], "all is taken", 600)
        finally:
            server.close()
            taken.close()
        shutil.rmtree(server.folder)
        return lines

    def server(self, name, url):
        server = Server(self.folder / name, build=RELEASE, settings={"export": {
            "url": url, "api": "victoria", "batch": LINES}})
        shutil.copytree(self.full, server.state)
        return server

    def ours(self, store, turn):
        """(lines, seconds, CPU seconds, the store's) of an exporter with a full outbox. The store
        holds still until the ledger has read the end of its journal again, as at each start."""
        server = self.server(f"turn{turn}", f"http://127.0.0.1:{store.port}")
        os.kill(store.process.pid, signal.SIGSTOP)
        try:
            server.start("ledger")
            pid = server.parts["ledger"].pid
            wait_for(lambda: rests(pid), "the ledger rests", 60)
            os.kill(store.process.pid, signal.SIGCONT)
            wait_for(lambda: export_of(server)["points"], "it begins", 30, 0.01)
            first, last = export_of(server)["points"], server.status_of("ledger")["outbox_last"]
            began, used, of_store = time.perf_counter(), process_s(pid), store.cpu_s()
            wait_for(lambda: export_of(server)["position"] >= last, "all is taken", 600, 0.02)
            seconds, used = time.perf_counter() - began, process_s(pid) - used
            return export_of(server)["points"] - first, seconds, used, store.cpu_s() - of_store
        finally:
            os.kill(store.process.pid, signal.SIGCONT)
            server.close()
            shutil.rmtree(server.folder)

    def bare(self, store, line_us=0):
        of_store = store.cpu_s()
        done = subprocess.run([RELEASE / "tests/bench/bare-writer",
                               f"http://127.0.0.1:{store.port}/write?precision=s", self.lines,
                               str(LINES), str(line_us)],
                              capture_output=True, text=True, check=True)
        facts = json.loads(done.stdout)
        return facts["lines"], facts["s"], facts["cpu_s"], store.cpu_s() - of_store


def bench_series(folder, turns=4):
    if not shutil.which(Victoria.program):
        say("series: not measured", "deploy/debian/install-packages bench")
        return
    week, store = Week(folder / "series"), Victoria(folder / "series-store")
    try:
        week.bare(store)  # it has the series then
        ours, bare, busy = [], [], []
        for turn in range(turns):
            ours.append(week.ours(store, turn))
            bare.append(week.bare(store))
            made_us = ours[-1][2] / ours[-1][0] * 1e6 - BARE_US
            busy.append(week.bare(store, made_us))
        say(f"series: {ours[0][0]} lines of {week.slots} slots, {LINES} a request: lines/s, "
            "median (min to max)", spread([one[0] / one[1] for one in ours], 0))
        say("  the bare libcurl writer", spread([one[0] / one[1] for one in bare], 0))
        say("  ours is, turn by turn", spread([a[0] / a[1] / (b[0] / b[1])
                                               for a, b in zip(ours, bare)], 2))
        say("  one that spends our CPU, turn by turn", spread([a[0] / a[1] / (b[0] / b[1])
                                                             for a, b in zip(busy, bare)], 2))
        say("  CPU a line, us", spread([one[2] / one[0] * 1e6 for one in ours], 2))
        say("  the bare writer's", spread([one[2] / one[0] * 1e6 for one in bare], 2))
        say("  the store's meanwhile / with the bare writer",
            f"{spread([one[3] / one[0] * 1e6 for one in ours], 2)} / "
            f"{spread([one[3] / one[0] * 1e6 for one in bare], 2)}")
        rates = [one[0] / one[1] for one in bare]
        say("  the machine's noise: how far the bare runs lie apart",
            f"{(max(rates) - min(rates)) / statistics.median(rates):.0%}")
        say("  load, 1 minute", round(os.getloadavg()[0], 1))
    finally:
        store.close()
