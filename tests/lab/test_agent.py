# SPDX-License-Identifier: Apache-2.0
"""What the agent says of a link, against what the link did. Slots of 10 s, W of 20 s."""

import bisect
import statistics
import threading
import time

import pytest

from support.lab import EDGE, GATEWAY6, PROVIDER, PROVIDER6, TARGETS, TARGETS6
from support.records import pb
from support.site import SLOT_S, Site, micros_of, scheduled
from system.independent_sla import Case, Contract, FOREVER, Slot, Terms, states_of, total

WINDOW_S = 20
BEGIN_S = 1577836800  # long before anything that a lab measures


@pytest.fixture
def site(tmp_path):
    made = []

    def make(**options):
        made.append(Site(tmp_path / f"site{len(made)}", **options))
        return made[-1]
    yield make
    for one in made:
        one.close()


def now_us():
    return int(time.time() * 1000000)


RECONNECT_S = 150  # after a minute without a collector an agent waits that long at most


def settle(one, seconds=25, patience_s=45):
    """Until the link has been good long enough to be UP beyond doubt, and is known to be."""
    one.wait_until_measured(one.good_for(seconds), patience_s)


def fault(one, seconds, *commands):
    """(from, to): the link is broken by the commands, then mended."""
    began = [one.lab.link.say(command) for command in commands][-1]
    time.sleep(seconds)
    mend = {"cut": "restore", "carrier off": "carrier on", "icmp off": "icmp on"}
    ended = [one.lab.link.say(mend.get(command, "un" + command)) for command in commands][-1]
    return began, ended


def down_by_hand(one, upto_s):
    """D seconds before `upto_s`, counted from the slots by the rules alone."""
    slots = [Slot(kept.from_s, kept.to_s, kept.due, kept.made, kept.lost, "?")
             for kept in one.slots()]
    terms = Terms(995000, 0, "excess", window_s=WINDOW_S)
    states = states_of(Case("2000-01", 0, [Contract(BEGIN_S, FOREVER, terms)], slots), terms)
    return total([(a, min(b, upto_s)) for a, b in states.down if a < upto_s])


def rtt_beside_ping(one):
    """(the agent's times, ping's), in microseconds, of the same half minute."""
    began, pings = now_us(), []
    step_s = 0.75  # a target's pings; the three take turns: side by side they would queue

    def ping(number, target):
        time.sleep(number * step_s / len(TARGETS))
        pings.extend(one.lab.ping(target, 40, step_s))

    pinging = [threading.Thread(target=ping, args=pair) for pair in enumerate(TARGETS)]
    for thread in pinging:
        thread.start()
    for thread in pinging:
        thread.join()
    ended = now_us()
    one.wait_until_measured(ended)
    return [probe.rtt_us for at_us, _, probe in scheduled(one.slots())
            if began <= at_us < ended and probe.outcome == pb.OUTCOME_ANSWERED], pings


def test_round_trip_time_is_that_of_ping(site):
    """A busy machine delays one of the two now and then; a fault of ours would be there always."""
    one = site(round_s=1)
    one.lab.link.say("delay 4ms")  # each way: ping prints what is below 10 ms in steps of 10 us
    time.sleep(1)
    apart = []
    while len(apart) < 3 and (not apart or apart[-1] > 100):
        times, pings = rtt_beside_ping(one)
        assert len(times) >= 25
        assert min(times) >= 8000, "faster than the link"
        apart.append(abs(statistics.median(times) - statistics.median(pings)))
    assert apart[-1] <= 100, apart


def test_every_lost_probe_was_lost_on_the_link(site):
    one = site(round_s=1)
    time.sleep(2)
    began = one.lab.link.say("loss 15%")
    ended = one.good_for(45)
    one.wait_until_measured(ended)
    packets = list(one.lab.link.packets())
    up = {}
    for at_us, direction, verdict, protocol, source, target in packets:
        if direction == "up" and protocol == 1:
            up.setdefault(target, []).append((at_us, verdict))
    down = {}
    for at_us, direction, verdict, protocol, source, target in packets:
        if direction == "down" and protocol == 1 and verdict == "pass":
            down.setdefault(source, []).append(at_us)
    judged = lost = 0
    for at_us, address, probe in scheduled(one.slots()):
        if not began + 1000000 <= at_us <= ended - 4000000:
            continue
        sent = min(up[address], key=lambda packet: abs(packet[0] - at_us))
        assert abs(sent[0] - at_us) < 50000, "no such packet left the router"
        place = bisect.bisect_left(down.get(address, []), sent[0])
        replies = down.get(address, [])[place:place + 1]
        came_back = sent[1] == "pass" and bool(replies) and replies[0] - sent[0] < 100000
        assert (probe.outcome == pb.OUTCOME_ANSWERED) == came_back, (at_us, address)
        judged, lost = judged + 1, lost + (not came_back)
    assert judged >= 30
    assert lost >= 2, "28 % were to be lost"


