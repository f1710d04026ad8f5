# SPDX-License-Identifier: Apache-2.0
"""Ingest alone: many agents, each a process in Python with one report in flight."""

import multiprocessing
import statistics
import time

from figures import cpu_s, say
from support import records
from support.programs import RELEASE
from support.reporter import Reporter
from support.server import Server

BOOT = b"C" * 16


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
