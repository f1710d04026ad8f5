# SPDX-License-Identifier: Apache-2.0
"""Time-series stores with one field of the same slots, up or down, each asked for the month's mean
of every link: they know neither windows nor unknowns nor contracts."""

import http.client
import json
import shutil
import subprocess
import time
import urllib.parse

from figures import cpu_s, say, spread
from ledger import generator, taken_province
from support.programs import Process, free_port, wait_for

BEGINS, ENDS = 1774972800, 1777564800  # April 2026, WITA
CHUNK_BYTES = 1 << 20
INFLUX_CONF = """reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
  dir = "{folder}/meta"
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
  query-log-enabled = false
[http]
  bind-address = "127.0.0.1:{port}"
  log-enabled = false
[logging]
  level = "warn"
"""


class Store:
    """A server of its own on loopback, which ends with close()."""
    write_path = "/write?precision=s"

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        folder.mkdir(parents=True, exist_ok=True)
        self.process = Process(self.command(), folder / "log")
        wait_for(self.ready, f"{self.name} is ready", 60)

    def request(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=3600)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status < 300, f"{self.name}: {answer.status} {text[:500]}"
            return text
        finally:
            connection.close()

    def ready(self):
        assert self.process.alive(), self.process.text()[-2000:]
        try:
            self.request("GET", self.ready_path)
            return True
        except OSError:
            return False

    def fill(self, province):
        """The points of the same slots, as they come. How many there are."""
        command = [generator(province.build), "--points", *map(str, province.words)]
        source = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        rest = b""
        while chunk := source.stdout.read(CHUNK_BYTES):
            lines, _, rest = (rest + chunk).rpartition(b"\n")
            connection.request("POST", self.write_path, lines + b"\n")
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status < 300, f"{self.name}: {answer.status} {text[:500]}"
        connection.close()
        facts = json.loads(source.stderr.read())
        assert source.wait() == 0
        return facts["slots"]

    def cpu_s(self):
        return cpu_s(self.process.pid)

    def close(self):
        self.process.close()


class Influx(Store):
    name, program, package = "InfluxDB", "influxd", "influxdb"
    ready_path, write_path = "/ping", "/write?db=bench&precision=s"

    def command(self):
        conf = self.folder / "influxdb.conf"
        conf.write_text(INFLUX_CONF.format(folder=self.folder, port=self.port, rpc=free_port()))
        return [self.program, "-config", conf]

    def ask(self, text):
        """Rows by link, and what it took."""
        path = "/query?" + urllib.parse.urlencode({"db": "bench", "q": text})
        began = time.perf_counter()
        answer = json.loads(self.request("POST", path))
        seconds = time.perf_counter() - began
        result = answer["results"][0]
        assert "error" not in result, result
        return {one.get("tags", {}).get("link"): one["values"][0][1]
                for one in result.get("series", ())}, seconds

    def fill(self, province):
        self.ask("CREATE DATABASE bench")
        return super().fill(province)

    def settle(self):
        """Until it has compacted what it got, then its own daily series."""
        quiet(self.process.pid)
        span = f"time >= {BEGINS}s AND time < {ENDS}s"
        self.ask(f"SELECT mean(state) AS state INTO daily FROM pantau_state WHERE {span}"
                 " GROUP BY time(1d,-8h),link")
        self.queries = {
            "mean of the raw points":
                f"SELECT mean(state) FROM pantau_state WHERE {span} GROUP BY link",
            "mean of its own daily series":
                f"SELECT mean(state) FROM daily WHERE {span} GROUP BY link",
        }


class Victoria(Store):
    name, program, package = "VictoriaMetrics", "victoria-metrics", "victoria-metrics"
    ready_path = "/health"

    def command(self):
        return [self.program, f"-storageDataPath={self.folder}/data", "-loggerLevel=WARN",
                f"-httpListenAddr=127.0.0.1:{self.port}", "-retentionPeriod=10y",
                "-search.maxQueryDuration=10m"]

    def ask(self, text):
        path = "/api/v1/query?" + urllib.parse.urlencode(
            {"query": text, "time": ENDS - 1, "nocache": 1})
        began = time.perf_counter()
        answer = json.loads(self.request("GET", path))
        seconds = time.perf_counter() - began
        return {one["metric"]["link"]: float(one["value"][1])
                for one in answer["data"]["result"]}, seconds

    def settle(self):
        self.request("GET", "/internal/force_flush")
        self.request("GET", "/internal/force_merge")
        quiet(self.process.pid)
        self.queries = {"avg_over_time of the raw points":
                        f"avg_over_time(pantau_state_state[{ENDS - BEGINS}s])"}


def quiet(pid, quiet_s=5):
    """Until the process rests."""
    def rests():
        before = ticks(pid)
        time.sleep(quiet_s)
        return ticks(pid) - before < quiet_s * 100 / 20
    wait_for(rests, "the store rests", 1800)


def ticks(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def in_turns(store, query, province, times):
    """Theirs and ours in turns, so that both meet the same machine: seconds of each."""
    theirs, ours = [], []
    for _ in range(times):
        means, seconds = store.ask(query)
        assert len(means) == province.links, f"{len(means)} links answered"
        theirs.append(seconds)
        ours.append(province.ask(1)[0].seconds)
    return theirs, ours


def compare(kind, folder, province, times=7):
    """What it takes there, and how many times what it takes here."""
    if not shutil.which(kind.program):
        say(f"{kind.name}: not measured", f"no {kind.program}: apt-get install {kind.package}")
        return
    store = kind(folder / kind.program)
    try:
        began = time.monotonic()
        points = store.fill(province)
        store.settle()
        say(f"{kind.name}: {points} points written and settled in, s",
            round(time.monotonic() - began))
        for what, query in store.queries.items():
            theirs, ours = in_turns(store, query, province, times)
            say(f"{kind.name}: {what}, ms: median (min to max)",
                spread([one * 1000 for one in theirs]))
            say("  beside it `pantau sla --month`, whole command, ms",
                spread([one * 1000 for one in ours]))
            say("  so many times as long, pair by pair",
                spread([one / other for one, other in zip(theirs, ours)]))
    finally:
        store.close()


def bench_stores(folder, options):
    province = taken_province(folder, options.links)
    try:
        for kind in (Victoria, Influx):
            compare(kind, folder / "stores", province)
    finally:
        province.close()
