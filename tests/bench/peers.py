# SPDX-License-Identifier: Apache-2.0
"""What ingest costs beside mosquitto and nginx of Debian, each asked the same by the same callers
(tests/bench/load): TLS 1.3, a certificate each, one report in flight, bursts of eight.

They are asked in turn, several times; a figure is the median, and its noise half the distance of
the runs that lie farthest apart. Ingest has every report on disk before it answers; mosquitto
(QoS 1, nobody subscribes) and nginx (POST, 204) keep nothing. nginx hands out session tickets
unless it is told not to, which half of its handshake goes into: it is measured both ways."""

import json
import os
import shutil
import statistics
import subprocess

from figures import say
from support.programs import RELEASE, Process, free_port, wait_for
from support.server import Server

# name: options of tests/bench/load
SHAPES = {"one": ("--count", 1000, "--burst", 1, "--seconds", 5),
          "eight": ("--count", 1000, "--burst", 8, "--seconds", 5)}
COUNTRY = ("--count", 5000, "--rate", 1400, "--seconds", 20)
SPEECH = {"pantau": "pantau", "mosquitto": "mqtt", "nginx": "http", "nginx-bare": "http"}
PACKAGE = {"mosquitto": "mosquitto", "nginx": "nginx", "nginx-bare": "nginx"}

MOSQUITTO = """listener {port} 127.0.0.1
cafile {state}/ca/ca.crt
certfile {state}/tls/server.crt
keyfile {state}/tls/server.key
require_certificate true
use_identity_as_username true
tls_version tlsv1.3
max_connections -1
persistence false
log_type none
log_dest none
user root
"""

NGINX = """user root;
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 19000; }}
http {{
    access_log off;
    keepalive_requests 100000000;
    keepalive_timeout 3600;
    client_header_timeout 3600;
    client_body_timeout 3600;
    client_body_temp_path {folder}/body;
    server {{
        listen 127.0.0.1:{port} ssl backlog=1024;
        ssl_certificate {state}/tls/server.crt;
        ssl_certificate_key {state}/tls/server.key;
        ssl_client_certificate {state}/ca/ca.crt;
        ssl_verify_client on;
        ssl_protocols TLSv1.3;
        {tickets}
        location / {{ return 204; }}
    }}
}}
"""


def start_pantau(server):
    server.start("ingest")
    return server.parts["ingest"], server.port


def start_peer(server, name):
    """The process and the port."""
    port, config = free_port(), server.folder / f"{name}.conf"
    text = MOSQUITTO if name == "mosquitto" else NGINX
    config.write_text(text.format(port=port, state=server.state, folder=server.folder,
                                  tickets="ssl_session_tickets off;" * (name == "nginx-bare")))
    command = ["mosquitto", "-c", config] if name == "mosquitto" else [
        "nginx", "-c", config, "-e", server.folder / "nginx.log"]
    process = Process(list(map(str, command)), server.folder / f"{name}.log")
    wait_for(lambda: listens(port), f"{name} listens: {process.text()[-2000:]}")
    return process, port


def listens(port):
    return any(line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A"
               for line in open("/proc/net/tcp", encoding="ascii").readlines()[1:])


def worker_of(process, name):
    """nginx serves from a child of the process that was started."""
    if PACKAGE.get(name) != "nginx":
        return process.pid
    out = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True,
                         text=True, check=True).stdout
    return int(out.split()[0])


# The country's minute, from four loopback addresses: a process gets 20,000 descriptors.
NATION = ("--count", 19000, "--rate", 1400, "--seconds", 600)


def call(server, name, options):
    """One run against a fresh process: what tests/bench/load measured."""
    process, port = start_pantau(server) if name == "pantau" else start_peer(server, name)
    try:
        command = [str(RELEASE / "tests/bench/load/load"), "--speech", SPEECH[name],
                   "--state", str(server.state), "--port", str(port),
                   "--pid", str(worker_of(process, name)), *map(str, options)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=1500)
        assert done.returncode == 0, f"{name}: {done.stderr}"
        return json.loads(done.stdout)
    finally:
        if name == "pantau":
            server.stop("ingest")
        else:
            process.stop()
            process.close()


class Figures:
    """The runs of each server; a figure is a median."""

    def __init__(self):
        self.runs = {}

    def add(self, name, run):
        self.runs.setdefault(name, []).append(run)

    def median(self, name, key):
        return statistics.median(run[key] for run in self.runs[name])

    def noise(self, name, key):
        values = [run[key] for run in self.runs[name]]
        return (max(values) - min(values)) / 2 / statistics.median(values) * 100

    def row(self, what, key, digits=1):
        say(what, ", ".join(f"{name} {self.median(name, key):.{digits}f}"
                            f" (±{self.noise(name, key):.0f} %)" for name in self.runs))

    def ratio(self, key, peer, wanted):
        if peer in self.runs:
            ratio = self.median("pantau", key) / self.median(peer, key)
            say(f"  beside {peer}", f"{ratio:.2f} (wanted: {wanted})")
        else:
            say(f"  beside {peer}", "not measured: it is not installed")


def measure(server, names, times):
    figures = {shape: Figures() for shape in SHAPES}
    for _ in range(times):
        for shape, options in SHAPES.items():
            for name in names:
                figures[shape].add(name, call(server, name, options))
    return figures


def bench_peers(folder, times=3):
    names = ["pantau", *(name for name, package in PACKAGE.items() if shutil.which(package))]
    server = Server(folder / "peers", build=RELEASE).init()
    try:
        figures = measure(server, names, times)
        one, eight = figures["one"], figures["eight"]
        one.row("CPU a report, one in flight, 1,000 connections, us", "report_us")
        one.ratio("report_us", "mosquitto", "1.15")
        eight.row("CPU a report in bursts of 8, us", "report_us", 2)
        eight.ratio("report_us", "mosquitto", "0.8")
        one.row("full handshake, us", "handshake_us", 0)
        one.ratio("handshake_us", "nginx", "0.75")
        one.row("idle connection, bytes", "idle_bytes", 0)
        one.row("answered after, p99, ms", "p99_ms")
        country = call(server, "pantau", COUNTRY)
        say("the country's rate over 5,000 connections",
            f"{country['core_percent']:.1f} % of a core, {country['report_us']:.1f} us a report, "
            f"p99 {country['p99_ms']:.1f} ms")
    finally:
        server.close()


def bench_nation(folder):
    """Ten minutes of 83,762 agents' reports, over as many connections as a process can have."""
    server = Server(folder / "nation", build=RELEASE).init()
    try:
        found = call(server, "pantau", NATION)
    finally:
        server.close()
    say("19,000 agents, 1,400 reports/s, ten minutes: % of a core", found["core_percent"])
    say("  CPU a report, us", found["report_us"])
    say("  answered after, median / p99, ms", f"{found['p50_ms']} / {found['p99_ms']}")
    say("  an idle agent's memory, bytes", round(found["idle_bytes"]))
    say("  full handshake, us of CPU", found["handshake_us"])
    say("  load, 1 minute", round(os.getloadavg()[0], 1))
