# SPDX-License-Identifier: Apache-2.0
"""What people who look cost those who report: 200 browsers on the wall and 20 reports at once,
beside a province whose agents live (pantau-swarm, 60 s slots) and others who report at a rate and
time each answer (tests/bench/load). Taken in turns, alone and with the browsers, in one run: what
differs between the turns of one kind is the machine's noise.

A browser does what the page does: the page's own files, the session, the desa, the month's rows,
and then the stream of events, which it reads for as long as it lasts. All have come when a turn
begins, and one in ten opens the wall anew in it. A report is a PDF or an XLSX of a kabupaten, asked
for again as soon as it has come. Each program has the priority of its unit in systemd/."""

import http.client
import json
import os
import re
import resource
import selectors
import socket
import statistics
import subprocess
import sys
import threading
import time

from figures import cpu_s, say
from support.browser import Browser
from support.programs import RELEASE, ROOT, Process, program, wait_for
from support.server import Server

BROWSERS, REPORTS = 200, 20
TURN_S, TURNS = 20, 3
COME_S, AGAIN = 20, 10  # all have come after so long; one in ten opens the wall once more
COUNT = 1038  # who time their answers
RATES = (17, 350)  # reports a second: a slot of 60 s from each, and twenty times that
HISTORY = "30m"
DEMO = ROOT / "deploy/quickstart"


class Living:
    """A province of 1,038 agents in real time."""

    def __init__(self, folder):
        self.server = server = Server(folder / "web", build=RELEASE)
        server.state.mkdir()
        began = int(time.time()) - 3 * 86400
        self.province(server.state, began)
        server.pantau("init", "--no-admin")
        server.pantau("region", "import", *sorted((DEMO / "province").glob("*.csv")))
        server.pantau("link", "import", server.state / "links.csv")
        server.pantau("contract", "import", server.state / "contracts.csv")
        agents = server.folder / "agents"
        table = server.folder / "table.csv"
        table.write_text(server.pantau(
            "agent", "issue", "--every-link", "--out", agents, "--from", f"@{began}",
            "--collector", f"127.0.0.1:{server.port}"))
        self.province("--agents", table, agents / "agents.csv")
        server.token()
        server.start("ingest", "ledger", "web")
        for part in server.parts:
            as_shipped(server.parts[part], f"pantau-{part}.service")
        self.swarm = Process(
            [program("pantau-swarm", RELEASE), "--agents", str(agents), "--collector",
             f"127.0.0.1:{server.port}", "--since", HISTORY], server.folder / "swarm.log")
        wait_for(self.caught_up, "the agents are in the present", timeout_s=300, every_s=1)

    @staticmethod
    def province(*words):
        subprocess.run([sys.executable, DEMO / "province.py", *map(str, words)], check=True,
                       stdout=subprocess.DEVNULL)

    def caught_up(self):
        """All are there, and of their past nothing is left; new slots come all the time."""
        ingest = self.server.status_of("ingest")
        return bool(ingest) and (ingest["agents"] == ingest["agents_known"]
                                 and ingest["records"] > 5 * COUNT
                                 and ingest["ledger"]["lag_records"] < COUNT)

    def close(self):
        self.swarm.kill()
        self.swarm.close()
        self.server.close()


def as_shipped(process, unit):
    """The priority that systemd would give it, over that of this bench: here each program is a
    session of its own, whose share of the processors the kernel takes from autogroup."""
    words = re.search(r"^Nice=(-?\d+)$", (ROOT / "systemd" / unit).read_text(), re.M)
    nice = int(words.group(1)) if words else 0
    for thread in map(int, os.listdir(f"/proc/{process.pid}/task")):
        own = os.getpriority(os.PRIO_PROCESS, thread)
        os.setpriority(os.PRIO_PROCESS, thread, min(19, own + nice))
    try:
        with open(f"/proc/{process.pid}/autogroup", "w", encoding="ascii") as group:
            group.write(str(min(19, os.getpriority(os.PRIO_PROCESS, 0) + nice)))
    except OSError:
        pass  # a kernel that has none, or that waits before the next change


def step_back():
    """Browsers are other machines: what they cost here takes nothing from anybody."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)


# ---- those who look

class Wall(threading.Thread):
    """All the streams, read by one thread: what they bring is counted and thrown away."""

    def __init__(self):
        super().__init__(daemon=True)
        self.selector, self.ended, self.bytes, self.lost = (selectors.DefaultSelector(),
                                                            threading.Event(), 0, 0)

    def add(self, port, cookie):
        stream = socket.create_connection(("127.0.0.1", port), 30)
        stream.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                       f"Cookie: {cookie}\r\n\r\n".encode())
        self.selector.register(stream, selectors.EVENT_READ)

    def run(self):
        step_back()
        while not self.ended.is_set():
            for key, _ in self.selector.select(0.2):
                more = key.fileobj.recv(65536)
                self.bytes += len(more)
                if not more:
                    self.lost += 1
                    self.selector.unregister(key.fileobj)

    def close(self):
        self.ended.set()
        self.join()
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.selector.close()


def page_files(port):
    """What the first file of the page asks for."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/dinding")
    page = connection.getresponse().read().decode()
    connection.close()
    return ["/dinding", *re.findall(r'(?:src|href)="(/[^"]+)"', page)]


