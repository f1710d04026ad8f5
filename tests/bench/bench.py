#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What it costs, measured on real programs of the release build, beside its peers in turns. One
line a figure.

    python3 tests/bench/bench.py [--install] [--links N] [--agents N] BENCH...

Without a BENCH it lists them. Whichever Python it is called with, it goes on with Debian's, which
the packages are for.
--install, as root: first installs from Debian what it is built with and what it is measured
beside. Without PANTAU_RELEASE=BUILD it is built in build-bench/."""

import argparse
import importlib
import inspect
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

PYTHON = "/usr/bin/python3"

# What is measured, and what it is measured with.
PROGRAMS = ("collector/pantau-collector", "cli/pantau", "agent/pantau-agent",
            "agent/probe/pantau-probe", "swarm/pantau-swarm", "tests/lab/lab-link",
            "tests/bench/invent-month", "tests/bench/bare-writer", "tests/bench/agent-slots",
            "tests/bench/bare-client", "tests/bench/spool-figures", "tests/bench/load/load",
            "tests/bench/load/backlog")

# name: (module, words)
BENCHES = {
    "agent": ("agent", "the agent on a router, and its peers beside it, as root, 10 minutes"),
    "witness": ("witness", "round trips beside ping and fping, outages, as root, 40 minutes"),
    "traffic": ("traffic", "what it sends in 30 days, as root, 12 minutes"),
    "spool": ("router_flash", "a router's flash"),
    "speed": ("speed", "its speed test beside iperf3, as root, 6 minutes"),
    "ingest": ("ingest", "many agents, in Python"),
    "sync": ("sync", "of a file that grows, or does not"),
    "peers": ("peers", "mosquitto and nginx beside it, 5 minutes"),
    "nation": ("peers", "83,762 agents' reports for ten minutes, 12 minutes"),
    "backlog": ("backlog", "eight hours from everybody; 83,762 take 20 GB, 10 minutes"),
    "storm": ("storm", "everybody comes back at once"),
    "web": ("web", "200 browsers and 20 reports beside a province, 6 minutes"),
    "public": ("public", "the wall and the open data of 83,762 links, a minute"),
    "restart": ("restart", "a start with a gigabyte unread, 3 minutes"),
    "ledger": ("ledger", "a province's month: taken, packed, asked"),
    "report": ("report", "the officer's report of the province in one kabupaten"),
    "stores": ("stores", "the same, and InfluxDB and VictoriaMetrics beside it"),
    "series": ("series", "the exporter beside a bare writer, into VictoriaMetrics, a minute"),
    "country": ("country", "83,762 links, out of the province's derived rows"),
    "late": ("ledger", "a week of a link comes late"),
    "rule": ("ledger", "another threshold for a year"),
}


def known(name):
    if name not in BENCHES:
        raise argparse.ArgumentTypeError(f"there is no bench {name!r}")
    return name


def read_options():
    text = "".join(f"  {name:<8} {words}\n" for name, (_, words) in BENCHES.items())
    parser = argparse.ArgumentParser(description=__doc__, epilog=text,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--links", type=int, default=50, help="of the province (really 1038)")
    parser.add_argument("--agents", type=int, default=83762, help="of the backlog")
    parser.add_argument("--folder", type=Path, help="kept, and used again when it is there")
    parser.add_argument("--install", action="store_true",
                        help="first install what is missing, from Debian, as root")
    parser.add_argument("benches", nargs="*", type=known, metavar="BENCH")
    options = parser.parse_args()
    if not options.benches and not options.install:
        parser.print_help()
        sys.exit()
    return options


def install(with_web):
    sets = ["build", "run", "test", "bench", *(["web"] if with_web else [])]
    subprocess.run([ROOT / "deploy/debian/install-packages", *sets], check=True)


def build(with_web):
    """A release build of them, where none is named. The web's page needs Node.js."""
    if "PANTAU_RELEASE" in os.environ:
        return
    folder = ROOT / ("build-bench-web" if with_web else "build-bench")
    if not (folder / "build.ninja").exists():
        call("meson", "setup", "-Dtests=true", f"-Dweb={str(with_web).lower()}",
             "-Dbuildtype=release", folder, ROOT)
    call("ninja", "-C", folder, *PROGRAMS, *(["web/pantau-web"] if with_web else []))
    os.environ["PANTAU_RELEASE"] = str(folder)


def call(*command):
    """Says what the command said only when it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(f"{done.stdout[-5000:]}\n{command[0]} ended with {done.returncode}")


def run(name, folder, options):
    """The module is read only now: what it needs may have been installed a moment ago."""
    try:
        bench = getattr(importlib.import_module(BENCHES[name][0]), f"bench_{name}")
    except ModuleNotFoundError as missing:
        sys.exit(f"{name}: {sys.executable} has no module {missing.name}: --install brings it")
    takes_options = "options" in inspect.signature(bench).parameters
    bench(folder, *([options] if takes_options else []))


def main():
    if sys.executable != PYTHON and os.access(PYTHON, os.X_OK):
        os.execv(PYTHON, [PYTHON, *sys.argv])
    options = read_options()
    with_web = bool({"web", "public"} & set(options.benches))
    if options.install:
        install(with_web)
    build(with_web)
    sys.path.insert(0, str(ROOT / "tests"))
    folder = options.folder or Path(tempfile.mkdtemp(prefix="pantau-bench"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for name in options.benches:
            run(name, folder, options)
    finally:
        if not options.folder:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
