# SPDX-License-Identifier: Apache-2.0
"""Speed tests and pages by a real agent, over a link whose rate is known, to an endpoint that
stands in the internet of the lab; from there to the month's row."""

import os
import signal
import subprocess
import time

import pytest

from support.kept import kept_records
from support.lab import TARGETS
from support.programs import LONG, RELEASE, Process, inside, program, wait_for
from support.records import pb
from support.site import Site, ini

PORT = 8081
ENDPOINT = f"http://{TARGETS[0]}:{PORT}"
PAYLOAD = 1448 / 1500  # of a packet, without the headers that the link's rate counts


def site_with(folder, speed, rate="10mbit", **more):
    site = Site(folder, more={
        "agent": {"helper": program("pantau-probe", RELEASE)},
        "speed": {"server": ENDPOINT, "interval_s": 20, "down_bytes": 4 << 20,
                  "up_bytes": 2 << 20, **speed}, **more})
    site.lab.link.say(f"rate {rate}")
    site.lab.link.say("delay 15ms")
    conf = site.folder / "web.conf"
    conf.write_text(ini({"web": {"listen": "127.0.0.1:8080",
                                 "speed_listen": f"0.0.0.0:{PORT}"}}))
    site.web = Process([program("pantau-web", RELEASE), "--state", str(site.server.state),
                        "--config", str(conf)], site.folder / "web.log", site.lab.internet)
    return site


@pytest.fixture
def folder(tmp_path):
    """One that nobody may enter, as whom the helper runs."""
    for path in (tmp_path, *tmp_path.parents):
        if path.stat().st_uid == 0 and path != path.parent:
            path.chmod(path.stat().st_mode | 0o055)
    return tmp_path


@pytest.fixture
def site(folder):
    made = []

    def make(*words, **keys):
        made.append(site_with(folder / "site", *words, **keys))
        return made[-1]
    yield make
    for one in made:
        one.web.close()
        one.close()


def told(one, kind):
    """The agent's records of that kind, as they were kept."""
    found = [pb.Record.FromString(record)
             for _, _, record in kept_records(one.server.state, one.issued.agent)]
    return [getattr(record, kind) for record in found if record.HasField(kind)]


def wait_told(one, kind, count, patience_s=60):
    def enough():
        assert one.agent.alive(), one.agent.text()[-3000:]
        return len(told(one, kind)) >= count and told(one, kind)
    return wait_for(enough, f"{count} of {kind}\n{one.agent.text()[-3000:]}", patience_s, 0.5)


def test_speed_tests_come_to_the_month_s_row_until_the_budget_is_spent(site):
    budget = (4 << 20) + (2 << 20) + (2 << 20)
    one = site({"month_bytes": budget}, http={"url": f"{ENDPOINT}/speed/v1/count",
                                              "expect": "400 nonce", "interval_s": 60})
    first = wait_told(one, "speed", 1)[0]
    assert first.outcome == pb.SPEED_DONE, first
    wanted_kbps = 10000 * PAYLOAD
    assert first.down.kbps == pytest.approx(wanted_kbps, rel=0.03)
    assert first.up.kbps == pytest.approx(wanted_kbps, rel=0.03)
    assert first.down.bytes < 1_900_000 and first.up.bytes < 1_900_000, "half of iperf3's 3.7 MB"
    assert 29_000 < first.rtt_idle_us < 60_000 and first.rtt_loaded_us >= first.rtt_idle_us
    assert first.other_rx_bytes < first.down.bytes / 20, "nobody else was there"
    assert bytes(first.address) == bytes(map(int, TARGETS[0].split(".")))
    day, spent = (one.folder / "agent" / "speed.budget").read_text().split()
    assert int(day) == int(time.time()) // 86400
    assert first.down.bytes + first.up.bytes < int(spent) < budget
    row = one.figures(int(time.time()) + 1)
    assert int(row["speed_tests"]) == 1 and int(row["down_median_kbps"]) == first.down.kbps
    page, = wait_told(one, "http", 1)[:1]
    assert (page.outcome, page.status) == (pb.HTTP_DONE, 400)
    assert 29_000 < page.connect_us < 200_000 and 29_000 < page.first_byte_us < 200_000
    assert one.agent.stop() == 0
    one.start_agent()  # and it remembers
    second = wait_told(one, "speed", 2)[1]
    assert (second.outcome, second.reason) == (pb.SPEED_SKIPPED, pb.SPEED_REASON_BUDGET)
    assert one.agent.stop() == 0


