# SPDX-License-Identifier: Apache-2.0
"""Everybody comes back at once: ingest is killed and started again under so many connections, which
come back as agents do (tests/bench/load/storm.c); beside it the same agents as they were before
WELCOME told them how to spread (--deaf)."""

import json
import os
import subprocess

from figures import cpu_s, say
from support.programs import RELEASE
from support.server import Server

COUNTS = (1038, 19000)
LIMIT_S = 240


def call(server, count, words=()):
    server.start("ingest")
    command = [str(RELEASE / "tests/bench/load/load"), "--speech", "pantau", "--state",
               str(server.state), "--port", str(server.port), "--pid", str(os.getpid()),
               "--count", str(count), "--seconds", str(LIMIT_S), "--storm", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as load:
        assert load.stdout.readline() == "connected\n"
        server.kill("ingest")
        server.start("ingest")
        pid = server.parts["ingest"].pid
        found = json.loads(load.stdout.readline())
        found["ingest_s"] = cpu_s(pid)
        load.wait(60)
    server.stop("ingest")
    return found


def bench_storm(folder, options):
    for count in COUNTS:
        for words, name in (((), "spread by WELCOME"), (("--deaf",), "as they were")):
            server = Server(folder / f"storm{count}{len(words)}", build=RELEASE,
                            settings={"collector": {"connections_max": 20000}}).init()
            try:
                found = call(server, count, words)
            finally:
                server.close()
            all_s = found["all_s"] if found["back"] == count else f"{found['back']} in {LIMIT_S}"
            say(f"storm of {count}, {name}: all back after, s", all_s)
            say("  half of them, p99, s", f"{found['p50_s']}, {found['p99_s']}")
            say("  tries an agent", round(found["tries"] / count, 2))
            say("  ingest, s of CPU", round(found["ingest_s"], 1))
            say("  load, 1 minute", round(os.getloadavg()[0], 1))
