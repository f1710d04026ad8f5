# SPDX-License-Identifier: Apache-2.0
"""How a router fares, as its link's page tells it: what waits on it, how fast its clock runs, what
its speed tests may move."""

import time

import pytest

from support import records
from support.browser import ask
from support.enter import wait_in_ledger
from support.present import BOOT
from support.programs import wait_for
from support.reporter import Reporter
from support.router import Router

HELD = 1234
CAME = 34
HOUR_US = 3600 * 1000000
BUDGET = 50000000


@pytest.fixture
def link(server):
    server.link = server.add_link()
    server.start("ingest", "web")
    yield server


def facts(server):
    answer = ask(server.web_port, f"/api/v1/links/{server.link}", token=server.token())
    assert answer.status == 200, answer.body
    return answer.json()


def waiting(server):
    return facts(server)["health"]["spool"]["waiting"]


def seconds(text):
    return time.mktime(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone


def test_what_waits_is_what_it_held_and_has_not_come(link):
    issued = link.issue(link.link)
    assert waiting(link) is None  # it never greeted
    slots = [(at, records.start(BOOT, at, 5)) for at in range(1, HELD + 1)]
    with Reporter(link, issued) as reporter:
        reporter.hello((1, 5, 1, HELD))
        said = waiting(link)
        assert (said["records"], said["connected"]) == (HELD, True)
        assert abs(seconds(said["greeted"]) - time.time()) < 60
        reporter.deliver(1, slots[:CAME])
        assert waiting(link)["records"] == HELD - CAME
        reporter.report(1, {HELD + 1: records.start(BOOT, HELD + 1, 5)})  # made since
        reporter.rest()
        assert waiting(link)["records"] == HELD - CAME
    wait_for(lambda: not waiting(link)["connected"], "its session is over", 10)
    assert waiting(link)["records"] == HELD - CAME  # still on the router
    with Reporter(link, issued) as reporter:
        reporter.hello((1, 5, CAME + 1, HELD + 1))
        assert waiting(link)["records"] == HELD - CAME
        reporter.deliver(1, slots[CAME:])
        assert waiting(link)["records"] == 0
    link.kill("ingest")
    link.start("ingest")
    assert waiting(link) is None  # a collector that has just begun does not guess
    with Reporter(link, issued) as reporter:
        reporter.hello((1, 5, 1, HELD + 1))  # all of it is safe here, which the journal says
        wait_for(lambda: waiting(link), "the journal is read back", 10)
        assert waiting(link)["records"] == 0
    link.stop("ingest")
    assert waiting(link) is None


def test_a_router_that_was_cut_off_sends_what_waited(link, tmp_path):
    issued = link.issue(link.link, known=True)
    link.stop("ingest")
    router = Router(tmp_path / "router", link, issued).start()
    try:
        held = router.wait_status(lambda status: status["waiting"] >= 4, "records wait")
        link.start("ingest")
        wait_for(lambda: waiting(link) and waiting(link)["records"] == 0, "all has come", 30)
        assert waiting(link)["connected"]
        status = router.wait_status(
            lambda status: status["acknowledged"] >= held["waiting"], "it knows")
        assert status["waiting"] < held["waiting"]
    finally:
        router.agent.kill()
    wait_for(lambda: not waiting(link)["connected"], "it is gone", 10)
    assert waiting(link)["records"] == 0


def test_the_drift_of_its_clock_is_told_by_two_sure_moments(link):
    link.start("ledger")
    issued = link.issue(link.link)
    booted_us = (int(time.time()) - 86400) * 1000000
    anchors = [records.anchor(BOOT, 0, booted_us, 1000),
               # a typed time tells nothing
               records.anchor(BOOT, 60000000, booted_us, 1000, records.pb.ANCHOR_MANUAL),
               # ten hours by its clock, one second less by the truth: it runs fast
               records.anchor(BOOT, 10 * HOUR_US, booted_us + 10 * HOUR_US - 1000000, 2000)]
    with Reporter(link, issued) as reporter:
        reporter.hello((1, 5, 1, 4))
        reporter.deliver(1, list(enumerate([records.start(BOOT, 0, 5), *anchors], 1)))
    wait_in_ledger(link, issued.agent, 4)
    passed_us = 10 * HOUR_US - 1000000
    assert facts(link)["health"]["clock"]["drift"] == {
        "ppb": 1000000 * 10 ** 9 // passed_us, "error_ppb": 3000 * 10 ** 9 // passed_us,
        "over_s": passed_us // 1000000}


def test_the_budget_is_told_once_it_is_followed(link):
    issued = link.issue(link.link)
    assert facts(link)["data"]["budget_bytes_30d"] is None  # its own file decides
    link.pantau("agent", "configure", "--agent", issued.agent,
                "--set", f"speed.month_bytes={BUDGET}")
    asked = []

    def told():
        with Reporter(link, issued) as reporter:
            asked.append(reporter.hello((1, 5, 1, 0)).configuration.version)
        return asked[-1]
    wait_for(told, "it is asked", 10)
    assert facts(link)["data"]["budget_bytes_30d"] is None  # it has not said that it follows
    with Reporter(link, issued) as reporter:
        reporter.hello((1, 5, 1, 0))
        reporter.send(following=records.pb.Following(configuration=asked[-1]))
        wait_for(lambda: facts(link)["data"]["budget_bytes_30d"] == BUDGET, "it follows", 15)
