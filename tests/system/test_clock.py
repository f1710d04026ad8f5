# SPDX-License-Identifier: Apache-2.0
"""Routers whose clock is wrong: a real agent that is told another time by libfaketime, and a real
collector. What it measured lies where it was measured all the same."""

import calendar
import os
import time
from pathlib import Path

import pytest

from support.programs import RELEASE, Process, program, wait_for
from support.records import kept_slots
from support.site import ini

FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
YEAR_S = 365 * 86400
SLOT_S = 2


class Router:
    def __init__(self, server, link):
        self.server, self.link = server, link
        self.folder = server.folder / "router"
        keys = server.issue(link).folder
        self.folder.mkdir()
        self.conf = self.folder / "agent.conf"
        self.conf.write_text(ini({
            "collector": {"address": f"127.0.0.1:{server.port}", "ca": keys / "ca.crt",
                          "certificate": keys / "agent.crt", "key": keys / "agent.key"},
            "agent": {"state_folder": self.folder / "state", "slot_s": SLOT_S, "round_s": 1,
                      "spool_folder": self.folder / "spool", "runtime_folder": self.folder / "run"},
            "wan": {"internet_targets": "127.0.0.1", "tcp_target": "", "gateway_target": "off",
                    "provider_targets": "off", "edge_targets": "off"},
            "dns": {"resolvers": "off"}}))
        self.process = None

    def start(self, clock_s=None):
        """The wall clock begins at this second; the monotonic one is left alone."""
        env = dict(os.environ, LD_PRELOAD=str(FAKETIME), FAKETIME_DONT_FAKE_MONOTONIC="1",
                   FAKETIME=time.strftime("@%Y-%m-%d %H:%M:%S", time.gmtime(clock_s)), TZ="UTC")
        self.process = Process([program("pantau-agent", RELEASE), "run", "--config", self.conf],
                               self.folder / "log", env=env)
        return self

    def says(self, words, timeout_s=20):
        wait_for(lambda: words in self.process.text(),
                 f"{words}\n{self.process.text()[-2000:]}", timeout_s)

    def close(self):
        if self.process:
            self.process.close()


@pytest.fixture
def router(server):
    link = server.add_link()
    server.start()
    made = Router(server, link)
    yield made
    made.close()


@pytest.mark.parametrize("clock", ["1970-01-01", "2006-11-22", "2033-01-01"])
def test_wrong_clock_moves_no_slot(router, clock):
    began_s = time.time()
    router.start(calendar.timegm(time.strptime(clock, "%Y-%m-%d")) + 60)
    slots = wait_for(lambda: len(kept_slots(router.server.state, router.link)) > 2 and
                     kept_slots(router.server.state, router.link),
                     f"slots\n{router.process.text()[-2000:]}", 30)
    assert began_s - SLOT_S <= slots[0].from_s and slots[-1].to_s <= time.time() + 1
    assert all(probe.outcome == 1 for kept in slots for _, _, _, probe in kept.probes())


def test_clock_beyond_the_certificates_is_told_and_records_wait(router):
    router.start(time.time() + 20 * YEAR_S)
    router.says("is this clock right?")
    router.close()
    assert not kept_slots(router.server.state, router.link)
    router.start(60)  # somebody set it, if only to 1970
    wait_for(lambda: kept_slots(router.server.state, router.link), "what waited has come", 30)


def test_what_the_collector_said_is_remembered(router):
    router.start(60)
    router.says("connected to")
    known = router.folder / "state" / "time"
    wait_for(known.exists, "the time is written down")
    assert abs(int(known.read_text()) - time.time()) < 60
