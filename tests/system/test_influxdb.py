# SPDX-License-Identifier: Apache-2.0
"""A real InfluxDB holds exactly the points of the ledger, read back."""

import json
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

from support import records
from support.enter import wait_in_ledger
from support.programs import SANITIZED, Process, free_port, wait_for
from support.reporter import Reporter

BOOT = b"I" * 16
DATABASE = "pantau"
CONF = """reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
  dir = "{folder}/meta"
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
[http]
  bind-address = "127.0.0.1:{port}"
"""


def download(folder):
    """The package's file. A fresh machine has no lists of packages: they are fetched once."""
    command = ["apt-get", "download", "-q", "influxdb"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        subprocess.run(["apt-get", "update", "-q"], capture_output=True)
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        pytest.fail("this test needs influxd; no such program here, and the package influxdb "
                    f"cannot be downloaded:\n{done.stderr}", pytrace=False)
    package, = folder.glob("influxdb_*.deb")
    return package


def influxd():
    """The program: of the machine, or unpacked beside the build; the package is not installed,
    since it would start a service."""
    if shutil.which("influxd"):
        return shutil.which("influxd")
    unpacked = SANITIZED / "influxdb"
    if not (unpacked / "usr/bin/influxd").exists():
        unpacked.mkdir(parents=True, exist_ok=True)
        package = download(unpacked)
        subprocess.run(["dpkg-deb", "-x", package, unpacked], check=True)
    return str(unpacked / "usr/bin/influxd")


class Influx:
    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        folder.mkdir()
        (folder / "influxdb.conf").write_text(
            CONF.format(folder=folder, port=self.port, rpc=free_port()))
        self.process = None
        self.start()
        self.ask(f"CREATE DATABASE {DATABASE}")

    def start(self):
        self.process = Process([influxd(), "-config", str(self.folder / "influxdb.conf")],
                               self.folder / "influxd.log")
        wait_for(self.is_there, "influxd answers", 60)

    def is_there(self):
        assert self.process.alive(), self.process.text()[-2000:]
        try:
            return self.ask("SHOW DATABASES")
        except (urllib.error.URLError, OSError):
            return None

    def ask(self, query):
        body = urllib.parse.urlencode({"q": query, "db": DATABASE, "epoch": "ns"}).encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/query", body, 20) as answer:
            result, = json.load(answer)["results"]
        assert "error" not in result, result
        return result

    def points(self, measurement):
        """{(time_ns, link): {column: value}}"""
        found = {}
        for series in self.ask(f'SELECT * FROM "{measurement}"').get("series", ()):
            for values in series["values"]:
                row = dict(zip(series["columns"], values))
                found[row["time"], row["link"]] = row
        return found

    def close(self):
        self.process.close()


@pytest.fixture
def influx(tmp_path):
    made = Influx(tmp_path / "influx")
    yield made
    made.close()


@pytest.fixture
def exporting(server, influx):
    server.configure({"export": {"url": f"http://127.0.0.1:{influx.port}",
                                 "database": DATABASE}})
    server.link = server.add_link(provider="Penyedia, Uji = Satu")
    server.add_contract(server.link)
    return server.start()


def tell(server, issued, first, count, begins_s):
    factory = records.SlotFactory()
    told = [records.start(BOOT, 0, 3), records.anchor(BOOT, 0, begins_s * 1000000)]
    for number in range(1, 200):
        told.append(factory.record(BOOT, number * 60000000, 60, 6, 6, 6 if 50 <= number < 60 else 0,
                                   "provider"))
    told = list(enumerate(told, 1))[first:first + count]
    with Reporter(server, issued) as reporter:
        reporter.hello((1, 3, 1, told[-1][0]))
        reporter.deliver(1, told)
    return told[-1][0]


def expected_slot(kept):
    """What a point of pantau_slot says, from the record itself."""
    asked = [probe for _, kind, _, probe in kept.probes()
             if kind == records.pb.CLASS_INTERNET and not probe.follow_up
             and probe.kind == records.pb.PROBE_ICMP]
    times = [probe.rtt_us for probe in asked if probe.outcome == records.pb.OUTCOME_ANSWERED]
    want = {"rounds": kept.made, "lost": kept.lost, "sent": len(asked), "recv": len(times)}
    if times:
        want |= {"rtt_min_us": min(times), "rtt_max_us": max(times),
                 "rtt_avg_us": sum(times) // len(times)}
    return want


def assert_same(server, influx):
    kept = {(slot.from_s * 1000000000, str(server.link)): slot
            for slot in records.kept_slots(server.state, server.link)}

    def complete():
        return len(influx.points("pantau_slot")) >= len(kept)
    wait_for(complete, f"all {len(kept)} points\n{server.log('ledger')[-2000:]}", 60, 0.5)
    points = influx.points("pantau_slot")
    assert set(points) == set(kept)
    for key, slot in kept.items():
        want = expected_slot(slot)
        for name, value in want.items():
            # a time is told as the middle of its step of 2 %
            near = value / 100 + 1 if name.startswith("rtt_") else 0
            assert abs(points[key][name] - value) <= near, name
        assert points[key]["desa"] == "64.08.05.2001"
        assert points[key]["kabupaten"] == "64.08"
        assert points[key]["provider"] == "Penyedia, Uji = Satu"
    carriers = {point["carrier"] for point in influx.points("pantau_wan").values()}
    assert len(carriers) == 1


def test_every_slot_is_a_point_and_nothing_else(exporting, influx):
    issued = exporting.issue(exporting.link)
    tell(exporting, issued, 0, 150, int(time.time()) - 20 * 3600)
    wait_in_ledger(exporting, issued.agent, 150)
    assert_same(exporting, influx)
    states = {}
    for (at_ns, _), point in influx.points("pantau_state").items():
        states[at_ns // 1000000000] = point["state"]
    assert len(states) > 100, "settled seconds are told"
    assert len(set(states.values())) == 2, "U and D"


def test_a_speed_test_that_was_done_is_a_point(exporting, influx):
    issued = exporting.issue(exporting.link)
    begins_s = int(time.time()) - 3600
    pb = records.pb
    done = pb.Speed(boot=BOOT, start_us=600000000, wan="wan", outcome=pb.SPEED_DONE,
                    rtt_loaded_us=180000, down=pb.SpeedRun(kbps=19400, bytes=9000, duration_ms=9),
                    up=pb.SpeedRun(kbps=4800, bytes=3000, duration_ms=9))
    skipped = pb.Speed(boot=BOOT, start_us=900000000, wan="wan", outcome=pb.SPEED_SKIPPED,
                       reason=pb.SPEED_REASON_BUSY)
    # the anchor comes last: until then nobody knows when it was
    told = [records.start(BOOT, 0, 3), pb.Record(speed=done).SerializeToString(),
            pb.Record(speed=skipped).SerializeToString(),
            records.anchor(BOOT, 0, begins_s * 1000000)]
    with Reporter(exporting, issued) as reporter:
        reporter.hello((1, 3, 1, len(told)))
        reporter.deliver(1, list(enumerate(told, 1)))
    wait_in_ledger(exporting, issued.agent, len(told))
    wait_for(lambda: influx.points("pantau_speed"), "the test's point", 60, 0.5)
    [((at_ns, link), point)] = influx.points("pantau_speed").items()
    assert (at_ns // 1000000000, link) == (begins_s + 600, str(exporting.link))
    assert {name: point[name] for name in ("down_kbps", "up_kbps", "bytes", "loaded_rtt_us")} == {
        "down_kbps": 19400, "up_kbps": 4800, "bytes": 12000, "loaded_rtt_us": 180000}
    assert point["desa"] == "64.08.05.2001"


def test_store_away_then_back_holds_every_point_once(exporting, influx):
    issued = exporting.issue(exporting.link)
    begins_s = int(time.time()) - 20 * 3600
    tell(exporting, issued, 0, 60, begins_s)
    wait_in_ledger(exporting, issued.agent, 60)
    assert_same(exporting, influx)
    influx.process.kill()
    tell(exporting, issued, 60, 60, begins_s)
    wait_in_ledger(exporting, issued.agent, 120)
    exporting.kill("ledger")
    exporting.start("ledger")
    influx.start()
    tell(exporting, issued, 120, 20, begins_s)
    wait_in_ledger(exporting, issued.agent, 140)
    assert_same(exporting, influx)