@pytest.mark.parametrize("family", ["ipv4", "ipv6"])
def test_outage_begins_and_ends_when_the_link_did(site, family):
    wan = {} if family == "ipv4" else {
        "internet_targets": ", ".join(TARGETS6), "provider_targets": PROVIDER6,
        "tcp_target": f"[{TARGETS6[0]}]:443", "gateway_target": GATEWAY6}
    one = site(wan=wan)
    one.lab.link.say("delay 10ms")
    settle(one)
    began, ended = fault(one, 45, "cut")
    settle(one, 35)
    outages = one.outages()
    assert len(outages) == 1, outages
    outage = outages[0]
    round_us = one.round_s * 1000000
    printed_us = 1000000  # times are printed in whole seconds, rounded down
    assert -printed_us <= micros_of(outage["first_lost"]) - began <= round_us
    assert -round_us - printed_us <= micros_of(outage["first_answered"]) - ended <= round_us
    assert outage["cause"] == "cpe"
    upto_s = one.slots()[-1].to_s
    figures = one.figures(upto_s)
    assert int(figures["d"]) == down_by_hand(one, upto_s) > 0
    assert abs(int(figures["d"]) - (ended - began) / 1e6) <= 2 * SLOT_S


CAUSES = {
    "cpe": ["cut"],
    "access": [f"block {EDGE}", f"block {PROVIDER}", *(f"block {t}" for t in TARGETS)],
    "provider": [f"block {PROVIDER}", *(f"block {t}" for t in TARGETS)],
    "upstream": [f"block {t}" for t in TARGETS],
}


@pytest.mark.parametrize("cause", CAUSES)
def test_cause_follows_from_who_still_answers(site, cause):
    one = site(wan={"edge_targets": EDGE} if cause in ("access", "provider") else {})
    settle(one)
    fault(one, 35, *CAUSES[cause])
    settle(one, 30)
    assert [outage["cause"] for outage in one.outages()] == [cause]
    figures = one.figures(one.slots()[-1].to_s)
    assert int(figures[f"d_{cause}"]) == int(figures["d"]) > 0


def test_carrier_down_is_nobodys_outage_unless_the_contract_says_so(site):
    one = site(contract=("--bridge", 5))  # or half a minute would be bridged
    settle(one)
    fault(one, 35, "carrier off")
    settle(one, 30)
    figures = one.figures(one.slots()[-1].to_s)
    assert int(figures["d"]) == 0
    assert 20 <= int(figures["n_local"]) <= 50
    kinds = {event.kind for kept in one.slots() for event in kept.slot.events}
    assert {pb.EVENT_CARRIER_DOWN, pb.EVENT_CARRIER_UP} <= kinds


def test_one_dead_target_of_three_is_not_down(site):
    one = site()
    one.lab.link.say(f"block {TARGETS[1]}")
    settle(one, 40)
    assert one.outages() == []
    slots = one.slots()
    assert sum(kept.lost for kept in slots) == 0
    lost = [address for _, address, probe in scheduled(slots) if probe.outcome == pb.OUTCOME_LOST]
    assert set(lost) == {TARGETS[1]}


def test_filtered_icmp_with_open_tcp_is_not_down(site):
    one = site()
    settle(one)
    fault(one, 40, "icmp off")
    settle(one, 15)
    assert one.outages() == []
    slots = one.slots()
    assert sum(kept.lost for kept in slots) == 0
    tcp = [probe for kept in slots for _, _, _, probe in kept.probes()
           if probe.kind == pb.PROBE_TCP and probe.outcome == pb.OUTCOME_ANSWERED]
    assert tcp, "nobody asked by TCP"


def assert_without_a_hole(slots):
    for earlier, later in zip(slots, slots[1:]):
        assert later.from_s == earlier.to_s, f"{later.from_s - earlier.to_s} s lack"


def test_collector_away_costs_nothing(site):
    one = site()
    settle(one, 15)
    one.lab.server_away()
    time.sleep(40)
    one.lab.server_away(False)
    settle(one, 15, RECONNECT_S)
    assert_without_a_hole(one.slots())
    assert one.outages() == []
    figures = one.figures(one.slots()[-1].to_s)
    assert int(figures["d"]) == 0
    assert int(figures["n_silent"]) <= 2 * SLOT_S, "only until its first slot"


def test_collector_behind_the_measured_link_hears_of_its_outage(site):
    one = site(through_link=True, wan={"internet_targets": ", ".join(TARGETS[1:])})
    one.lab.link.say("delay 30ms")
    one.lab.link.say("loss 3%")
    settle(one)
    fault(one, 40, "cut")
    settle(one, 35, RECONNECT_S)
    assert_without_a_hole(one.slots())
    assert len(one.outages()) == 1


def test_killed_agent_goes_on_where_it_was(site):
    one = site()
    settle(one, 15)
    one.lab.server_away()  # so that something waits in the spool
    time.sleep(22)
    one.agent.close()  # kill -9
    killed_s = time.time()
    time.sleep(3)
    one.lab.server_away(False)
    one.start_agent()
    settle(one, 25)
    slots = one.slots()
    keys = [(kept.run, kept.sequence) for kept in slots]
    assert len(set(keys)) == len(keys)
    assert sorted({kept.run for kept in slots}) == [1, 2]
    last = max(kept.to_s for kept in slots if kept.run == 1)
    # what a slot gathers until its last round is over dies with the process, no more
    assert killed_s - last <= SLOT_S + 10
    before = [kept for kept in slots if kept.run == 1]
    assert_without_a_hole(before)
