# SPDX-License-Identifier: Apache-2.0
"""A real InfluxDB holds exactly the points of the ledger, read back."""

import time

import pytest

from support import records, stores
from support.enter import wait_in_ledger
from support.programs import wait_for
from support.reporter import Reporter
from support.stores import DATABASE

BOOT = b"I" * 16


class Influx(stores.Influx):
    """With a database, and each measurement by {(time_ns, link): {column: value}}."""

    def __init__(self, folder):
        super().__init__(folder)
        self.ask(f"CREATE DATABASE {DATABASE}")

    def rows(self, measurement):
        return {(at_s * 1000000000, link): fields | tags
                for (name, at_s, link), (fields, tags) in self.points().items()
                if name == measurement}


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
        return len(influx.rows("pantau_slot")) >= len(kept)
    wait_for(complete, f"all {len(kept)} points\n{server.log('ledger')[-2000:]}", 60, 0.5)
    points = influx.rows("pantau_slot")
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
    carriers = {point["carrier"] for point in influx.rows("pantau_wan").values()}
    assert len(carriers) == 1


def test_every_slot_is_a_point_and_nothing_else(exporting, influx):
    issued = exporting.issue(exporting.link)
    tell(exporting, issued, 0, 150, int(time.time()) - 20 * 3600)
    wait_in_ledger(exporting, issued.agent, 150)
    assert_same(exporting, influx)
    states = {}
    for (at_ns, _), point in influx.rows("pantau_state").items():
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
    wait_for(lambda: influx.rows("pantau_speed"), "the test's point", 60, 0.5)
    [((at_ns, link), point)] = influx.rows("pantau_speed").items()
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
    influx.kill()
    tell(exporting, issued, 60, 60, begins_s)
    wait_in_ledger(exporting, issued.agent, 120)
    exporting.kill("ledger")
    exporting.start("ledger")
    influx.start()
    tell(exporting, issued, 120, 20, begins_s)
    wait_in_ledger(exporting, issued.agent, 140)
    assert_same(exporting, influx)