def flood(one):
    """A villager who fetches something large, at half of the link's rate."""
    script = (f"while :; do curl -s -o /dev/null --limit-rate 300k "
              f"'{ENDPOINT}/speed/v1/down?bytes=100000000&nonce='$(od -An -tx8 -N8 /dev/urandom "
              f"| tr -d ' '); sleep 0.2; done")
    return Process(["sh", "-c", script], one.folder / "flood.log", one.lab.router)


def test_busy_link_dead_link_and_missing_helper_are_skipped_with_their_reasons(site):
    one = site({})
    villager = flood(one)
    try:
        busy = wait_told(one, "speed", 1)[0]
    finally:
        villager.close()
    assert (busy.outcome, busy.reason) == (pb.SPEED_SKIPPED, pb.SPEED_REASON_BUSY)
    assert busy.other_rx_bytes * 8 / 10 > 500_000
    one.lab.link.say("cut")
    down = [test for test in wait_told(one, "speed", 2, 90) if test.reason != pb.SPEED_REASON_BUSY]
    one.lab.link.say("restore")
    assert [(test.outcome, test.reason) for test in down[:1]] in (
        [(pb.SPEED_SKIPPED, pb.SPEED_REASON_DOWN)], [(pb.SPEED_FAILED, pb.SPEED_REASON_CONNECT)])
    one.agent.stop()
    conf = one.conf.read_text()
    one.conf.write_text(conf.replace(program("pantau-probe", RELEASE), "pantau-probe-of-nobody"))
    one.start_agent()
    before = len(told(one, "speed"))
    missing = wait_told(one, "speed", before + 1)[-1]
    assert (missing.outcome, missing.reason) == (pb.SPEED_SKIPPED, pb.SPEED_REASON_OTHER)
    assert "pantau-probe-of-nobody is not installed" in one.agent.text()
    assert one.agent.alive()


def most(configured):
    """With a twentieth for headers, and 1 MiB for what no cut calls back."""
    return configured + configured // 20 + (1 << 20)


def spent(one):
    path = one.folder / "agent" / "speed.budget"
    return path.exists() and sum(int(line.split()[1]) for line in path.read_text().splitlines())


def test_helper_that_dies_is_charged_the_most_it_may_have_moved(site):
    one = site({"down_bytes": 64 << 20, "up_bytes": 8 << 20}, rate="300kbit")
    wanted = most((64 << 20) + (8 << 20))
    wait_for(lambda: spent(one) == wanted, "charged before it begins", 60, 0.1)

    def helper():
        children = f"/proc/{one.agent.popen.pid}/task/{one.agent.popen.pid}/children"
        with open(children) as file:
            for pid in file.read().split():
                with open(f"/proc/{pid}/comm") as name:
                    if name.read().strip() == "pantau-probe":
                        return int(pid)
    os.kill(wait_for(helper, "the helper runs", 10, 0.1), signal.SIGKILL)
    test = wait_told(one, "speed", 1)[0]
    assert test.outcome == pb.SPEED_FAILED and test.down.bytes == 0
    assert spent(one) >= wanted


def test_agent_that_stops_takes_its_helper_along_and_says_so(site):
    one = site({"down_bytes": 64 << 20, "up_bytes": 8 << 20}, rate="300kbit")

    def helpers():
        out = subprocess.run(inside(one.lab.router, "ip", "netns", "pids", one.lab.router),
                             capture_output=True, text=True).stdout.split()
        names = {}
        for pid in out:
            try:
                with open(f"/proc/{pid}/comm") as file:
                    names[pid] = file.read().strip()
            except OSError:
                pass
        return [pid for pid, name in names.items() if name == "pantau-probe"]
    pids = wait_for(helpers, f"the helper runs\n{one.agent.text()[-2000:]}", 45)

    def is_nobody():
        with open(f"/proc/{pids[0]}/status") as file:
            return "Uid:\t65534\t65534\t65534\t65534" in file.read()
    wait_for(is_nobody, "it becomes nobody", 5)
    assert one.agent.stop() == 0
    assert not helpers()
    wait_for(lambda: told(one, "speed"), "the record of it, over a slow link", 40)
    test = told(one, "speed")[0]
    assert (test.outcome, test.reason) == (pb.SPEED_FAILED, pb.SPEED_REASON_INTERRUPTED)
    assert spent(one) == most((64 << 20) + (8 << 20)), "nobody knows what it moved"


@pytest.mark.skipif(not LONG, reason="takes a minute and a half")
def test_collector_that_says_later_is_heard(site):
    one = site({})
    one.server.configure({"collector": {"speed_tests_at_once": 0}})
    one.server.stop("ingest")
    one.server.start("ingest")
    test = wait_told(one, "speed", 1, 150)[0]
    assert (test.outcome, test.reason) == (pb.SPEED_SKIPPED, pb.SPEED_REASON_LEASE)
