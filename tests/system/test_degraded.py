# SPDX-License-Identifier: Apache-2.0
"""A link that is up but worse than its contract: real records of a delay that swings and of slow
speed tests make it degraded on the wall, with the reason, and later ones take that back."""

import time

import pytest

from support import page, records
from support.browser import ask
from support.page import Chromium, Tab
from support.present import BOOT, Agent
from support.programs import wait_for
from support.server import Server
from system.test_page_link import add_user

PASSWORD = "sandi-untuk-uji-coba"
SLOT_S = 60
ROUNDS = 6
COUNTED_BEFORE_S = 180  # the wall's figures of a day end so long ago: records may still come
CALM_US, SWING_US = 20000, 120000
LIMIT_PDV_US = 30000
FAST_KBPS, SLOW_KBPS = 19000, 5000  # of 20,000 by contract, 80 % of which it asks for


def slot(at_s, slow_rounds=0):
    """The last rounds of it took long: each target answered quickly before."""
    made = records.make_slot(SLOT_S * 1000, ROUNDS, ROUNDS, 0, rtt_us=CALM_US, boot=BOOT)
    made.start_us = at_s * 1000000
    for probe in made.probes:
        if probe.round >= ROUNDS - slow_rounds and probe.rtt_us == CALM_US:
            probe.rtt_us = SWING_US
    return records.pb.Record(slot=made).SerializeToString()


class Village:
    """A link with an agent, and how people are shown it."""

    def __init__(self, server, desa, *terms):
        self.server = server
        self.link = server.add_link(desa=desa)
        server.add_contract(self.link, words=[
            "--window", 20, *(word for term in terms for word in ("--set", term))])
        self.agent = Agent(server, self.link, f"agent{self.link}")
        # the slot's boundary that is now, and not in a moment
        self.now_s = (int(time.time()) - self.agent.booted_s) // SLOT_S * SLOT_S

    def slots(self, from_s, to_s, slow_rounds=0):
        """So many seconds before now."""
        self.agent.send([slot(self.now_s - before, slow_rounds)
                         for before in range(from_s, to_s, -SLOT_S)])

    def speed(self, *kbps):
        self.agent.send([records.speed(BOOT, (self.now_s - 3600 + 60 * at) * 1000000, one, 5000)
                         for at, one in enumerate(kbps)])

    def row(self):
        rows = ask(self.server.web_port, "/api/v1/desa?limit=100",
                   token=self.server.token()).json()["rows"]
        return next(row for row in rows if row["link"] == self.link)


@pytest.fixture
def server(tmp_path):
    made = Server(tmp_path / "server").init()
    add_user(made, "penjaga", "noc")
    made.start("ingest", "ledger")
    yield made
    made.close()


@pytest.fixture(scope="module")
def chromium():
    made = None if page.missing() else Chromium()
    yield made
    if made:
        made.close()


def shown(server, chromium, wanted):
    """On the pages of the links, where there is a browser."""
    if not chromium:
        return
    with Tab(chromium, server) as tab:
        for number, (village, state, why) in enumerate(wanted):
            path = f"/sambungan/{village.link}"
            if number == 0:
                tab.log_in("penjaga", PASSWORD, path)
            else:
                tab.go(path)
            tab.wait(f".standing .badge.state-{state}", 20)
            assert why in tab.text(".standing"), tab.text(".standing")


def test_delay_and_speed_beyond_the_contract_show_and_pass(server, chromium):
    swings = Village(server, "64.08.05.2001", f"limit-pdv={LIMIT_PDV_US // 1000}")
    crawls = Village(server, "64.08.05.2003", "speed=80:90:1")
    swings.slots(960, 900, slow_rounds=3)
    swings.slots(COUNTED_BEFORE_S, 0)
    crawls.slots(960, 0)
    crawls.speed(SLOW_KBPS)
    server.start("web")
    wait_for(lambda: swings.row()["pdv_us"] and crawls.row()["slow"], "both are counted", 15)
    row, other = swings.row(), crawls.row()
    assert row["state"] == other["state"] == "up"  # no state of the SLA
    assert row["limits"]["pdv_us"] == LIMIT_PDV_US
    assert row["pdv_us"] == pytest.approx(SWING_US - CALM_US, rel=0.03)
    assert row["slow"] is None and other["pdv_us"] < LIMIT_PDV_US
    assert (other["slow"]["down_kbps"], other["slow"]["least_down_kbps"]) == (SLOW_KBPS, 16000)
    shown(server, chromium, [(swings, "degraded", "Waktu tanggap naik turun"),
                             (crawls, "degraded", "Lebih pelan daripada kontrak")])

    swings.slots(900, COUNTED_BEFORE_S)  # late: most of the quarter of an hour was calm
    crawls.speed(FAST_KBPS, FAST_KBPS)
    server.stop("web")
    server.start("web")  # the wall counts the last day when it begins, and once a minute
    wait_for(lambda: swings.row()["day"] and crawls.row()["day"], "both are counted", 15)
    assert swings.row()["pdv_us"] < LIMIT_PDV_US
    assert crawls.row()["slow"] is None
    shown(server, chromium, [(swings, "up", ""), (crawls, "up", "")])