def ask_all(port, cookie, paths):
    """Over one connection, as a browser; seconds for each."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times = []
    for path in paths:
        began = time.monotonic()
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, (path, answer.status)
        times.append(time.monotonic() - began)
    connection.close()
    return times


class Crowd:
    """200 browsers and 20 reports at once, until close(). `opened`: seconds until a wall had all
    it shows; `reports`: until a document had come."""

    def __init__(self, server, cookie, month):
        self.port, self.cookie = server.web_port, cookie
        self.paths = page_files(self.port) + ["/api/v1/session", "/api/v1/desa",
                                              f"/api/v1/sla?month={month}"]
        self.ended, self.opened, self.reports, self.later = threading.Event(), [], [], 0
        self.wall = Wall()
        self.wall.start()
        kabupaten = sorted({row["kabupaten"] for row in
                            json.loads(server.get("/api/v1/desa"))["rows"]})
        files = [f"/api/v1/reports/{month}/{kabupaten[i % len(kabupaten)]}.{kind}?live=1"
                 for i, kind in enumerate(["pdf", "xlsx"] * (REPORTS // 2))]
        self.threads = [threading.Thread(target=self.come, args=(i,), daemon=True)
                        for i in range(BROWSERS)]
        self.threads += [threading.Thread(target=self.report, args=(path,), daemon=True)
                         for path in files]
        for thread in self.threads:
            thread.start()

    def come(self, number):
        """Before the turn, each at its own moment; in the turn one in AGAIN comes once more."""
        step_back()
        cookie = self.cookie[number % len(self.cookie)]
        self.ended.wait(COME_S * number / BROWSERS)
        self.open(cookie)
        self.wall.add(self.port, cookie)
        if number % AGAIN == 0 and not self.ended.wait(COME_S + TURN_S * number / BROWSERS):
            self.open(cookie)

    def open(self, cookie):
        began = time.monotonic()
        ask_all(self.port, cookie, self.paths)
        self.opened.append(time.monotonic() - began)

    def all_have_come(self):
        return len(self.opened) >= BROWSERS

    def report(self, path):
        step_back()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        while not self.ended.is_set():
            began = time.monotonic()
            connection.request("GET", path, headers={"Cookie": self.cookie[0]})
            answer = connection.getresponse()
            answer.read()
            if answer.status == 503:
                self.later += 1
                self.ended.wait(float(answer.headers["Retry-After"]))
                continue
            assert answer.status == 200, (path, answer.status)
            self.reports.append(time.monotonic() - began)
        connection.close()

    def close(self):
        self.ended.set()
        for thread in self.threads:
            thread.join()
        self.wall.close()


# ---- those who report

def timed(server, rate):
    """What tests/bench/load found. Those who timed the turn before leave the roster again."""
    roster, kept = server.state / "roster.json", server.folder / "roster.kept"
    if not kept.exists():
        kept.write_bytes(roster.read_bytes())
    roster.write_bytes(kept.read_bytes())
    command = [RELEASE / "tests/bench/load/load", "--speech", "pantau", "--state", server.state,
               "--port", server.port, "--pid", server.parts["ingest"].pid, "--count", COUNT,
               "--rate", rate, "--seconds", TURN_S, "--beside"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def turn(server, rate, crowd):
    pid, before = server.parts["web"].pid, cpu_s(server.parts["web"].pid)
    found = timed(server, rate)
    found["web_cpu_s"] = cpu_s(pid) - before
    found["crowd"] = crowd
    return found


def report(rate, alone, crowded):
    """Medians of the turns, and how far they lie apart."""
    def spread(turns, key):
        values = [one[key] for one in turns]
        return f"{statistics.median(values):.1f} ({min(values):.1f} to {max(values):.1f})"
    say(f"{rate} reports/s beside the province: answered after, p50, alone, ms",
        spread(alone, "p50_ms"))
    say("  with 200 browsers and 20 reports", spread(crowded, "p50_ms"))
    say("  p99, alone, ms", spread(alone, "p99_ms"))
    say("  with 200 browsers and 20 reports", spread(crowded, "p99_ms"))
    ratio = (statistics.median(one["p99_ms"] for one in crowded)
             / statistics.median(one["p99_ms"] for one in alone))
    say("  p99 with / alone", f"{ratio:.2f}")
    say("  processor time of pantau-web in such a turn, s", spread(crowded, "web_cpu_s"))


def log_in(server):
    """So many accounts that none has more streams than one may have."""
    cookies = []
    for number in range(BROWSERS // 50):
        secret = server.pantau("user", "add", f"dinding-{number}", "--role", "noc",
                               "--generate").split()[-1]
        browser = Browser(server.web_port)
        assert browser.log_in(f"dinding-{number}", secret).status == 200
        cookies.append(browser.cookie)
    return cookies


def bench_web(folder):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    living = Living(folder)
    try:
        server, cookies = living.server, log_in(living.server)
        month = time.strftime("%Y-%m", time.gmtime(time.time() + 8 * 3600))
        opened, reports, later, streamed, lost = [], [], 0, 0, 0
        for rate in RATES:
            alone, crowded = [], []
            for _ in range(TURNS):
                alone.append(turn(server, rate, None))
                crowd = Crowd(server, cookies, month)
                wait_for(crowd.all_have_come, "all have come", timeout_s=10 * COME_S)
                crowded.append(turn(server, rate, crowd))
                crowd.close()
                opened += crowd.opened
                reports += crowd.reports
                later, streamed = later + crowd.later, streamed + crowd.wall.bytes
                lost += crowd.wall.lost
            report(rate, alone, crowded)
        say("a wall has all it shows after, p50 / p99, s", percentiles(opened))
        say(f"{len(reports)} documents came after, p50 / p99, s ({later} were told to come again)",
            percentiles(reports))
        say("events read by all, MiB; streams that ended", f"{streamed / 2**20:.1f}; {lost}")
        say("load, 1 minute", round(os.getloadavg()[0], 1))
    finally:
        living.close()


def percentiles(values):
    values = sorted(values)
    return f"{statistics.median(values):.2f} / {values[int(len(values) * .99)]:.2f}"
