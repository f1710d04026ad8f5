# SPDX-License-Identifier: Apache-2.0
"""Eight hours of backlog from everybody at once: each agent of the country tells what it has
recorded (tests/bench/load/backlog.c), over TLS, through ingest and its journal into the ledger."""

import json
import os
import shutil
import subprocess
import time

from figures import bytes_of, cpu_s, peak_kib, say
from ledger import invent
from support.programs import RELEASE
from support.server import Server

HOURS = 8
AT_ONCE = 1000
LIMIT_S = 1200
SLOT_BYTES = 500  # of disk, at most: in ledger.db and its log; the journal is trimmed behind it
LOOK_S = 0.5
GIB = 2**30


def prepare(folder, agents):
    """A country that agents can report to, with a registry made before they were silent."""
    slots = agents * HOURS * 60
    free = shutil.disk_usage(folder).free
    assert free > slots * SLOT_BYTES, f"{folder}: {slots * SLOT_BYTES / GIB:.0f} GiB are needed"
    server = Server(folder / "backlog", build=RELEASE,
                    settings={"collector": {"journal_keep_hours": 0}})
    server.state.mkdir()
    began = time.monotonic()
    invent(RELEASE, "--state", server.state, "--links", agents, "--registry-only", "--month",
           time.strftime("%Y-%m", time.gmtime()))
    server.pantau("init", "--no-admin")
    say(f"backlog: the registry of {agents} agents made in, s", round(time.monotonic() - began))
    return server


def taken(server):
    """How many records the journal has, and whether the ledger has all of them."""
    status = server.status_of("ingest")
    if not status:
        return 0, False
    return status["records"], status["ledger"]["cursor"] == status["journal"]["end"]


def watch(server, load, began):
    """Until all that was sent is in the ledger: when it was, and the memory of both on the way."""
    while load.poll() is None or not taken(server)[1]:
        assert time.monotonic() < began + LIMIT_S, f"not within {LIMIT_S} s: {taken(server)}"
        assert all(part.alive() for part in server.parts.values())
        time.sleep(LOOK_S)
    return time.monotonic() - began


def report(server, told, seconds):
    pids = {name: part.pid for name, part in server.parts.items()}
    ledger = server.status_of("ledger")
    slots = told["slots"]
    assert ledger["slots"] == slots, f"{slots} slots were told, the ledger has {ledger['slots']}"
    say(f"backlog: {told['agents']} agents, {HOURS} hours each, {slots} slots: all in the ledger "
        "after, s", round(seconds))
    say("  slots a second", round(slots / seconds))
    say(f"  all acknowledged after, s ({AT_ONCE} agents at once; sessions that were lost)",
        f"{told['s']:.0f} ({told['lost']})")
    say("  s of CPU: ingest, ledger, the agents",
        f"{cpu_s(pids['ingest']):.0f}, {cpu_s(pids['ledger']):.0f}, {told['cpu_s']:.0f}")
    say("  peak memory, MiB: ingest, ledger",
        f"{peak_kib(pids['ingest']) / 1024:.0f}, {peak_kib(pids['ledger']) / 1024:.0f}")
    say("  on disk, GiB: journal, ledger.db",
        f"{bytes_of(server.state, 'journal/*') / GIB:.1f}, "
        f"{bytes_of(server.state, 'ledger.db*') / GIB:.1f}")
    say("  load, 1 minute", round(os.getloadavg()[0], 1))


def bench_backlog(folder, options):
    server = prepare(folder, options.agents)
    to_s = int(time.time()) // 60 * 60
    command = [str(RELEASE / "tests/bench/load/backlog"), "--state", str(server.state), "--port",
               str(server.port), "--from", str(to_s - HOURS * 3600), "--to", str(to_s), "--agents",
               str(options.agents), "--at-once", str(AT_ONCE), "--seconds", str(LIMIT_S)]
    try:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              text=True) as load:
            assert load.stdout.readline() == "ready\n"
            server.start()
            began = time.monotonic()
            load.stdin.write("go\n")
            load.stdin.flush()
            seconds = watch(server, load, began)
            report(server, json.loads(load.stdout.readline()), seconds)
    finally:
        server.close()
        if not options.folder:
            shutil.rmtree(server.folder)
