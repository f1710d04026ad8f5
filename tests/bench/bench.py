#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What it costs, measured on real programs of the release build. One line a figure.

    meson setup -Dtests=true -Dbuildtype=release build-bench && meson compile -C build-bench
    PANTAU_RELEASE=build-bench python3 tests/bench/bench.py [--install] [--links N] BENCH...
"""

import argparse
import multiprocessing
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import agent  # noqa: E402
import country  # noqa: E402
import ledger  # noqa: E402
import peers  # noqa: E402
import restart  # noqa: E402
import router_flash  # noqa: E402
import series  # noqa: E402
import speed  # noqa: E402
import storm  # noqa: E402
import stores  # noqa: E402
import sync  # noqa: E402
import traffic  # noqa: E402
import witness  # noqa: E402
from figures import cpu_s, say  # noqa: E402
from support import records  # noqa: E402
from support.programs import RELEASE, ROOT, program  # noqa: E402
from support.reporter import Reporter  # noqa: E402
from support.server import Server  # noqa: E402

BOOT = b"C" * 16


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


# ---- the ledger, see ledger.py and stores.py

def bench_stores(folder, options):
    province = ledger.taken_province(folder, options.links)
    try:
        stores.bench_stores(folder, province)
    finally:
        province.close()


BENCHES = {
    "agent": (lambda folder, options: agent.bench_agent(folder),
              "the agent on a router, and its peers beside it, as root"),
    "witness": (lambda folder, options: witness.bench_witness(folder),
                "round trips beside ping and fping, outages, as root, 40 minutes"),
    "traffic": (lambda folder, options: traffic.bench_traffic(folder),
                "what it sends in 30 days, as root, 12 minutes"),
    "spool": (lambda folder, options: router_flash.bench_spool(folder), "a router's flash"),
    "speed": (lambda folder, options: speed.bench_speed(folder),
              "its speed test beside iperf3, as root, 6 minutes"),
    "ingest": (lambda folder, options: bench_ingest(folder), "many agents, in Python"),
    "sync": (lambda folder, options: sync.bench_sync(folder), "of a file that grows, or does not"),
    "peers": (lambda folder, options: peers.bench_peers(folder), "mosquitto and nginx beside it"),
    "nation": (lambda folder, options: peers.bench_nation(folder),
               "83,762 agents' reports for ten minutes, 12 minutes"),
    "storm": (storm.bench_storm, "everybody comes back at once"),
    "restart": (restart.bench_restart, "a start with a gigabyte unread"),
    "ledger": (ledger.bench_ledger, "a province's month: taken, packed, asked"),
    "stores": (bench_stores, "the same, and InfluxDB and VictoriaMetrics beside it"),
    "series": (lambda folder, options: series.bench_series(folder),
               "the exporter beside a bare libcurl writer, into VictoriaMetrics"),
    "country": (country.bench_country, "83,762 links, out of the province's derived rows"),
    "late": (lambda folder, options: ledger.bench_late(folder), "a week of a link comes late"),
    "rule": (lambda folder, options: ledger.bench_rule(folder), "another threshold for a year"),
}


def read_options():
    text = "".join(f"  {name:<8} {words}\n" for name, (_, words) in BENCHES.items())
    parser = argparse.ArgumentParser(description=__doc__, epilog=text,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--links", type=int, default=50, help="of the province (really 1038)")
    parser.add_argument("--folder", type=Path, help="kept, and used again when it is there")
    parser.add_argument("--install", action="store_true",
                        help="first install what it is measured beside, from Debian, as root")
    parser.add_argument("benches", nargs="+", choices=BENCHES, metavar="BENCH")
    return parser.parse_args()


def main():
    options = read_options()
    if options.install:
        subprocess.run([ROOT / "deploy/debian/install-packages", "bench"], check=True)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="pantau-bench"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for name in options.benches:
            BENCHES[name][0](folder, options)
    finally:
        if not options.folder:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
