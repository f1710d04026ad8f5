#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What it costs, measured on real programs of the release build. One line a figure.

    python3 tests/bench/bench.py [agent] [ingest] [month]      (as root for `agent`)
"""

import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import records  # noqa: E402
from support.invented import boots_of, tell  # noqa: E402
from support.enter import wait_in_ledger  # noqa: E402
from support.programs import RELEASE, program  # noqa: E402
from support.reporter import Reporter  # noqa: E402
from support.server import Server  # noqa: E402
from system.independent_sla import Case, Slot  # noqa: E402

NS_PER_S = 1000000000
BOOT = b"C" * 16


def say(what, value):
    print(f"{what:<66} {value}", flush=True)


def cpu_s(pid):
    """Of all its threads; the clock ticks of /proc/PID/stat are too coarse for an agent."""
    return sum(int((task / "schedstat").read_text().split()[0])
               for task in Path(f"/proc/{pid}/task").iterdir()) / NS_PER_S


def memory_kib(pid):
    """(private, proportional) KiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    parts = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    return parts["Private_Clean"] + parts["Private_Dirty"], parts["Pss"]


# ---- the agent on a link, with its default rounds and slots

def bench_agent(folder):
    from support.site import Site
    stripped = folder / "agent"
    subprocess.run(["strip", "-o", stripped, program("pantau-agent", RELEASE)], check=True)
    say("agent: stripped binary, KB", stripped.stat().st_size // 1000)
    site = Site(folder / "site", round_s=10)
    try:
        time.sleep(30)
        pid, seconds = site.agent.pid, 120  # `ip netns exec` has become the agent
        before = cpu_s(pid)
        time.sleep(seconds)
        private, proportional = memory_kib(pid)
        say("agent: private memory, KiB", private)
        say("agent: proportional memory (PSS), KiB", proportional)
        say("agent: CPU a minute (rounds of 10 s, slots of 10 s), ms",
            round((cpu_s(pid) - before) * 1000 * 60 / seconds, 1))
    finally:
        site.close()


# ---- ingest: many agents, one report in flight each

def talk(server, issued, reports, results):
    """One agent: a slot a report, each awaited."""
    record = records.SlotFactory().record(BOOT, 60000000, 60, 6, 6, 0)
    times = []
    with Reporter(server, issued) as reporter:
        reporter.hello((1, 1, 1, reports))
        for sequence in range(1, reports + 1):
            began = time.monotonic()
            reporter.report(1, [(sequence, record)])
            reporter.await_ack(1, sequence)
            times.append(time.monotonic() - began)
    results.put(times)


def bench_ingest(folder, agents=16, reports=1500):
    server = Server(folder / "ingest", build=RELEASE).init()
    try:
        link = server.add_link()
        issued = [server.issue(link, f"a{i}") for i in range(agents)]
        server.start("ingest")
        pid, results = server.parts["ingest"].pid, multiprocessing.Queue()
        before, began = cpu_s(pid), time.monotonic()
        talkers = [multiprocessing.Process(target=talk, args=(server, one, reports, results))
                   for one in issued]
        for talker in talkers:
            talker.start()
        times = sorted(t for _ in talkers for t in results.get())
        seconds, used = time.monotonic() - began, cpu_s(pid) - before
        for talker in talkers:
            talker.join()
        say(f"ingest: reports/s ({agents} agents in Python, one in flight each)",
            round(len(times) / seconds))
        say("ingest: CPU a durable report, us", round(used / len(times) * 1e6, 1))
        say("ingest: acknowledged after, median / p99, ms",
            f"{statistics.median(times) * 1000:.2f} / {times[int(len(times) * .99)] * 1000:.2f}")
    finally:
        server.close()


# ---- a month of many links, asked of the command line

def bench_month(folder, links=24):
    server = Server(folder / "month", build=RELEASE).init()
    try:
        server.start()
        begins = 1774972800
        case = Case("2026-04", 28800, [], [Slot(begins + 60 * i, begins + 60 * i + 60, 6, 6,
                                                6 if i % 5000 < 7 else 0, "upstream")
                                           for i in range(43200)])
        boots, pid = boots_of(case), server.parts["ledger"].pid
        before = cpu_s(pid)
        for number in range(links):
            link = server.add_link()
            server.add_contract(link)
            issued = server.issue(link, f"m{number}")
            tell(server, issued, boots)
            wait_in_ledger(server, issued.agent, len(boots[0].records), 300)
        say("ledger: CPU a record taken in bulk, us",
            round((cpu_s(pid) - before) / links / len(boots[0].records) * 1e6, 1))
        words = ("sla", "--month", "2026-04", "--format", "csv", "--as-of", "2026-05-01")
        times = []
        for _ in range(5):
            began = time.monotonic()
            server.pantau(*words)
            times.append(time.monotonic() - began)
        say(f"month of {links} links ({links * 43200} slots), whole command, ms",
            round(min(times) * 1000, 1))
        say("  the same for 1,038 links, in proportion, ms",
            round(min(times) * 1000 / links * 1038))
    finally:
        server.close()


def main():
    wanted = sys.argv[1:] or ["agent", "ingest", "month"]
    folder = Path(tempfile.mkdtemp(prefix="pantau-bench"))
    try:
        for name in wanted:
            globals()[f"bench_{name}"](folder)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
