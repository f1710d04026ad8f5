# SPDX-License-Identifier: Apache-2.0
"""A router's flash was copied: two real agents with one identity, each on a boot of its own."""

import json
import os
import re
import shlex
import shutil
import time
import uuid

import pytest

from support import records
from support.enter import wait_in_ledger
from support.programs import LONG, wait_for
from support.records import pb
from support.reporter import Reporter
from support.router import Router
from support.site import text_of

SIGNED = ("--by", "Budi", "--note", "alat di gudang")
MONTH = time.strftime("%Y-%m", time.gmtime())


class Device(Router):
    """On a boot that differs from every other one's."""

    def __init__(self, folder, server, issued):
        self.boot = uuid.uuid4()
        folder.mkdir()
        identity = folder / "boot_id"
        identity.write_text(f"{self.boot}\n")
        super().__init__(folder, server, issued, mount=(
            f"mount --bind {shlex.quote(str(identity))} /proc/sys/kernel/random/boot_id"))

    def copy_flash(self, of):
        shutil.copytree(of.flash, self.flash, dirs_exist_ok=True)
        return self


@pytest.fixture(name="town")
def fixture_town(tmp_path, server):
    if os.geteuid() != 0:
        pytest.skip("needs root, to give each agent a boot id of its own")
    server.link = server.add_link()
    server.add_contract(server.link, words=("--window", "5", "--bridge", "1"))
    server.start()
    issued, made = server.issue(server.link), []

    def make():
        made.append(Device(tmp_path / f"router{len(made)}", server, issued))
        return made[-1]
    server.issued = issued
    yield server, make
    for device in made:
        if device.agent:
            device.agent.kill()


def clones(server):
    return server.status_of("ledger").get("clones")


def heard_more(device, slots):
    device.wait_status(lambda status: status["acknowledged"] > slots, "it was heard")


def item_of(server):
    items = json.loads(server.pantau("decide", "list", "--month", MONTH, "--json"))
    found = [item for item in items if item["kind"] == "dispute" and not item["dismissal"]]
    return found[0] if found else None


def disputed(server):
    return int(server.sla(MONTH, "--link", server.link)[0]["n_disputed"])


def assert_noticed(server, first, second):
    done = server.run("status")
    assert f"identities are used by two devices: agent-{server.issued.agent}" in done.stdout
    said = wait_for(lambda: re.findall(r"two devices use this identity since (\S+), boots (\w{8}) "
                                       r"and (\w{8})", server.log("ledger")), "the log says so")
    assert len(said) == 1
    assert set(said[0][1:]) == {first.boot.hex[:8], second.boot.hex[:8]}
    both = {first.boot.hex, second.boot.hex}
    wait_for(lambda: {one["boot"] for one in item_of(server)["devices"]} == both, "both are told")
    item = item_of(server)
    assert "dua alat hidup bersamaan" in item["evidence"]


def decide(server, item, accept):
    server.pantau("decide", "dispute", "--agent", server.issued.agent, "--from", item["from"],
                  "--to", item["to"], "--accept", accept, *SIGNED)


def test_copied_flash(town):
    server, make = town
    first = make().start()
    heard_more(first, 8)
    assert clones(server) == 0
    second = make().copy_flash(first).start()
    wait_for(lambda: clones(server) == 1, "the second device is noticed", 30)
    assert_noticed(server, first, second)
    wait_for(lambda: server.status_of("ingest")["clones"] == 1, "so is it at the door", 30)
    assert "two devices with this identity take each other's place" in server.log("ingest")

    wait_for(lambda: disputed(server) > 0, "its seconds are undetermined")
    second.agent.stop()
    first.agent.stop()
    wait_for(lambda: server.status_of("ingest")["ledger"]["lag_records"] == 0, "all is read")

    item = item_of(server)
    decide(server, item, first.boot.hex)
    wait_for(lambda: clones(server) == 0, "somebody has decided")
    wait_for(lambda: disputed(server) == 0, "the first device's word counts")
    assert item_of(server) is None
    log = json.loads(server.pantau("decide", "log", "--json"))
    assert [(row["by"], row["note"]) for row in log] == [("Budi", "alat di gudang")]
    server.pantau("decide", "revoke", "--dispute", "1", "--by", "Citra", "--note", "keliru")
    wait_for(lambda: clones(server) == 1, "it is doubted again")
    wait_for(lambda: disputed(server) > 0, "its seconds too")


@pytest.mark.skipif(not LONG, reason="./test --long")
def test_reboots_and_restarts_are_no_clones(town):
    server, make = town
    device = make().start()
    heard_more(device, 3)
    for _ in range(2):  # the program alone, killed
        device.agent.kill()
        heard_more(device.start(), 3)
    device.agent.kill()  # and the whole router: it is another boot, the flash is the same
    again = make().copy_flash(device).start()
    heard_more(again, 3)
    again.agent.stop()
    wait_for(lambda: server.status_of("ingest")["ledger"]["lag_records"] == 0, "all is read")
    assert (clones(server), server.status_of("ledger")["conflicts"]) == (0, 0)
    assert item_of(server) is None and disputed(server) == 0


BEGIN = 1774972800  # 2026-04-01 in WITA
FIRST, SECOND = b"F" * 16, b"S" * 16  # boots
APART = 3600  # the second one boots so long after the first


