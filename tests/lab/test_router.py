# SPDX-License-Identifier: Apache-2.0
"""The agent as a guest on the router: what it may do, how it stops, and two WANs. Slots of 10 s."""

import shutil
import tempfile
import time
from pathlib import Path

import pytest

from support.lab import ROUTER, SECOND_GATEWAY, SECOND_ROUTER, TARGETS, TCP_PORT
from support.programs import wait_for
from support.kept import kept_records
from support.records import kept_slots, ledger_rows, pb
from support.site import SLOT_S, Site

CAP_NET_RAW = 1 << 13
ICMP, TCP = 1, 6
SECOND_TARGET = TARGETS[2]  # asked by the second WAN alone
BRIDGE_S = 5


@pytest.fixture
def folder():
    """Unlike pytest's own, one that every user may enter."""
    made = Path(tempfile.mkdtemp(prefix="pantau-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def site(folder):
    made = []

    def make(**options):
        made.append(Site(folder / "site", **options))
        return made[-1]
    yield make
    for one in made:
        one.close()


def process_status(pid):
    """{name: value} of /proc/PID/status."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


@pytest.mark.parametrize("user", ["", "nobody"])
def test_measuring_agent_has_no_raw_sockets_left_to_open(site, user):
    one = site(more={"agent": {"user": user}} if user else None)
    one.wait_until_measured(one.good_for(SLOT_S))
    assert sum(kept.made - kept.lost for kept in one.slots()) > 0, "it measures nothing"
    status = process_status(one.agent.pid)
    assert status["Name"] == "pantau-agent"
    for held in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        assert int(status[held], 16) & CAP_NET_RAW == 0, f"{held}: {status[held]}"
    assert status["NoNewPrivs"] == "1", "or a program that it starts could have them back"
    assert (set(status["Uid"].split()) == {"0"}) == (not user), status["Uid"]


def marks(one):
    return ledger_rows(one.server.state, "SELECT run, kind, boot FROM mark WHERE agent = ?"
                       " ORDER BY run, sequence", one.issued.agent)


def test_stopped_agent_says_so_and_its_gap_is_the_agents(site):
    one = site(contract=("--bridge", BRIDGE_S))
    one.wait_until_measured(one.good_for(2 * SLOT_S))
    assert one.agent.stop() == 0
    wait_for(lambda: len(marks(one)) == 2, "the record of its stop")
    time.sleep(2 * SLOT_S)
    one.start_agent()
    one.wait_until_measured(one.good_for(2 * SLOT_S))
    told = marks(one)
    assert [(run, kind) for run, kind, _ in told] == [(1, "start"), (1, "stop"), (2, "start")]
    assert len({boot for _, _, boot in told}) == 1
    slots = one.slots()
    assert sorted({kept.run for kept in slots}) == [1, 2]
    gap_s = min(kept.from_s for kept in slots if kept.run == 2) - max(
        kept.to_s for kept in slots if kept.run == 1)
    assert gap_s >= 2 * SLOT_S > BRIDGE_S
    figures = one.figures(slots[-1].to_s)
    assert int(figures["n_agent"]) == gap_s
    assert int(figures["n_power"]) == int(figures["n_restart"]) == int(figures["d"]) == 0


WAN2 = {"name": "wan2", "interface": "wan1", "internet_targets": SECOND_TARGET,
        "tcp_target": f"{SECOND_TARGET}:{TCP_PORT}", "gateway_target": "auto",
        "provider_targets": "off"}


@pytest.fixture
def two_wans(site):
    return site(wan={"internet_targets": ", ".join(TARGETS[:2])}, more={"wan2": WAN2})


def of_wan2(one):
    """The slots of the second WAN, whether a link is bound to it or not."""
    agents = ledger_rows(one.server.state, "SELECT DISTINCT agent FROM boot")
    found = [(record,) for agent, in agents
             for _, _, record in kept_records(one.server.state, agent)]
    return [row for row in found if pb.Record.FromString(row[0]).slot.wan == "wan2"]


def sent(link):
    """{(protocol, source, target)} of what the router offered to the link."""
    return {(protocol, source, target) for _, direction, _, protocol, source, target
            in link.packets() if direction == "up" and protocol in (ICMP, TCP)}


def test_each_wan_asks_by_its_own_link_alone(two_wans):
    one = two_wans
    one.wait_until_measured(one.good_for(SLOT_S))
    one.lab.second.say(f"block {SECOND_TARGET}")  # which makes it ask everybody, by TCP at last
    one.wait_until_measured(one.good_for(2 * SLOT_S))
    first, second = sent(one.lab.link), sent(one.lab.second)
    assert {(ICMP, SECOND_ROUTER, SECOND_TARGET), (ICMP, SECOND_ROUTER, SECOND_GATEWAY),
            (TCP, SECOND_ROUTER, SECOND_TARGET)} <= second
    assert {(ICMP, ROUTER, target) for target in TARGETS[:2]} <= first
    assert {source for _, source, _ in first} == {ROUTER}
    assert {source for _, source, _ in second} == {SECOND_ROUTER}
    assert SECOND_TARGET not in {target for _, _, target in first}
    assert not {target for _, _, target in second} & set(TARGETS[:2])
    assert sum(kept.lost for kept in one.slots()) == 0, "the first WAN was not broken"
    outcomes = {probe.outcome for record, in of_wan2(one)
                for probe in pb.Record.FromString(record).slot.probes}
    assert {pb.OUTCOME_ANSWERED, pb.OUTCOME_LOST} <= outcomes


def test_second_wan_is_kept_named_and_counted_once_bound(two_wans):
    one, agent = two_wans, two_wans.issued.agent
    second = one.server.add_link()
    one.server.add_contract(second)
    name = f"agent-{agent}: slots of \"wan2\""
    wait_for(lambda: name in one.server.log("ledger"), "the ledger names it", 60)
    one.wait_until_measured(one.good_for(2 * SLOT_S))
    assert one.server.log("ledger").count(name) == 1, "once is enough"
    assert f"agent-{agent} wan2" in one.server.run("status").stdout
    assert kept_slots(one.server.state, second) == []
    waiting = len(of_wan2(one))
    assert waiting >= 2
    one.server.pantau("agent", "bind", "--agent", agent, "--wan", "wan2", "--link", second,
                      "--from", "2026-01-01")
    wait_for(lambda: len(kept_slots(one.server.state, second)) >= waiting, "they count", 30)
    wait_for(lambda: f"agent-{agent} wan2" not in one.server.run("status").stdout,
             "the ledger has followed", 30)
    assert all(kept.slot.wan == "wan2" for kept in kept_slots(one.server.state, second))
    assert all(kept.slot.wan == "wan" for kept in one.slots())