def told_at(boot, booted_s, at_s):
    """The collector told it the time."""
    return records.anchor(boot, (at_s - booted_s) * 1000000, (BEGIN + at_s) * 1000000,
                          source=pb.ANCHOR_COLLECTOR)


def page(boot, booted_s, at_s, outcome, status):
    return records.http(boot, (at_s - booted_s) * 1000000, outcome, status)


def series_of(boot, booted_s, hours, kbps):
    """A slot and a speed test each hour."""
    slots, told = records.SlotFactory(), []
    for hour in hours:
        at_us = (hour * 3600 + 1800 - booted_s) * 1000000
        told.append(slots.record(boot, at_us, 60, 6, 6, 0))
        told.append(records.speed(boot, at_us, kbps, None))
    return told


def deliver_both(server):
    """Both are alive from hour 1 to hour 9; the one measures 20 Mbit/s, the other one 4."""
    first = [told_at(FIRST, 0, 1), told_at(FIRST, 0, 10 * 3600),
             *series_of(FIRST, 0, range(10), 20000),
             page(FIRST, 0, 5 * 3600, pb.HTTP_DONE, 200)]
    second = [told_at(SECOND, APART, APART + 1), told_at(SECOND, APART, 9 * 3600),
              *series_of(SECOND, APART, range(2, 9), 4000),
              page(SECOND, APART, 6 * 3600, pb.HTTP_STATUS, 503)]
    issued = server.issue(server.link, "agent", "2026-01-01")
    with Reporter(server, issued) as reporter:
        reporter.hello((1, 1, 1, len(first)), (2, 2, 1, len(second)))
        for run, told in ((1, first), (2, second)):
            for entry in enumerate(told, 1):
                reporter.report(run, [entry])
        assert reporter.rest() == {}
    wait_in_ledger(server, issued.agent, len(first) + len(second))
    return issued


def figures(server):
    words = ("--month", "2026-04", "--link", server.link, "--as-of", text_of(BEGIN + 30 * 86400))
    row, = server.rows("sla", *words)
    table = server.pantau("sla", *words).splitlines()
    verdict = re.match("(?:TIDAK )?MEMENUHI|DATA TIDAK CUKUP|",
                       table[1][table[0].index("Kecepatan"):]).group()
    return int(row["speed_tests"]), row["down_median_kbps"], verdict


def samples(server, kind, key):
    """What `pantau samples` and the web list: (value, disputed)."""
    span = {"from": text_of(BEGIN), "to": text_of(BEGIN + 86400)}
    rows = json.loads(server.pantau("samples", "--link", server.link, "--kind", kind, "--from",
                                    span["from"], "--to", span["to"], "--json"))
    ask = "&".join(f"{name}={value}" for name, value in span.items())
    listed = json.loads(server.get(f"/api/v1/samples?link={server.link}&kind={kind}&{ask}"))
    assert listed["rows"] == rows
    return [(row[key], row["disputed"]) for row in rows]


def drawn(server):
    """The tests in the graph of the link's page."""
    series = json.loads(server.get(
        f"/api/v1/links/{server.link}/series?metric=down&from={text_of(BEGIN)}"
        f"&to={text_of(BEGIN + 86400)}&step=86400"))
    return sum(point[4] for point in series["points"])


def decide_first(server, issued, accept):
    server.pantau("decide", "dispute", "--agent", issued.agent, "--from", text_of(BEGIN + APART),
                  "--to", text_of(BEGIN + 9 * 3600), "--accept", accept, *SIGNED)


def test_speed_tests_and_pages_count_for_nobody_until_somebody_decides(server):
    server.link = server.add_link()
    server.add_contract(server.link, words=("--set", "speed=80:90:2"))
    server.start("ingest", "ledger", "web")
    issued = deliver_both(server)
    assert figures(server) == (1, "20000", "DATA TIDAK CUKUP")
    told = samples(server, "speed", "down_kbps")
    assert sorted(told, key=str) == sorted(
        [(20000, None)] + [(20000, "yes")] * 9 + [(4000, "yes")] * 7, key=str)
    assert samples(server, "http", "status") == [(200, "yes"), (503, "yes")]
    assert drawn(server) == 1

    decide_first(server, issued, FIRST.hex())
    wait_for(lambda: figures(server) == (10, "20000", "MEMENUHI"), "the first device's count")
    assert samples(server, "speed", "down_kbps") == [(20000, None)] * 10
    assert samples(server, "http", "status") == [(200, None)]
    assert drawn(server) == 10
    server.pantau("decide", "revoke", "--dispute", "1", "--by", "Citra", "--note", "keliru")
    wait_for(lambda: figures(server)[0] == 1, "they are doubted again")

    decide_first(server, issued, SECOND.hex())
    # the second was silent in the hour before it and after it: 1 of the first's before, 1 after
    wait_for(lambda: figures(server) == (9, "4000", "TIDAK MEMENUHI"), "the second's count")
    assert samples(server, "http", "status") == [(503, None)]
    server.pantau("decide", "revoke", "--dispute", "2", "--by", "Citra", "--note", "keliru")
    wait_for(lambda: figures(server)[0] == 1, "they are doubted again")

    # neither: one of the first's before and one after are left, and nothing is open any more
    decide_first(server, issued, "none")
    wait_for(lambda: figures(server) == (2, "20000", "MEMENUHI"), "nobody's count")
    assert samples(server, "speed", "down_kbps") == [(20000, None)] * 2
    assert samples(server, "http", "status") == []
